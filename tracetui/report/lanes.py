"""The lanes as lines: who did what when, who stood still, and what that adds up to."""

from collections.abc import Iterator

from rich.segment import Segment
from rich.style import Style

from tracetui import units
from tracetui.analysis.bars import Window
from tracetui.analysis.density import density
from tracetui.analysis.findings import Findings
from tracetui.analysis.lanes import Lane, Lanes
from tracetui.analysis.stillness import all_waited_ns, floor_ns, waited_ns
from tracetui.model.role import Role
from tracetui.report.axis import ruler
from tracetui.report.still import STALLED, stalled, still_words
from tracetui.report.style import BAD, PLAIN, QUIET, ROLE_STYLES, WARNING, Line, right, words
from tracetui.text import fit_middle, sanitize, width

NUMBER_CELLS = 8
MOST_NAME_CELLS = 24
PACKED = " *"


def page(findings: Findings, lanes: Lanes, cells: int) -> Iterator[Line]:
    """A line per lane on one axis, `cells` wide; below, where the run stood still, and the sums."""
    if not lanes.lanes:
        yield [words("no lanes: there are no tests, hooks or archivers here", QUIET)]
        return
    names = [sanitize(lane.name + PACKED * lane.packed) for lane in lanes.lanes]
    name_cells = min(MOST_NAME_CELLS, max(4, *map(width, names)))
    axis_cells = max(10, cells - name_cells - 3 * NUMBER_CELLS - 2)
    window = Window(min(lane.start_ns for lane in lanes.lanes), max(lane.end_ns for lane in lanes.lanes))
    titles = "".join(right(title, NUMBER_CELLS) for title in ("busy", "tests", "gap"))
    yield [words("lane".ljust(name_cells) + titles + "  " + ruler(window, axis_cells), QUIET)]
    for name, lane in zip(names, lanes.lanes, strict=True):
        head = [Segment(fit_middle(name, name_cells)), *_numbers(findings, lane, lanes), Segment("  ")]
        yield head + _cells(findings, lane, window, axis_cells)
    yield from _stillness(findings)
    yield from _sums(findings, lanes)


def _numbers(findings: Findings, lane: Lane, lanes: Lanes) -> Iterator[Segment]:
    got_on_ns = lane.busy_ns - waited_ns(lane, findings.overview.still)
    busy = units.share(got_on_ns / max(1, lanes.wall_ns))
    for number in (busy, units.count(lane.tests), units.duration(lane.gap_ns)):
        yield Segment(right(number, NUMBER_CELLS), QUIET)


def _cells(findings: Findings, lane: Lane, window: Window, cells: int) -> Line:
    found, still = density(lane.work, window, cells), stalled(findings, lane, window, cells)
    columns = (found.busy.tolist(), found.role.tolist(), found.failed.tolist())
    return [
        Segment(STALLED, WARNING) if waits else Segment(shape, _style(busy, role, failed))
        for shape, waits, busy, role, failed in zip(found.shapes, still, *columns, strict=True)
    ]


def _style(busy: float, role: int, failed: bool) -> Style:
    if not busy:
        return QUIET
    return BAD if failed else ROLE_STYLES[Role(role)]


def _stillness(findings: Findings) -> Iterator[Line]:
    """A line for each time that the run stood still."""
    if findings.overview.still:
        yield []
    for still in findings.overview.still:
        happened, why = still_words(findings, still)
        yield [words(f"■ {happened}: ", WARNING), Segment(sanitize(why))]


def _sums(findings: Findings, lanes: Lanes) -> Iterator[Line]:
    pole, still = lanes.long_pole, findings.overview.still
    waited = all_waited_ns(lanes, still)
    sums = {
        "wall": units.duration(lanes.wall_ns),
        "work": units.duration(lanes.work_ns - waited),
        "floor": f"{units.duration(floor_ns(lanes, still))} (work / {len(lanes.lanes)})",
        "idle": units.duration(lanes.idle_ns),
        **({"stood still": units.duration(waited)} if waited else {}),
        **({"imbalance": units.duration(lanes.imbalance_ns), "long pole": pole.name} if pole else {}),
    }
    yield []
    yield [
        words(
            "▁█ tests  ▒ hooks  ▓ archiving  ✗ a failed test  ░ idle" + "  ┄ stood still" * bool(waited),
            QUIET,
        )
    ]
    yield [words("  ".join(f"{name} {value}" for name, value in sums.items()), PLAIN)]
    if any(lane.packed for lane in lanes.lanes):
        yield [words("* nothing names a worker here: these lanes are rebuilt by packing", QUIET)]

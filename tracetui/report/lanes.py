"""The lanes as lines: who did what when, who stood still, and what that adds up to."""

from collections.abc import Iterator

from rich.segment import Segment
from rich.style import Style

from tracetui import units
from tracetui.analysis.bars import Window
from tracetui.analysis.density import density
from tracetui.analysis.lanes import Lane, Lanes
from tracetui.model.role import Role
from tracetui.report.axis import ruler
from tracetui.report.style import BAD, PLAIN, QUIET, ROLE_STYLES, Line, right, words
from tracetui.text import fit_middle, sanitize, width

NUMBER_CELLS = 8
MOST_NAME_CELLS = 24
PACKED = " *"


def page(lanes: Lanes, cells: int) -> Iterator[Line]:
    """A line per lane on one axis, `cells` wide, and the sums below."""
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
        head = [Segment(fit_middle(name, name_cells)), *_numbers(lane, lanes), Segment("  ")]
        yield head + _cells(lane, window, axis_cells)
    yield from _sums(lanes)


def _numbers(lane: Lane, lanes: Lanes) -> Iterator[Segment]:
    busy = units.share(lane.busy_ns / max(1, lanes.wall_ns))
    for number in (busy, units.count(lane.tests), units.duration(lane.gap_ns)):
        yield Segment(right(number, NUMBER_CELLS), QUIET)


def _cells(lane: Lane, window: Window, cells: int) -> Line:
    found = density(lane.work, window, cells)
    look = zip(found.shapes, found.busy.tolist(), found.role.tolist(), found.failed.tolist(), strict=True)
    return [Segment(shape, _style(busy, role, failed)) for shape, busy, role, failed in look]


def _style(busy: float, role: int, failed: bool) -> Style:
    if not busy:
        return QUIET
    return BAD if failed else ROLE_STYLES[Role(role)]


def _sums(lanes: Lanes) -> Iterator[Line]:
    pole = lanes.long_pole
    sums = {
        "wall": units.duration(lanes.wall_ns),
        "work": units.duration(lanes.work_ns),
        "floor": f"{units.duration(lanes.floor_ns)} (work / {len(lanes.lanes)})",
        "idle": units.duration(lanes.idle_ns),
        "imbalance": units.duration(lanes.imbalance_ns),
        "long pole": pole.name if pole else "",
    }
    yield []
    yield [words("▁█ tests  ▒ hooks  ▓ archiving  ✗ a failed test  ░ idle", QUIET)]
    yield [words("  ".join(f"{name} {value}" for name, value in sums.items()), PLAIN)]
    if any(lane.packed for lane in lanes.lanes):
        yield [words("* nothing names a worker here: these lanes are rebuilt by packing", QUIET)]

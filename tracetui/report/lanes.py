"""The lanes as lines: what each worker did when, what stalled them, and the sums.

Numbers and words come from one value, which is also the JSON document; only the cells of the axis are drawn
from the spans.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style

from tracetui import units
from tracetui.analysis.lanes.lanes import Lanes
from tracetui.analysis.lanes.sums import Sums, shares, sums
from tracetui.analysis.study.findings import Findings
from tracetui.analysis.timeline.window import Window
from tracetui.report.drawing.axis import ruler
from tracetui.report.drawing.lane_cells import CRASHED, Cell, lane_cells
from tracetui.report.drawing.style import BAD, PLAIN, QUIET, ROLE_STYLES, WARNING, Line, ahead, right, words
from tracetui.report.still import StallValue, cost_words, stall, stall_words
from tracetui.text import Safe, fit_apart, sanitize, width

NUMBER_CELLS = 8
MOST_NAME_CELLS = 24
ELAPSED = "each lane starts with its own suite, this long after the first"
NO_DATE = "; `?` where a run has no date"
INFERRED = " *"
SHIFTED = " ~"

Strips = Callable[[int, Window, int], list[Cell]]
"""The cells of the lane with a number in a window: how it is drawn."""


class LaneRow(NamedTuple):
    """One lane; times in ns, `name` and `worker` foreign texts.

    It existed from `born_ns` to `gone_ns` (since the epoch), and then its process died if it `crashed`.
    `busy_ns` is how long anything ran on it, `work_ns` the same without `waited_ns`, which ran during stalls
    of others; those cost it `stalled_ns`, and `starting_ns` passed before its first. `gap_start_ns` is None
    without a gap. Its clock was `clock_offset_ns` ahead. If shards are far apart it is drawn from the start
    of its own, which began `shift_ns` after the first.
    """

    name: str
    packed: bool
    tests: int
    start_ns: int
    end_ns: int
    busy_ns: int
    gap_ns: int
    gap_start_ns: int | None
    waited_ns: int
    worker: str
    born_ns: int
    gone_ns: int
    crashed: bool
    work_ns: int
    idle_ns: int
    stalled_ns: int
    starting_ns: int
    clock_offset_ns: int
    shift_ns: int


class LanesValue(NamedTuple):
    """All lanes and their sums: times since the epoch, `run_start_ns` is the zero of pages."""

    run_start_ns: int
    sums: Sums
    still: tuple[StallValue, ...]
    rows: tuple[LaneRow, ...]


def value(findings: Findings, lanes: Lanes) -> LanesValue:
    """The reported value of some lanes."""
    stalls = findings.overview.still
    rows = []
    for lane in lanes.lanes:
        lane_shares = shares(lane, stalls)
        rows.append(
            LaneRow(
                **{name: getattr(lane, name) for name in _AS_THEY_ARE},
                gap_start_ns=lane.gap_start_ns or None,
                born_ns=lane.exists.start_ns,
                gone_ns=lane.exists.end_ns,
                clock_offset_ns=lane.offset_ns,
                **lane_shares._asdict(),
            )
        )
    start = findings.summary.start_ns
    return LanesValue(
        start, sums(lanes, stalls), tuple(stall(findings, stalled) for stalled in stalls), tuple(rows)
    )


_AS_THEY_ARE = (
    "name",
    "packed",
    "tests",
    "start_ns",
    "end_ns",
    "busy_ns",
    "gap_ns",
    "worker",
    "crashed",
    "shift_ns",
)


def strips(findings: Findings, lanes: Lanes) -> Strips:
    """The cells of these lanes."""
    stalls, all_lanes = findings.overview.still, lanes.lanes
    return lambda number, window, cells: lane_cells(
        all_lanes[number], stalls, window.later(all_lanes[number].shift_ns), cells
    )


def page(of_lanes: LanesValue, drawn: Strips, cells: int) -> Iterator[Line]:
    """A line per lane on one axis, `cells` wide; below, the stalls and the sums."""
    if not of_lanes.rows:
        yield [words("no lanes: there are no tests, hooks or archivers here", QUIET)]
        return
    names = [_name(row) for row in of_lanes.rows]
    name_cells = min(MOST_NAME_CELLS, max(4, *map(width, names)))
    shown = ("busy", "tests", "gap", *(["began"] if is_elapsed(of_lanes) else []))
    axis_cells = max(10, cells - name_cells - len(shown) * NUMBER_CELLS - 2)
    window = Window(
        min(row.born_ns - row.shift_ns for row in of_lanes.rows),
        max(row.gone_ns - row.shift_ns for row in of_lanes.rows),
    )
    titles = "".join(right(title, NUMBER_CELLS) for title in shown)
    yield [words("lane".ljust(name_cells) + titles + "  " + ruler(window, axis_cells), QUIET)]
    for number, (name, row) in enumerate(zip(fit_apart(names, name_cells), of_lanes.rows, strict=True)):
        numbers = _numbers(row, with_start=len(shown) > 3)
        head = [Segment(name), *numbers, Segment("  ")]
        yield head + [Segment(shape, _style(kind)) for shape, kind in drawn(number, window, axis_cells)]
    yield from _stalls(of_lanes)
    yield from _sums(of_lanes)


def busy(row: LaneRow) -> float:
    """The share of its time that a lane worked."""
    return row.work_ns / max(1, row.gone_ns - row.born_ns)


def _name(row: LaneRow) -> Safe:
    return sanitize(row.name + INFERRED * row.packed + SHIFTED * bool(row.clock_offset_ns))


def began_words(start_ns: int, shift_ns: int) -> str:
    """How long after the first shard that of a lane began, if both are on one axis: `+1m35s`, else `?`."""
    is_known = units.axis(start_ns) == units.axis(start_ns - shift_ns)
    return f"+{units.duration(shift_ns)}" if is_known else "?"


def is_elapsed(of_lanes: LanesValue) -> bool:
    """Whether each lane is drawn from the start of its own shard."""
    return any(row.shift_ns for row in of_lanes.rows)


def _numbers(row: LaneRow, *, with_start: bool) -> Iterator[Segment]:
    gap = units.duration_within(row.gap_ns, row.gone_ns - row.born_ns)
    numbers = [units.share(busy(row)), units.count(row.tests), gap]
    for number in (*numbers, *([began_words(row.start_ns, row.shift_ns)] if with_start else [])):
        yield Segment(right(number, NUMBER_CELLS), QUIET)


_STYLES = {"failed": BAD, "stalled": WARNING, "crashed": BAD, "idle": QUIET, "blank": QUIET} | {
    role.label: style for role, style in ROLE_STYLES.items()
}


def _style(kind: str) -> Style:
    return _STYLES[kind]


def _stalls(of_lanes: LanesValue) -> Iterator[Line]:
    """A line for each stall."""
    if of_lanes.still:
        yield []
    for still in of_lanes.still:
        happened, why = stall_words(still, of_lanes.run_start_ns)
        yield [words(f"■ {happened}: ", WARNING), Segment(sanitize(why + cost_words(still)))]


def _sums(of_lanes: LanesValue) -> Iterator[Line]:
    totals = of_lanes.sums
    named = {
        "wall": units.duration(totals.wall_ns),
        "work": units.duration(totals.work_ns),
        "best case": f"{units.duration(totals.floor_ns)} (work / {totals.at_once})",
        "idle": units.duration_within(totals.idle_ns, totals.wall_ns),
        **({"stalled": f"{units.duration(totals.stalled_ns)} of lane time"} if totals.stalled_ns else {}),
        **(
            {"imbalance": units.duration(totals.imbalance_ns), "last to finish": totals.long_pole}
            if totals.imbalance_ns >= units.MS
            else {}
        ),
    }
    crashed = any(row.crashed for row in of_lanes.rows)
    legend = "▁█ tests  ▒ hooks  ▓ archiving  ✗ a failed test  ░ idle"
    legend += "  ┄ stalled" * bool(totals.stalled_ns) + f"  {CRASHED} crashed" * crashed
    yield []
    yield [words(legend, QUIET)]
    yield [words("  ".join(f"{name} {text}" for name, text in named.items()), PLAIN)]
    if any(row.packed for row in of_lanes.rows):
        yield [words("* no worker names: lanes inferred from timing", QUIET)]
    if is_elapsed(of_lanes):
        undated = any("?" in began_words(row.start_ns, row.shift_ns) for row in of_lanes.rows)
        yield [words(f"+ {ELAPSED}" + NO_DATE * undated, QUIET)]
    for row in of_lanes.rows:
        if row.clock_offset_ns:
            yield [words(f"~ {clock_words(row.name, row.clock_offset_ns)}", WARNING)]


def clock_words(who: str, offset_ns: int) -> str:
    """How far a clock was off, and the consequences."""
    return (
        f"the clock of {who} is about {ahead(offset_ns)}: "
        "shown shifted, left out of stalls, imbalance and run length"
    )

"""Failures, slowest tests and lanes of the overview."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from tracetui import units
from tracetui.analysis.lanes.lanes import Lane
from tracetui.analysis.lanes.sums import shares, sums
from tracetui.analysis.study.findings import Findings
from tracetui.model.role import Outcome, Role
from tracetui.report.drawing.bars import root_bar
from tracetui.report.drawing.lane_cells import lane_cells
from tracetui.report.drawing.style import MARKS
from tracetui.report.still import still_words
from tracetui.text import Safe, Shared, fit, fit_apart, fit_name, sanitize, shared, width
from tracetui.ui.feed.reading import Door, Reading
from tracetui.ui.lanes.draw_lane_row import cell_colour
from tracetui.ui.lists.draw_panel import Bit, Item

LANE, MOST_LANE, BUSY, OWN, WHEN = 6, 20, 6, 9, 12
_NAME, _LEAST_BAR, _MOST_BAR = 60, 14, 40
"""There are bars where names of so many cells leave room for them; longer names shorten them to the least."""
_STALLED = " stalled"
_NOTED = 44
"""From this width on there is room for a note."""


def failed_items(reading: Reading, room: int, why: Callable[[int], Safe | None]) -> list[Item]:
    """An item per failure, the newest first: its time, and, by `why`, the first line of its cause."""
    rows = reading.overview.failed[::-1][:64].tolist()
    common = shared([_failed_name(reading.findings, row) for row in rows])
    return [_failed(reading, row, room, why(row), common) for row in rows]


def _failed_name(findings: Findings, row: int) -> Safe:
    role = Role(int(findings.snapshot.role[row]))
    return sanitize(("" if role is Role.TEST else f"{role.label} ") + findings.title(row))


def _failed(reading: Reading, row: int, room: int, cause: Safe | None, common: Shared) -> Item:
    findings = reading.findings
    snapshot = findings.snapshot
    outcome, end = Outcome(int(snapshot.outcome[row])), int(findings.times.end[row])
    if findings.no_timeline:
        when = ""
    elif findings.summary.state == "live":
        when = f"{units.seconds(reading.now_ns() - end)} ago"
    else:
        when = f"at {units.duration(max(0, end - findings.summary.start_ns))}"
    first = [
        Bit(f" {MARKS[outcome]} ", f"outcome-{outcome.label}", bold=True),
        Bit(fit_name(_failed_name(findings, row), max(8, room - 4 - WHEN), common)),
        Bit(when.rjust(WHEN), "quiet"),
    ]
    second = [Bit("   " + fit(cause if cause is not None else Safe("…"), max(8, room - 4)), "quiet")]
    return Item(row, [first, second], Door("failures", row))


def slowest_items(reading: Reading, room: int) -> list[Item]:
    """An item per test, the most own time first; running ones are marked."""
    findings, now_ns = reading.findings, reading.now_ns()
    own = {int(row): _own(findings, int(row), now_ns) for row in reading.overview.slowest}
    most = max(own.values(), default=0)
    cells = _bar_cells(findings, own, room)
    slowest_first = sorted(own, key=lambda row: -own[row])  # What runs gets slower from frame to frame.
    common = shared([findings.snapshot.title(row) for row in own])
    bars = _Bars(most, cells, common)
    return [_slow(findings, row, room, own[row], bars) for row in slowest_first]


class _Bars(NamedTuple):
    """What the slowest tests share: the time of the longest, the width of its bar, and of their names."""

    most: int
    cells: int
    names: Shared


def has_bars(findings: Findings, rows: Iterable[int], room: int) -> bool:
    """Whether the slowest tests `rows` have bars."""
    return _bar_cells(findings, rows, room) > 0


def _bar_cells(findings: Findings, rows: Iterable[int], room: int) -> int:
    """The width of bars beside the names of `rows`, 0 if there is no room."""
    spare = room - 6 - OWN
    if spare - _NAME < _LEAST_BAR:
        return 0
    longest = max((width(sanitize(findings.snapshot.title(row))) for row in rows), default=0)
    return max(_LEAST_BAR, min(_MOST_BAR, spare - len(_STALLED) - longest))


def _own(findings: Findings, row: int, now_ns: int) -> int:
    """A test's own time; for a running one, up to now."""
    runs = findings.snapshot.outcome[row] == Outcome.RUNNING
    return int(findings.times.own[row]) + (max(0, now_ns - findings.now_ns) if runs else 0)


def _slow(findings: Findings, row: int, room: int, own: int, bars: _Bars) -> Item:
    outcome = Outcome(int(findings.snapshot.outcome[row]))
    note = _STALLED if room >= _NOTED and _was_still(findings, row, own) else ""
    line = _slow_line(sanitize(findings.snapshot.title(row)), outcome, note, room, own, bars)
    return Item(row, [line], Door("slowest", row))


@lru_cache(maxsize=256)
def _slow_line(title: Safe, outcome: Outcome, note: str, room: int, own: int, bars: _Bars) -> Sequence[Bit]:
    """A line for a test, which for a finished one is the same at each reading."""
    mark = Bit(f" {MARKS[outcome]} ", f"outcome-{outcome.label}", bold=True)
    bar = Bit("  " + root_bar(own, bars.most, bars.cells), "role-test") if bars.cells else Bit("")
    name = fit_name(title, max(8, room - 4 - OWN - len(bar.text) - len(note)), bars.names)
    return [mark, Bit(name), Bit(note, "warning"), Bit(units.duration(own).rjust(OWN), bold=True), bar]


def _was_still(findings: Findings, row: int, own: int) -> bool:
    """Whether the run was stalled for most of a test's time: then the test itself is not slow."""
    start, end = int(findings.snapshot.start_ns[row]), int(findings.times.end[row])
    still = (min(end, stall.end_ns) - max(start, stall.start_ns) for stall in findings.overview.still)
    return own > 0 and max(still, default=0) > own // 2


def lane_items(reading: Reading, room: int) -> list[Item]:
    """A strip per lane, and below them their sums."""
    lanes = reading.findings.lanes
    names = [_lane_name(lane) for lane in lanes.lanes]
    labels = fit_apart(names, lane_name_cells(names, room))
    items = [_lane(reading, lane, room, label) for lane, label in zip(lanes.lanes, labels, strict=True)]
    return [*items, *_sums(reading.findings, room)] if items else []


def lane_name_cells(names: Iterable[Safe], room: int) -> int:
    """The width of lanes' names in lines of `room` cells."""
    longest = max(map(width, names), default=0)
    return max(LANE, min(longest, MOST_LANE, room // 4))


def _lane_name(lane: Lane) -> Safe:
    return sanitize(lane.name + "*" * lane.packed + "~" * bool(lane.offset_ns))


def _lane(reading: Reading, lane: Lane, room: int, label: Safe) -> Item:
    """A lane, with its name here."""
    findings = reading.findings
    bits = [Bit(f" {label} ", "role-worker")]
    for shape, colour in _strip(reading, lane, max(1, room - width(label) - BUSY - 4)):
        if bits[-1].colour == colour and len(bits) > 1:
            bits[-1] = Bit(bits[-1].text + shape, colour)
        else:
            bits.append(Bit(shape, colour))
    worked_ns = shares(lane, findings.overview.still).work_ns
    share = units.share(worked_ns / max(1, lane.exists.end_ns - lane.exists.start_ns))
    bits.append(Bit(share.rjust(BUSY + 1), "foreground"))
    return Item(lane.name, [bits], Door("lanes", int(lane.rows[0])))


def _strip(reading: Reading, lane: Lane, cells: int) -> Iterator[tuple[str, str]]:
    """Shape and colour of each cell."""
    lanes = reading.findings.lanes
    window = lanes.axis.later(lane.shift_ns) if lanes.is_elapsed else reading.home(reading.now_ns())
    for shape, kind in lane_cells(lane, reading.findings.overview.still, window, cells):
        yield shape, cell_colour(kind)


def _sums(findings: Findings, room: int) -> list[Item]:
    still = findings.overview.still
    totals = sums(findings.lanes, still)
    parts = [f"idle {units.duration_within(totals.idle_ns, totals.wall_ns)}"]
    parts += [f"stalled {units.duration(totals.stalled_ns)}"] if totals.stalled_ns else []
    parts.append(f"best case {units.duration(totals.floor_ns)}")
    if findings.overview.tail:
        parts.append(f"last to finish {sanitize(findings.overview.tail.lane)}")
    line = [Bit(fit(sanitize("   " + " · ".join(parts)), max(0, room - 1)), "quiet")]
    items = [Item("sums", [line], Door("lanes"))]
    if still and findings.summary.state == "live":
        happened, why = still_words(findings, still[0])
        text = fit(sanitize(f"{happened}: {why}"), max(8, room - 4))
        row = still[0].row
        door = Door("waterfall", row) if row >= 0 else Door("lanes")
        items.append(Item("still", [[Bit(" ■ ", "warning", bold=True), Bit(text, "warning")]], door))
    return items


def pace(findings: Findings, cells: int, until_ns: int) -> str:
    """Finished tests, cell by cell of the run's time, as a sparkline."""
    ends, start = findings.progress.ends, findings.summary.start_ns
    if not len(ends) or cells < 1 or until_ns <= start:
        return ""
    edges = [start + (until_ns - start) * cell // cells for cell in range(cells + 1)]
    counts = ends.searchsorted(edges[1:], "right") - ends.searchsorted(edges[:-1], "right")
    most = max(1, int(counts.max()))
    return "".join("▁▂▃▄▅▆▇█"[int(count) * 7 // most] if count else "▁" for count in counts.tolist())


def bits_width(bits: Sequence[Bit]) -> int:
    """Their width in cells."""
    return sum(width(Safe(bit.text)) for bit in bits)

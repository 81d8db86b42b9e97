"""One lane: its name, how busy it was, and what it did when; idle time is shown as idle, and measured."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tracetui import units
from tracetui.analysis.alarms.hung import Hung, hung
from tracetui.analysis.critical_path.overlay import Overlay
from tracetui.analysis.lanes.lanes import Lane, Lanes
from tracetui.analysis.lanes.sums import shares
from tracetui.analysis.study.findings import Findings
from tracetui.analysis.timeline.window import Window
from tracetui.model.role import Outcome, Role
from tracetui.report.drawing.lane_cells import lane_cells
from tracetui.report.lanes import INFERRED, SHIFTED, began_words
from tracetui.text import Safe, fit_apart, fit_middle, sanitize, width
from tracetui.ui.lists.draw_cells import Cells
from tracetui.ui.theme.hung_marks import hung_colour, hung_mark
from tracetui.ui.theme.themes import Paint
from tracetui.ui.timeline.draw_axis import NOTHING_SAID, Ruler

NAME_WIDTH, NUMBER_WIDTH = 12, 8
WIDE = 110
"""From this width on there are more numbers."""
LEAST_NAME = 6
"""The cells that a block's name wants at least."""
MOST_NAME = 48
LAST = 8
"""So many blocks at the end of a lane may still run."""
EDGE = "▏"
SOLID = "█▁▂▃▄▅▆▇▏▒▓░┄"
"""Shapes that the cursor covers; names and marks stay readable on it."""


class LaneFrame(Struct, frozen=True, eq=False, dict=True):
    """What all lanes of one frame share; `chosen` is the stretch under the cursor, in the lane `cursor`."""

    findings: Findings
    lanes: Lanes
    window: Window
    width: int
    paint: Paint
    chosen: Window | None = None
    cursor: int = 0
    is_wall_clock: bool = False
    names: Sequence[Safe] = ()
    path: Overlay | None = None

    @cached_property
    def hung(self) -> Mapping[int, Hung]:
        """What of a live run hangs, by row: O(what runs)."""
        return hung(self.findings, self.findings.now_ns) if self.findings.summary.is_live else {}

    @property
    def name_cells(self) -> int:
        """The width of a name."""
        return width(self.names[0]) if self.names else NAME_WIDTH

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles of the numbers."""
        titles = ("busy", "tests", "gap", "idle", "tail")[: 5 if self.width >= WIDE else 3]
        return ("began", *titles) if self.lanes.is_elapsed else titles

    @property
    def axis_left(self) -> int:
        """The first cell of the time axis."""
        return 2 + self.name_cells + len(self.titles) * NUMBER_WIDTH + 2

    @property
    def bar_width(self) -> int:
        """The cells of the time axis."""
        return max(0, self.width - self.axis_left - 1)

    @property
    def ruler(self) -> Ruler:
        """The axis above the lanes."""
        titles = (
            "  " + "lane".ljust(self.name_cells) + "".join(word.rjust(NUMBER_WIDTH) for word in self.titles)
        )
        is_wall_clock = self.is_wall_clock and not self.lanes.is_elapsed
        origin = 0 if is_wall_clock else self.findings.summary.start_ns
        pointer = self.chosen.middle_ns if self.chosen else None
        geometry = titles, self.axis_left, self.bar_width, self.window
        said = Safe(" ") if self.findings.no_timeline else NOTHING_SAID
        return Ruler(*geometry, origin, is_wall_clock, pointer, said)

    def later(self, ns: int) -> "LaneFrame":
        """The frame for a lane that is drawn `ns` later than the axis: by the time of day."""
        chosen = self.chosen and self.chosen.later(ns)
        return replace(self, window=self.window.later(ns), chosen=chosen) if ns else self

    def numbers(self, lane: Lane) -> list[str]:
        """The values below `titles`."""
        took = shares(lane, self.findings.overview.still)
        length = lane.exists.end_ns - lane.exists.start_ns
        busy = units.share(took.work_ns / max(1, length))
        texts = [began_words(lane.start_ns, lane.shift_ns)] if self.lanes.is_elapsed else []
        texts += [busy, units.count(lane.tests)]
        texts += [units.duration_within(ns, length) for ns in (lane.gap_ns, took.idle_ns, lane.tail_ns)]
        return texts[: len(self.titles)]


def lane_labels(lanes: Lanes, cells: int) -> list[Safe]:
    """The names of lanes for lines of `cells`, all of one width: wider if they need it."""
    names = [_name(lane) for lane in lanes.lanes]
    longest = max(map(width, names), default=0)
    return fit_apart(names, max(NAME_WIDTH, min(longest, cells // 8)))


def _name(lane: Lane) -> Safe:
    return sanitize(lane.name + INFERRED * lane.packed + SHIFTED * bool(lane.offset_ns))


def lane_row(frame: LaneFrame, index: int, *, selected: bool) -> Strip:
    """One line, `frame.width` cells wide."""
    lane, paint = frame.lanes.lanes[index], frame.paint
    frame = frame.later(lane.shift_ns)
    ground = "cursor-row" if selected else "background"
    plain, quiet = paint.style("foreground", ground, bold=selected), paint.style("quiet", ground)
    head = [
        Segment("▌ " if selected else "  ", paint.style("accent", ground)),
        Segment(frame.names[index], plain),
        Segment("".join(number.rjust(NUMBER_WIDTH) for number in frame.numbers(lane)) + "  ", quiet),
    ]
    cells = _work(frame, lane, ground)
    _gaps(frame, lane, cells, ground)
    _blocks(frame, lane, cells, ground)
    _hung(frame, lane, cells, ground)
    if frame.path is not None:
        _path(frame, frame.path, lane, cells, ground)
    if frame.chosen and index == frame.cursor:
        _chosen(frame, frame.chosen, cells)
    return Strip([*head, *cells.segments(), Segment(" ", plain)]).adjust_cell_length(frame.width, plain)


def _work(frame: LaneFrame, lane: Lane, ground: str) -> Cells:
    """How full each cell is, and of what; in stalls, waiting lanes are shown as waiting."""
    idle = frame.paint.style("scroll-thumb", ground)
    cells, styles = Cells(frame.bar_width, idle), {"idle": idle}
    stalls = frame.findings.overview.still
    for place, (shape, kind) in enumerate(lane_cells(lane, stalls, frame.window, frame.bar_width)):
        if kind not in styles:
            styles[kind] = frame.paint.style(cell_colour(kind), ground)
        cells.put(place, shape, styles[kind])
    return cells


_COLOURS = {
    "idle": "scroll-thumb",
    "stalled": "warning",
    "crashed": "outcome-cut_off",
    "blank": "background",
    "failed": "outcome-failed",
}


def cell_colour(kind: str) -> str:
    """The colour of a cell of a lane (see `analysis.lane_cells`)."""
    return _COLOURS.get(kind, f"role-{kind}")


OFF_PATH, WAITING = "·", "─"


def _path(frame: LaneFrame, path: Overlay, lane: Lane, cells: Cells, ground: str) -> None:
    """Only the critical path is drawn in full: where it waits as a line; everything else as dots."""
    quiet, waiting = frame.paint.style("scroll-thumb", ground), frame.paint.style("warning", ground)
    on = path.cells(lane.name, frame.window, frame.bar_width)
    busy = lane.work.all.shares(frame.window.edges(frame.bar_width)) if frame.bar_width else ()
    for place, (is_on, share) in enumerate(zip(on, busy, strict=True)):
        if not is_on:
            cells.put(place, OFF_PATH if share > 0 else " ", quiet)
        elif not share:
            cells.put(place, WAITING, waiting)


def _span(frame: LaneFrame, window: Window) -> tuple[int, int]:
    """The cells that are entirely in a stretch of time: the first, and how many."""
    cells = frame.bar_width
    first = frame.window.cell(window.start_ns - 1, cells) + 1
    last = frame.window.cell(window.end_ns, cells)
    first, last = max(0, first), min(cells, last)
    return first, max(0, last - first)


def _gaps(frame: LaneFrame, lane: Lane, cells: Cells, ground: str) -> None:
    """How long the lane was idle, if there is room to say so."""
    least = 6 * frame.window.length // max(1, frame.bar_width)
    style = frame.paint.style("quiet", ground)
    for gap in lane.blocks.gaps(frame.window, least):
        first, count = _span(frame, gap)
        text = f" {units.duration(gap.end_ns - gap.start_ns)} "
        if len(text) <= count:
            cells.write(first + (count - len(text)) // 2, text, style)


def _blocks(frame: LaneFrame, lane: Lane, cells: Cells, ground: str) -> None:
    """The edges of blocks that take several cells, and their names if there is room."""
    snapshot = frame.findings.snapshot
    for place in lane.blocks.long_ones(frame.window, 2 * frame.window.length // max(1, frame.bar_width)):
        row = int(lane.rows[place])
        role, outcome = Role(int(snapshot.role[row])), Outcome(int(snapshot.outcome[row]))
        colour = frame.paint.bar_name(role, outcome)
        first, count = _span(frame, Window(int(lane.blocks.start[place]), int(lane.blocks.end[place])))
        swapped = frame.paint.style(ground, colour)
        if count > 1 and cells.text(first) == "█":
            cells.put(first, EDGE, swapped)
        room = cells.run(first + 1, min(count - 1, MOST_NAME), "█") - 1
        text = Safe(fit_middle(sanitize(snapshot.title(row)), room).rstrip())
        if room >= LEAST_NAME and role is Role.TEST and width(text) == len(text):
            cells.write(first + 1, text, swapped)


def _hung(frame: LaneFrame, lane: Lane, cells: Cells, ground: str) -> None:
    """What hangs has the colour of that, and a mark where it stands now: it is among the last blocks."""
    for place in range(max(0, len(lane.rows) - LAST), len(lane.rows)):
        alarm = frame.hung.get(int(lane.rows[place]))
        if alarm is None:
            continue
        window = Window(int(lane.blocks.start[place]), int(lane.blocks.end[place]))
        first = max(0, frame.window.cell(window.start_ns, cells.count))
        last = min(cells.count - 1, frame.window.cell(window.end_ns - 1, cells.count))
        colour = hung_colour(alarm)
        filled, swapped = frame.paint.style(colour, ground), frame.paint.style(ground, colour, bold=True)
        for cell in range(first, last + 1):
            text = cells.text(cell)
            cells.put(cell, text, filled if text in SOLID and text != EDGE else swapped)
        mark = hung_mark(alarm, last - first)
        cells.write(last + 1 - len(mark), mark, swapped)


def _chosen(frame: LaneFrame, window: Window, cells: Cells) -> None:
    """Highlight what is under the cursor: at least the cell in which it begins.

    It is one solid bar, whatever its role: shades in the accent's colour would look like holes.
    """
    first = max(0, frame.window.cell(window.start_ns, frame.bar_width))
    last = min(
        frame.bar_width - 1, frame.window.cell(max(window.start_ns, window.end_ns - 1), frame.bar_width)
    )
    accent: Style = frame.paint.style("background", "accent", bold=True)
    for cell in range(first, last + 1):
        text = cells.text(cell)
        cells.put(cell, " " if text in SOLID else text, accent)

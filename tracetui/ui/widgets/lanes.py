"""The lanes: a row per worker on the time axis."""

import numpy as np
from textual.message import Message
from textual.strip import Strip

from tracetui.analysis.bars import Window
from tracetui.analysis.lanes import Lane, Lanes, lanes
from tracetui.analysis.skyline import EMPTY, Skyline, skyline
from tracetui.text import Safe
from tracetui.ui.keys import LANES, bindings
from tracetui.ui.latest import Latest
from tracetui.ui.reading import Reading, SpanChosen
from tracetui.ui.renderables.lane_row import AXIS_LEFT, LaneFrame, lane_row
from tracetui.ui.themes import Paint
from tracetui.ui.widgets.timeline import Timeline


class LaneRows(Timeline):
    """Lanes of `reading`; a click on a block leads to its span."""

    BINDINGS = bindings(LANES)

    class Found(Message):
        """There are newer lanes."""

        def __init__(self, lanes: Lanes) -> None:
            super().__init__()
            self.lanes = lanes

    def __init__(self) -> None:
        super().__init__()
        self._lanes: Lanes | None = None
        self._of: Reading | None = None
        self._frame: LaneFrame | None = None
        self._skyline = EMPTY
        self._latest = Latest(self, self._compute, self._take)

    @property
    def count(self) -> int:
        """How many lanes there are."""
        return len(self._lanes.lanes) if self._lanes else 0

    @property
    def lane(self) -> Lane | None:
        """The lane under the cursor."""
        return self._lanes.lanes[self.cursor] if self._lanes and self.count else None

    @property
    def row(self) -> int | None:
        """The longest block of the lane under the cursor."""
        if self.lane is None or self._of is None:
            return None
        totals = self._of.findings.times.total[self.lane.rows]
        return int(self.lane.rows[int(totals.argmax())])

    @property
    def axis(self) -> tuple[int, int]:
        """The first cell of the time axis, and how many cells it has."""
        return AXIS_LEFT, self._frame.bar_width if self._frame else 0

    @property
    def under_cursor(self) -> Window | None:
        """From when to when the longest block lasted."""
        if self.row is None or self._of is None:
            return None
        start = int(self._of.findings.snapshot.start_ns[self.row])
        return Window(start, start + int(self._of.findings.times.total[self.row]))

    def watch_reading(self, reading: Reading | None) -> None:
        """Works out newer lanes, away from the screen's thread."""
        if reading is not None:
            self._latest.ask(reading)

    @staticmethod
    def _compute(reading: Reading) -> tuple[Lanes, Skyline, Reading]:
        findings, only = reading.findings, reading.meant
        found = findings.lanes
        if reading.lens:
            found = lanes(findings.snapshot, findings.tree, findings.times, only)
        seen = np.ones(len(findings.snapshot), np.bool_) if only is None else only
        return found, skyline(findings.snapshot, findings.times, seen), reading

    def _take(self, answer: tuple[Lanes, Skyline, Reading]) -> None:
        """The cursor stays on its lane."""
        name = self.lane.name if self.lane else ""
        found, self._skyline, reading = answer
        self._lanes, self._of = found, reading
        names = [lane.name for lane in found.lanes]
        self.anchored(names.index(name) if name in names else 0, self.scroll_offset.y)
        self.post_message(self.Found(found))

    def reframe(self) -> None:
        """The same window and styles for all lanes."""
        if self._of is None or self._lanes is None:
            return
        window = self.shown()
        paint = Paint(self.app.theme_variables)
        self._frame = LaneFrame(self._of.findings, self._lanes, window, self.room, paint)
        self.drawn(self._frame.ruler, self._skyline)

    def draw(self, index: int, *, selected: bool) -> Strip:
        """One lane."""
        if self._frame is None or self._lanes is None:
            return Strip.blank(self.room)
        return lane_row(self._frame, self._lanes.lanes[index], selected=selected)

    def empty(self) -> list[Safe]:
        """Why there is nothing."""
        return [Safe("No lanes: there are no tests, hooks or archivers here.")]

    def highlighted(self) -> None:
        """Nothing else depends on the cursor here."""

    def clicked(self, index: int, x: int) -> None:
        """A click on a block shows its span."""
        if self._frame is None or self._lanes is None or x < AXIS_LEFT:
            return
        window, cells = self._frame.window, max(1, self._frame.bar_width)
        begin = window.start_ns + (x - AXIS_LEFT) * window.length // cells
        row = self._block(self._lanes.lanes[index], begin, begin + window.length // cells)
        if row is not None:
            self.post_message(SpanChosen(row))

    def _block(self, lane: Lane, begin_ns: int, end_ns: int) -> int | None:
        """The longest block that touches a cell."""
        assert self._of is not None
        findings = self._of.findings
        starts, ends = findings.snapshot.start_ns[lane.rows], findings.times.end[lane.rows]
        touching = lane.rows[(starts < end_ns) & (ends > begin_ns)]
        return int(touching[int(findings.times.total[touching].argmax())]) if len(touching) else None

    def action_choose(self) -> None:
        """Shows the longest block of the lane in the waterfall."""
        if self.row is not None:
            self.post_message(SpanChosen(self.row))

"""The lanes: a row per worker on the time axis, and a cursor that moves from block to block."""

from typing import ClassVar

import numpy as np
from textual.message import Message
from textual.strip import Strip

from tracetui.analysis.lanes.blocks import Stop
from tracetui.analysis.lanes.lanes import Lane, Lanes
from tracetui.analysis.timeline.concurrency import EMPTY
from tracetui.analysis.timeline.window import Window
from tracetui.text import Safe
from tracetui.ui.feed.latest_only import LatestOnly
from tracetui.ui.feed.reading import Reading, SpanChosen
from tracetui.ui.keys.key import bindings
from tracetui.ui.keys.mode_keys import LANES
from tracetui.ui.lanes.draw_lane_row import LaneFrame, lane_labels, lane_row
from tracetui.ui.lanes.lane_answer import Answer, answer
from tracetui.ui.lanes.standing import Place, Standing, next_gap
from tracetui.ui.theme.themes import Paint
from tracetui.ui.timeline.path_toggle import PathTimeline
from tracetui.ui.timeline.timeline import LEAST_AIR_NS


class LaneRows(PathTimeline):
    """Lanes of `reading`; the cursor is on a block, or on the gap between two."""

    BINDINGS = bindings(LANES)
    ROWS: ClassVar = "lane"

    class Found(Message):
        """There are newer lanes."""

        def __init__(self, lanes: Lanes) -> None:
            super().__init__()
            self.lanes = lanes

    class Stopped(Message):
        """The cursor moved, or there is more to say about its place."""

        def __init__(self, reading: Reading, lanes: Lanes, lane: Lane, stop: Stop) -> None:
            super().__init__()
            self.reading = reading
            self.lanes = lanes
            self.lane = lane
            self.stop_at = stop

        def can_replace(self, message: Message) -> bool:
            """Only the newest one matters."""
            return isinstance(message, LaneRows.Stopped)

    def __init__(self) -> None:
        super().__init__()
        self._lanes: Lanes | None = None
        self._of: Reading | None = None
        self._frame: LaneFrame | None = None
        self._standing: Standing | None = None
        self._clicked: Standing | None = None
        self._still = -1
        self._touched = False
        self._wanted: int | None = None
        self._left: Place | None = None
        self._skyline = EMPTY
        self._failed = np.empty(0, np.int32)
        self._latest = LatestOnly(self, answer, self._take)

    @property
    def count(self) -> int:
        """The number of lanes."""
        return len(self._lanes.lanes) if self._lanes else 0

    @property
    def lane(self) -> Lane | None:
        """The lane under the cursor."""
        return self.under(self._lanes.lanes) if self._lanes else None

    @property
    def standing(self) -> Standing | None:
        """The cursor's place on its lane."""
        return self._standing if self._standing and self._standing.lane is self.lane else None

    @property
    def row(self) -> int | None:
        """The block under the cursor; None if that is a gap."""
        return self.standing.row if self.standing else None

    @property
    def under_cursor(self) -> Window | None:
        """The time of the block or gap, on the axis."""
        return self.standing.window.later(-self.standing.lane.shift_ns) if self.standing else None

    @property
    def home(self) -> Window:
        """The time of everything shown; if each lane has its own start, since that."""
        return self._lanes.axis if self._lanes and self._lanes.is_elapsed else super().home

    def follow(self) -> None:
        """Follow the present, unless the axis shows elapsed times."""
        if not (self._lanes and self._lanes.is_elapsed):
            super().follow()

    def action_follow(self) -> None:
        """Follow the present, unless the axis shows elapsed times."""
        if not (self._lanes and self._lanes.is_elapsed):
            super().action_follow()

    def area_caption(self, window: Window) -> str:
        """The caption of a dragged area; empty if each lane has a time of its own."""
        return "" if self._lanes and self._lanes.is_elapsed else super().area_caption(window)

    def _stand(self, stop: Stop | None) -> None:
        """Put the cursor on a block or gap of its lane."""
        self._standing = Standing(self.lane, stop) if self.lane and stop else None

    @property
    def axis(self) -> tuple[int, int]:
        """The first cell of the time axis, and how many cells it has."""
        return (self._frame.axis_left, self._frame.bar_width) if self._frame else (0, 0)

    def watch_reading(self, reading: Reading | None) -> None:
        """Compute newer lanes, away from the screen's thread."""
        if reading is not None:
            self._latest.ask(reading, rested=True)

    def _take(self, prepared: Answer) -> None:
        """Take newer lanes; the cursor stays on its lane, and on its block or at its moment."""
        if self.reading is None:
            return  # It was let go meanwhile.
        stood, self._left = self._left or self._place(), None
        self._lanes, self._skyline, self._failed, self._of = prepared
        names = [lane.name for lane in self._lanes.lanes]
        place = names.index(stood.lane) if stood.lane in names else 0
        self.set_reactive(LaneRows.cursor, place)
        self._stand(stood.again(self.lane, touched=self._touched) if self.lane else None)
        self.anchored(place, self.top)
        self.post_message(self.Found(self._lanes))
        if self._wanted is not None:
            self.show(self._wanted)
        self._tell()
        self.post_message(self.Settled(self._of))

    def _place(self) -> Place:
        window = self.standing.window if self.standing else None
        return Place(self.lane.name if self.lane else "", self.row, window)

    def let_go(self) -> None:
        """Keep only the lane, and the block or moment."""
        if self._lanes:
            self._left = self._place()
        self._lanes = self._of = self._frame = self._standing = self._clicked = None
        self._skyline, self._failed = EMPTY, self._failed[:0].copy()

    def show(self, row: int) -> None:
        """Go to a row on its lane, as soon as there are lanes."""
        self._wanted = row
        for place, lane in enumerate(self._lanes.lanes if self._lanes else ()):
            if self._of and ((lane.rows == row).any() or (lane.inner == row).any()):
                self._wanted = None
                self.reveal(place)
                start = int(self._of.findings.snapshot.start_ns[row])
                self._stand(lane.blocks.of(row, start) or lane.blocks.at(start))
                self.stopped()

    def stopped(self) -> None:
        """The user moved the cursor: scroll to it, and post that."""
        self._touched = True
        span = self.under_cursor
        if self.window and span and not self.window.start_ns <= span.middle_ns <= self.window.end_ns:
            half = self.window.length // 2
            self.visit(Window(span.middle_ns - half, span.middle_ns + half), "stop")
        self.stopped_again()

    def go_to_stop(self, standing: Standing) -> None:
        """Go to a block or a gap of the lane under the cursor, unless that is another lane by now."""
        if standing.lane is self.lane:
            self._stand(standing.stop)
            self.stopped()

    def stopped_again(self) -> None:
        """Post once more where the cursor is."""
        self.changed()
        self._tell()

    def _tell(self) -> None:
        if self._of and self._lanes and self.standing:
            self.post_message(self.Stopped(self._of, self._lanes, *self.standing))

    def reframe(self) -> None:
        """Update the window and styles that all lanes share."""
        if self._of is None or self._lanes is None:
            return
        self._frame = LaneFrame(
            self._of.findings,
            self._lanes,
            self.shown(),
            self.room,
            Paint(self.app.theme_variables),
            self.under_cursor,
            self.cursor,
            self.is_wall_clock,
            lane_labels(self._lanes, self.room),
            self.path(self._of.findings),
        )
        self.drawn(self._frame.ruler, self._skyline if self.count else EMPTY)

    def draw(self, index: int, *, selected: bool) -> Strip:
        """One lane."""
        if self._frame is None or self._lanes is None:
            return Strip.blank(self.room)
        return lane_row(self._frame, index, selected=selected)

    def empty(self) -> list[Safe]:
        """Why there are no lanes."""
        nothing = Safe("No lanes: there are no tests, hooks or archivers here.")
        return super().empty() or [nothing if self._of else Safe("reading …")]

    def highlighted(self) -> None:
        """On another lane, keep the cursor's place in time."""
        moment = self._frame.chosen.middle_ns if self._frame and self._frame.chosen else None
        if self.lane and moment is not None:
            self._stand(self.lane.blocks.at(moment + self.lane.shift_ns))
            self.stopped()

    def clicked(self, index: int, x: int) -> None:
        """Go to the clicked block or gap; a second click shows the block in the waterfall."""
        left, cells = self.axis
        if self._lanes is None or self._frame is None or not left <= x < left + cells:
            return
        lane, before = self._lanes.lanes[index], self._clicked
        edges = self._frame.window.later(lane.shift_ns).edges(cells)
        cell = Window(int(edges[x - left]), int(edges[x - left + 1]))
        place = lane.blocks.longest_at(cell)
        self._stand(lane.blocks.at(cell.middle_ns) if place is None else Stop(place))
        self._clicked = self.standing
        if before and self.standing == before:
            self.action_choose()
        else:
            self.stopped()

    def action_block(self, direction: int) -> None:
        """Go to the next block, or to the gap before it if that is visible."""
        if self.standing and self._frame:
            least = self._frame.window.length // max(1, self._frame.bar_width)
            lane, stop = self.standing
            self._stand(lane.blocks.step(stop, direction, least))
            self.stopped()

    def action_gap(self, direction: int) -> None:
        """Go to the next long gap of the lane."""
        here = self.standing.window if self.standing else None
        if self.lane and here and (stop := next_gap(self.lane.blocks, here, direction)):
            self._stand(stop)
            self.stopped()

    def action_failure(self, direction: int) -> None:
        """Go to the next failed test, on any lane."""
        here = self.standing.window if self.standing else None
        if here is None or self._of is None:
            return
        starts = self._of.findings.snapshot.start_ns[self._failed]
        place = int(np.searchsorted(starts, here.start_ns, "right" if direction > 0 else "left"))
        place -= direction < 0
        if 0 <= place < len(starts):
            self._go_to(int(self._failed[place]))

    def _go_to(self, row: int) -> None:
        assert self._of is not None
        start = int(self._of.findings.snapshot.start_ns[row])
        for index, lane in enumerate(self._lanes.lanes if self._lanes else ()):
            if stop := lane.blocks.of(row, start):
                self.reveal(index)
                self._stand(stop)
                self.stopped()

    def action_still(self) -> None:
        """Go to the next stall."""
        self.go_to_still(self._still + 1)

    def go_to_still(self, number: int) -> None:
        """Go to a stall, on the lane that caused it, with some of the time around it."""
        stretches = self._of.findings.overview.still if self._of else ()
        if not stretches or self._lanes is None:
            return
        self._still = number % len(stretches)
        still = stretches[self._still]
        names = [lane.name for lane in self._lanes.lanes]
        window = Window(still.start_ns, still.end_ns)
        self.reveal(names.index(still.lane) if still.lane in names else self.cursor)
        self.visit(window.padded(LEAST_AIR_NS, 3).later(-self.lane.shift_ns if self.lane else 0))
        if self.lane:
            self._stand(self.lane.blocks.at(window.middle_ns))
        self.stopped()

    def action_choose(self) -> None:
        """Show the block in the waterfall; for a gap, its time."""
        if self.row is not None:
            self.post_message(SpanChosen(self.row))
        elif span := self.under_cursor:
            self.visit(span.padded(LEAST_AIR_NS))

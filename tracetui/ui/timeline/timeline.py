"""A list of rows with bars on one time axis: zoom and pan, by keys and by wheel, back and forward."""

import time
from abc import abstractmethod
from typing import ClassVar

from textual import events
from textual.message import Message
from textual.reactive import reactive

from tracetui.analysis.timeline.concurrency import Concurrency
from tracetui.analysis.timeline.window import Window
from tracetui.report.drawing.style import many
from tracetui.ui.feed.reading import Reading
from tracetui.ui.keys.key import bindings
from tracetui.ui.keys.mode_keys import TIME
from tracetui.ui.lists.row_list import RowList
from tracetui.ui.timeline.draw_axis import Ruler
from tracetui.ui.timeline.draw_minimap import MiniatureFrame, area_text
from tracetui.ui.timeline.history import History, Place

WHEEL_ZOOM = 1.25
WHEEL_PAN = 0.1
LEAST_AIR_NS = 100
FRAMES_A_SECOND = 1
"""How often running bars grow."""
FOLLOWED_NS = 60_000_000_000
"""How much is shown when the clock is followed from the whole run on."""


class Timeline(RowList):
    """Shows `reading` in `window`, which is None while the whole run is shown, growing with it.

    While `is_following` the window's end moves with the clock.
    """

    BINDINGS = bindings(TIME)
    ROWS: ClassVar = "row"
    """What a row is called."""

    reading: reactive[Reading | None] = reactive(None, init=False, repaint=False)
    window: reactive[Window | None] = reactive(None, init=False)
    is_wall_clock: reactive[bool] = reactive(default=False, init=False)
    is_following: reactive[bool] = reactive(default=False, init=False)

    class Drawn(Message):
        """The frame has changed: what is above the rows must agree with it."""

        def __init__(self, ruler: Ruler, miniature: MiniatureFrame) -> None:
            super().__init__()
            self.ruler = ruler
            self.miniature = miniature

        def can_replace(self, message: Message) -> bool:
            """Only the newest one matters."""
            return isinstance(message, Timeline.Drawn)

    class Repaint(Message):
        """Rows must be repainted; without indexes, whatever has changed."""

        def __init__(self, indexes: tuple[int, ...]) -> None:
            super().__init__()
            self.indexes = indexes

    class Marking(Message):
        """A drag over the bars reaches from one cell of the axis to another; or it is over, with none."""

        def __init__(self, cells: tuple[int, int] | None) -> None:
            super().__init__()
            self.cells = cells

    def __init__(self) -> None:
        super().__init__()
        self.history = History()
        self._drag_from: int | None = None
        self._drag_to = 0
        self._drawn_at = 0.0
        self._area: Window | None = None

    @property
    @abstractmethod
    def row(self) -> int | None:
        """The span under the cursor."""

    @property
    @abstractmethod
    def under_cursor(self) -> Window | None:
        """The time of what is under the cursor."""

    @property
    @abstractmethod
    def axis(self) -> tuple[int, int]:
        """The first cell of the time axis, and how many cells it has."""

    @property
    def place(self) -> Place:
        """The user's place."""
        return Place(self.window, None)

    def go(self, place: Place) -> None:
        """Go back to a place."""
        self.window = place.window

    def on_mount(self) -> None:
        """Keep running bars growing."""
        self.set_interval(1 / FRAMES_A_SECOND, self._grow)

    def _grow(self) -> None:
        is_new = time.monotonic() - self._drawn_at < 1 / FRAMES_A_SECOND
        if self.reading and self.reading.grows and self.screen.is_current and not is_new:
            self.follow()
            self.grown()

    def follow(self) -> None:
        """Move the window's end to now, while it follows."""
        if self.is_following and self.window and self.reading:
            end = max(self.window.end_ns, self.reading.now_ns())
            self.window = Window(end - self.window.length, end)

    def grown(self) -> None:
        """Time has passed."""
        self.changed()

    def repaint(self, *indexes: int) -> None:
        """Repaint once what is above agrees with `Drawn`: in one frame and not in two."""
        self.post_message(self.Repaint(indexes))

    def watch_window(self) -> None:
        """Show another stretch of time."""
        self.changed()

    def watch_is_following(self) -> None:
        """Show it above."""
        self.changed()

    def watch_is_wall_clock(self) -> None:
        """Change the labels."""
        self.changed()

    @property
    def home(self) -> Window:
        """The time of everything shown."""
        return self.reading.axis() if self.reading else Window(0, 1)

    def drawn(self, ruler: Ruler, skyline: Concurrency, how: str = "") -> None:
        """Post what the rows show, and `how`."""
        self._drawn_at = time.monotonic()
        caption = f"   {many(self.count, self.ROWS)}{how}"
        if self.window:
            caption += f"   zoom {self.home.length / self.window.length:.3g}x"
        if self.is_following and self.reading and self.reading.findings.summary.state == "live":
            caption += "   following"
        window = self.shown()
        if window == self._area:
            caption += self.area_caption(window)
        made = MiniatureFrame(skyline, self.home, window, ruler.left, ruler.cells, caption)
        self.post_message(self.Drawn(ruler, made))

    def area_caption(self, window: Window) -> str:
        """How many tests (or spans, without tests) are in a stretch, and their time in it."""
        return area_text(self.reading, window) if self.reading else ""

    def visit_area(self, window: Window) -> None:
        """Show a dragged stretch, and above it what is in it."""
        self._area = window
        self.visit(window)

    def shown(self) -> Window:
        """The window, or the whole time."""
        return self.window or self.home

    def bring_in_sight(self) -> None:
        """Move the window to what is under the cursor, if nothing of that is visible."""
        here, window = self.under_cursor, self.window
        if here and window and (here.end_ns < window.start_ns or here.start_ns > window.end_ns):
            start = here.middle_ns - window.length // 2
            self.is_following, self.window = False, Window(start, start + window.length)

    def visit(self, window: Window | None, step: str = "") -> None:
        """Show another stretch; the user can go back to the one before."""
        if step not in ("follow", "zoom"):
            self.is_following = False
        self.history.leave(self.place, step)
        self.window = window

    def zoom(self, factor: float, around_ns: int) -> None:
        """Show `factor` times as much time, `around_ns` staying in its place; never more than the whole."""
        if self.reading is None:
            return
        zoomed = self.shown().zoomed(factor, around_ns)
        self.visit(None if zoomed.length >= self.home.length else zoomed, "zoom")

    def action_zoom(self, factor: float) -> None:
        """Zoom around the start of what is under the cursor, or the middle if that is not visible."""
        window, span = self.shown(), self.under_cursor
        if span is None:
            return
        if self.is_following:
            self.zoom(factor, window.end_ns)
            return
        inside = window.start_ns <= span.start_ns <= window.end_ns
        self.zoom(factor, span.start_ns if inside else window.middle_ns)

    def action_pan(self, fraction: float) -> None:
        """Show an earlier or later stretch that still touches the run."""
        if self.window:
            moved, home = self.window.moved(fraction), self.home
            if moved.end_ns > home.start_ns and moved.start_ns < home.end_ns:
                self.visit(moved, "pan")

    def action_zoom_to_span(self) -> None:
        """Show just what is under the cursor, with a margin."""
        if span := self.under_cursor:
            self.visit(span.padded(LEAST_AIR_NS))

    def action_centre_span(self) -> None:
        """Centre what is under the cursor at the same zoom; again, show just that."""
        if span := self.under_cursor:
            start = span.middle_ns - self.shown().length // 2
            centred = Window(start, start + self.shown().length)
            self.visit(centred if self.window not in (None, centred) else span.padded(LEAST_AIR_NS))

    def action_zoom_home(self) -> None:
        """Shows the whole run again."""
        self.visit(None)

    def action_follow(self) -> None:
        """Let the window's end follow the clock, or stay; that of an ended run is the end of the run."""
        if self.reading is None or not len(self.reading.findings.snapshot):
            return
        live = self.reading.findings.summary.state == "live"
        if not self.is_following:
            home = self.home
            end = self.reading.now_ns() if live else home.end_ns
            length = self.window.length if self.window else min(home.length, FOLLOWED_NS)
            self.visit(Window(end - length, end), "follow")
        self.is_following = live and not self.is_following

    def action_clock(self) -> None:
        """Toggle the axis between the time of day (UTC) and the time since the run began."""
        self.is_wall_clock = not self.is_wall_clock

    def action_history(self, direction: int) -> None:
        """Go back, or forward again."""
        travel = self.history.back if direction < 0 else self.history.forth
        self._travel(travel(self.place))

    def _travel(self, place: Place | None) -> None:
        if place is not None:
            self.is_following = False
            self.go(place)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Start a drag over the bars."""
        left, cells = self.axis
        if event.button == 1 and left <= event.x < left + cells:
            self._drag_from = self._drag_to = event.x - left
            self.capture_mouse()
        else:
            super().on_mouse_down(event)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show on the axis what a drag marks."""
        if self._drag_from is None:
            super().on_mouse_move(event)
            return
        left, cells = self.axis
        self._drag_to = max(0, min(event.x - left, cells - 1))
        if self._is_drag:
            self.post_message(self.Marking((self._drag_from, self._drag_to)))

    def on_mouse_up(self) -> None:
        """Show what was marked; a movement of one cell is still a click."""
        super().on_mouse_up()
        if self._drag_from is None:
            return
        self.release_mouse()
        if self._is_drag:
            first, last = sorted((self._drag_from, self._drag_to))
            edges = self.shown().edges(self.axis[1])
            self.post_message(self.Marking(None))
            self.visit_area(Window(int(edges[first]), max(int(edges[last + 1]), int(edges[first]) + 1)))
            self.click_is_none = True
        self._drag_from = None

    @property
    def _is_drag(self) -> bool:
        return self._drag_from is not None and abs(self._drag_to - self._drag_from) > 1

    def wheel(self, event: events.MouseEvent, direction: int) -> None:
        """Zoom around the pointer with control, pan with shift, else scroll."""
        if event.ctrl:
            left, cells = self.axis
            across = min(1.0, max(0.0, (event.x - left) / max(1, cells)))
            window = self.shown()
            self.zoom(WHEEL_ZOOM**direction, window.start_ns + int(window.length * across))
        elif event.shift:
            self.action_pan(WHEEL_PAN * direction)
        else:
            super().wheel(event, direction)

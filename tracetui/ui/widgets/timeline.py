"""A list of rows with bars on one time axis: zoom and pan, by keys and by wheel."""

from abc import abstractmethod

from textual import events
from textual.message import Message
from textual.reactive import reactive

from tracetui.analysis.bars import Window
from tracetui.ui.keys import TIME, bindings
from tracetui.ui.reading import Reading
from tracetui.ui.renderables.axis import Ruler
from tracetui.ui.widgets.row_list import RowList

WHEEL_ROWS = 3
WHEEL_ZOOM = 1.25
WHEEL_PAN = 0.1
LEAST_AIR_NS = 100


class Timeline(RowList):
    """Shows `reading` in `window`, which is None while the whole run is shown, growing with it."""

    BINDINGS = bindings(TIME)

    reading: reactive[Reading | None] = reactive(None, init=False)
    window: reactive[Window | None] = reactive(None, init=False)

    class Drawn(Message):
        """The frame has changed: what the axis above must agree with."""

        def __init__(self, ruler: Ruler) -> None:
            super().__init__()
            self.ruler = ruler

        def can_replace(self, message: Message) -> bool:
            """Only the newest one matters."""
            return isinstance(message, Timeline.Drawn)

    @property
    @abstractmethod
    def row(self) -> int | None:
        """The span under the cursor."""

    @property
    @abstractmethod
    def axis(self) -> tuple[int, int]:
        """The first cell of the time axis, and how many cells it has."""

    def watch_window(self) -> None:
        """Another stretch of time."""
        self.changed()

    def shown(self, now_ns: int) -> Window:
        """The window, or the whole of what is shown."""
        home = self.reading.home(now_ns) if self.reading else Window(0, 1)
        return self.window or home

    def zoom(self, factor: float, around_ns: int) -> None:
        """Shows `factor` times as much time, `around_ns` staying in its place; never more than the whole."""
        if self.reading is None:
            return
        now = self.reading.now_ns()
        zoomed = self.shown(now).zoomed(factor, around_ns)
        self.window = None if zoomed.length >= self.reading.home(now).length else zoomed

    def action_zoom(self, factor: float) -> None:
        """Zooms around the start of the span under the cursor, or the middle if that is out of sight."""
        if self.reading is None or self.row is None:
            return
        window = self.shown(self.reading.now_ns())
        start = int(self.reading.findings.snapshot.start_ns[self.row])
        inside = window.start_ns <= start <= window.end_ns
        self.zoom(factor, start if inside else (window.start_ns + window.end_ns) // 2)

    def action_pan(self, fraction: float) -> None:
        """Shows an earlier or later stretch."""
        if self.window:
            self.window = self.window.moved(fraction)

    def action_zoom_to_span(self) -> None:
        """Shows just the span under the cursor, with a little air."""
        if self.reading is None or self.row is None:
            return
        findings = self.reading.findings
        start, total = int(findings.snapshot.start_ns[self.row]), int(findings.times.total[self.row])
        air = max(LEAST_AIR_NS, total // 20)
        self.window = Window(start - air, start + total + air)

    def action_zoom_home(self) -> None:
        """Shows the whole run again."""
        self.window = None

    def _on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(event, 1)

    def _on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(event, -1)

    def _wheel(self, event: events.MouseEvent, direction: int) -> None:
        event.stop().prevent_default()
        if event.ctrl and self.reading:
            left, cells = self.axis
            across = min(1.0, max(0.0, (event.x - left) / max(1, cells)))
            window = self.shown(self.reading.now_ns())
            self.zoom(WHEEL_ZOOM**direction, window.start_ns + int(window.length * across))
        elif event.shift:
            self.action_pan(WHEEL_PAN * direction)
        else:
            self.scroll_to(y=self.scroll_offset.y + WHEEL_ROWS * direction, animate=False, force=True)

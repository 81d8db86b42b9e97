"""The whole run above the rows; its visible part can be dragged."""

from textual import events
from textual.strip import Strip

from tracetui.analysis.timeline.window import Window
from tracetui.ui.theme.themes import Paint
from tracetui.ui.timeline.draw_minimap import MiniatureFrame, minimap_row
from tracetui.ui.timeline.time_bar import Span, TimeBar


class Minimap(TimeBar):
    """Shows the frame that the rows below drew last.

    While the whole run is visible a drag marks a stretch; after that a click or a drag moves the stretch.
    """

    DEFAULT_CSS = "Minimap { height: 1; background: $surface; }"

    def __init__(self) -> None:
        super().__init__()
        self._frame: MiniatureFrame | None = None
        self._hold_ns: int | None = None

    @property
    def span(self) -> Span | None:
        """The whole run."""
        return Span(self._frame.left, self._frame.cells, self._frame.home) if self._frame else None

    def show(self, frame: MiniatureFrame) -> None:
        """Show `frame` from now on."""
        if frame != self._frame:
            self._frame = frame
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The only line."""
        if self._frame is None or y:
            return Strip.blank(self.size.width, self.rich_style)
        return minimap_row(self._frame, self.size.width, Paint(self.app.theme_variables), self.marked)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Grab the window at the pointer, or else move its middle there."""
        frame = self._frame
        if frame is None or frame.window == frame.home or event.x < frame.left:
            return
        event.prevent_default()
        first, last = frame.in_sight
        moment = self._moment(event)
        inside = first <= event.x - frame.left < last
        self._hold_ns = moment - frame.window.start_ns if inside else frame.window.length // 2
        self.capture_mouse()
        self._move(moment)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag the window."""
        if self._hold_ns is not None:
            event.prevent_default()
            self._move(self._moment(event))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Release the window."""
        if self._hold_ns is not None:
            event.prevent_default()
            self.release_mouse()
            self._hold_ns = None

    def _moment(self, event: events.MouseEvent) -> int:
        return self.span.moment(event.x) if self.span else 0

    def _move(self, moment: int) -> None:
        frame = self._frame
        if frame and self._hold_ns is not None:
            start = moment - self._hold_ns
            start = max(frame.home.start_ns, min(start, frame.home.end_ns - frame.window.length))
            if start != frame.window.start_ns:
                self.post_message(self.Dragged(Window(start, start + frame.window.length), "minimap"))

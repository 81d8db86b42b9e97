"""The line above rows with bars: titles of their columns and the time axis, on which a drag zooms."""

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tracetui.analysis.bars import Window
from tracetui.ui.renderables.axis import Ruler, axis_text
from tracetui.ui.themes import Paint


class Axis(Widget):
    """Shows the ruler of the frame that the rows below drew last."""

    DEFAULT_CSS = "Axis { height: 1; background: $surface; }"

    class Dragged(Message):
        """The reader has marked a stretch of time."""

        def __init__(self, window: Window) -> None:
            super().__init__()
            self.window = window

    def __init__(self) -> None:
        super().__init__()
        self._ruler: Ruler | None = None
        self._from: int | None = None
        self._to = 0

    def show(self, ruler: Ruler) -> None:
        """Agrees with `ruler` from now on."""
        self._ruler = ruler
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """The only line."""
        ruler = self._ruler
        if ruler is None or y:
            return Strip.blank(self.size.width, self.rich_style)
        quiet = Paint(self.app.theme_variables).style("quiet", "surface")
        axis = axis_text(ruler.window, ruler.origin_ns, ruler.cells, is_wall_clock=ruler.is_wall_clock)
        segments = [Segment(ruler.titles.ljust(ruler.left), quiet), *self._marked(axis, quiet)]
        return Strip(segments).adjust_cell_length(self.size.width, quiet)

    def _marked(self, axis: str, style: Style) -> list[Segment]:
        if self._from is None:
            return [Segment(axis, style)]
        left, right = sorted((self._from, self._to))
        marked = style + Style(reverse=True)
        return [
            Segment(axis[:left], style),
            Segment(axis[left : right + 1], marked),
            Segment(axis[right + 1 :], style),
        ]

    def _cell(self, event: events.MouseEvent) -> int:
        assert self._ruler is not None
        return max(0, min(event.x - self._ruler.left, self._ruler.cells - 1))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        if self._ruler and event.x >= self._ruler.left:
            self._from = self._to = self._cell(event)
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._from is not None:
            self._to = self._cell(event)
            self.refresh()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        self.release_mouse()
        begin, self._from = self._from, None
        self.refresh()
        if begin is None or self._ruler is None:
            return
        left, right = sorted((begin, self._cell(event)))
        if right > left:
            window, cells = self._ruler.window, self._ruler.cells
            start = window.start_ns + window.length * left // cells
            self.post_message(
                self.Dragged(Window(start, window.start_ns + window.length * (right + 1) // cells))
            )

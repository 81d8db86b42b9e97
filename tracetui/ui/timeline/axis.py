"""The line above rows with bars: titles of their columns and the time axis, on which a drag zooms."""

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip

from tracetui.text import fit
from tracetui.ui.theme.themes import Paint
from tracetui.ui.timeline.draw_axis import Ruler, axis_text
from tracetui.ui.timeline.time_bar import Span, TimeBar


class Axis(TimeBar):
    """Shows the ruler of the frame that the rows below drew last."""

    DEFAULT_CSS = "Axis { height: 1; background: $surface; }"

    class Pulled(Message):
        """The pointer grabbed the line left of the axis (`begins`), moved, or released it (no `x`)."""

        def __init__(self, x: int | None, *, begins: bool = False) -> None:
            super().__init__()
            self.x = x
            self.begins = begins

    def __init__(self) -> None:
        super().__init__()
        self._ruler: Ruler | None = None
        self._is_pulled = False

    @property
    def span(self) -> Span | None:
        """What the axis shows."""
        return Span(self._ruler.left, self._ruler.cells, self._ruler.window) if self._ruler else None

    def show(self, ruler: Ruler) -> None:
        """Show `ruler` from now on."""
        if ruler != self._ruler:
            self._ruler = ruler
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The only line."""
        ruler = self._ruler
        if ruler is None or y:
            return Strip.blank(self.size.width, self.rich_style)
        quiet = Paint(self.app.theme_variables).style("quiet", "surface")
        said = fit(ruler.said, ruler.cells) if ruler.said else ""
        axis = said or axis_text(
            ruler.window,
            ruler.origin_ns,
            ruler.cells,
            is_wall_clock=ruler.is_wall_clock,
            pointer_ns=ruler.pointer_ns,
        )
        segments = [Segment(ruler.titles.ljust(ruler.left), quiet), *self._segments(axis, quiet)]
        return Strip(segments).adjust_cell_length(self.size.width, quiet)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Start dragging a divider left of the axis."""
        if self._ruler and event.button == 1 and event.x < self._ruler.left:
            event.prevent_default()
            self._is_pulled = True
            self.capture_mouse()
            self.post_message(self.Pulled(event.x, begins=True))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Drag the divider."""
        if self._is_pulled:
            event.prevent_default()
            self.post_message(self.Pulled(event.x))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Stop dragging."""
        if self._is_pulled:
            event.prevent_default()
            self._is_pulled = False
            self.release_mouse()
            self.post_message(self.Pulled(None))

    def _segments(self, axis: str, style: Style) -> list[Segment]:
        if self.marked is None:
            return [Segment(axis, style)]
        left, right = self.marked
        reverse = style + Style(reverse=True)
        parts = ((axis[:left], style), (axis[left : right + 1], reverse), (axis[right + 1 :], style))
        return [Segment(text, of) for text, of in parts]

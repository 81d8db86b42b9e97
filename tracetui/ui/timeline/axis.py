"""The line above rows with bars: titles of their columns and the time axis, on which a drag zooms."""

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tracetui.ui.theme.themes import Paint
from tracetui.ui.timeline.draw_axis import Ruler, axis_text
from tracetui.ui.timeline.time_bar import Span, TimeBar


class Axis(TimeBar):
    """Shows the ruler of the frame that the rows below drew last."""

    DEFAULT_CSS = "Axis { height: 1; background: $surface; }"

    def __init__(self) -> None:
        super().__init__()
        self._ruler: Ruler | None = None

    @property
    def span(self) -> Span | None:
        """What the axis shows."""
        return Span(self._ruler.left, self._ruler.cells, self._ruler.window) if self._ruler else None

    def show(self, ruler: Ruler) -> None:
        """Agrees with `ruler` from now on."""
        if ruler != self._ruler:
            self._ruler = ruler
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """The only line."""
        ruler = self._ruler
        if ruler is None or y:
            return Strip.blank(self.size.width, self.rich_style)
        quiet = Paint(self.app.theme_variables).style("quiet", "surface")
        axis = axis_text(
            ruler.window,
            ruler.origin_ns,
            ruler.cells,
            is_wall_clock=ruler.is_wall_clock,
            pointer_ns=ruler.pointer_ns,
        )
        segments = [Segment(ruler.titles.ljust(ruler.left), quiet), *self._segments(axis, quiet)]
        return Strip(segments).adjust_cell_length(self.size.width, quiet)

    def _segments(self, axis: str, style: Style) -> list[Segment]:
        if self.marked is None:
            return [Segment(axis, style)]
        left, right = self.marked
        reverse = style + Style(reverse=True)
        parts = ((axis[:left], style), (axis[left : right + 1], reverse), (axis[right + 1 :], style))
        return [Segment(text, of) for text, of in parts]

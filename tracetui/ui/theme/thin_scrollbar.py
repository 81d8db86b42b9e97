"""A scrollbar of one thin line, for NO_COLOR: an inverse cell would be loud."""

from rich.segment import Segment, Segments
from rich.style import Style
from textual.scrollbar import ScrollBarRender

from tracetui.ui.theme.glyphs import UNICODE


class ThinScrollBar(ScrollBarRender):
    """Textual's scrollbar, with lines instead of filled cells."""

    VERTICAL_BARS = [" "]  # noqa: RUF012 - as Textual declares it

    @classmethod
    def render_bar(cls, *args: object, **told: object) -> Segments:
        """Each cell of the thumb as `┃`."""
        bar = super().render_bar(*args, **told)  # type: ignore[arg-type] # handed on as they came
        return Segments([_thin(segment) for segment in bar.segments], new_lines=bar.new_lines)


def _thin(segment: Segment) -> Segment:
    text, style, _ = segment
    if style is None or not style.reverse:
        return segment
    return Segment(UNICODE.thumb * len(text), style + Style(reverse=False))

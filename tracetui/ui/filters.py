"""What is changed of all that is drawn, at the end: colours that nobody wants, shapes that nobody has."""

from functools import cache, lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from tracetui.report.glyphs import in_ascii
from tracetui.text import Safe

LOUD = 0.25
"""A ground that differs in brightness by so much from that of the screen means something."""


class Ascii(LineFilter):
    """Draws with ASCII characters alone."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's
        """The same cells."""
        return [Segment(in_ascii(Safe(text)), style, control) for text, style, control in segments]


ASCII = Ascii()


class Colourless(LineFilter):
    """Takes every colour away (NO_COLOR); a loud ground is inverse instead."""

    def __init__(self, ground: Color) -> None:
        super().__init__()
        self._ground = ground

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's
        """The same text."""
        return [
            Segment(text, _colourless(style, self._ground) if style else style, control)
            for text, style, control in segments
        ]


@cache
def colourless(ground: str) -> Colourless:
    """The one filter for a ground: what was drawn with it is remembered by it."""
    return Colourless(Color.parse(ground))


@lru_cache(maxsize=4096)
def _colourless(style: Style, ground: Color) -> Style:
    colour = Color.from_rich_color(style.bgcolor) if style.bgcolor else ground
    loud = abs(colour.brightness - ground.brightness) > LOUD
    return Style(
        bold=style.bold,
        dim=style.dim,
        italic=style.italic,
        underline=style.underline,
        strike=style.strike,
        reverse=bool(style.reverse) != loud,
        meta=style.meta,
    )

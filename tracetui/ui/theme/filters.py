"""Final changes to everything drawn: for users without colours, and terminals without shapes."""

from functools import cache, lru_cache, partial
from itertools import product
from math import dist

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from tracetui.report.drawing.glyphs import in_ascii
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
    """Removes every colour (NO_COLOR); a loud background becomes inverse."""

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
    """The one filter for a background, which caches what was drawn with it."""
    return Colourless(Color.parse(ground))


@lru_cache(maxsize=4096)
def _colourless(style: Style, ground: Color) -> Style:
    own = style.bgcolor if style.bgcolor and not style.bgcolor.is_default else None
    colour = Color(*own.get_truecolor()) if own else ground  # Textual makes black of the sixteen.
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


class EightBit(LineFilter):
    """Draws with the 240 colours of a terminal that has no more; Rich would turn a dark grey to blue."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's
        """The same text."""
        return [
            Segment(text, _eight_bit(style) if style else style, control) for text, style, control in segments
        ]


EIGHT_BIT = EightBit()

_STEPS = (0, 95, 135, 175, 215, 255)
_CUBE = {colour: number for number, colour in enumerate(product(_STEPS, repeat=3), 16)}
_GREYS = {(8 + 10 * step,) * 3: 232 + step for step in range(24)}
_PALETTE = _CUBE | _GREYS


@lru_cache(maxsize=4096)
def _eight_bit(style: Style) -> Style:
    colours = {
        name: RichColor.from_ansi(nearest(colour.triplet))
        for name, colour in (("color", style.color), ("bgcolor", style.bgcolor))
        if colour is not None and colour.triplet is not None
    }
    return style + Style(color=colours.get("color"), bgcolor=colours.get("bgcolor")) if colours else style


def nearest(colour: tuple[int, int, int]) -> int:
    """The number of the nearest colour in a cube of 216 and a ramp of 24 greys."""
    return _PALETTE[min(_PALETTE, key=partial(dist, colour))]

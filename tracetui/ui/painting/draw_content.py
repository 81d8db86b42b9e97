"""A `Content` as lines of the screen, drawn as lists draw theirs.

Textual gives each piece of it a style of its own, with its place for selections, so that no cache of styles
or of their escape codes ever helps.
"""

from collections.abc import Iterator
from functools import lru_cache

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.content import Content
from textual.strip import Strip
from textual.style import Style


def content_strips(content: Content, width: int, base: Style) -> list[Strip]:
    """Its lines, each exactly `width` cells on the style `base`; longer ones are wrapped as Textual does."""
    ground = base.background_style.rich_style
    return [
        Strip(_segments(line, base), line.cell_length).adjust_cell_length(width, ground)
        for line in _wrapped(content, width)
    ]


def _wrapped(content: Content, width: int) -> Iterator[Content]:
    for line in content.split("\n", allow_blank=True) if width else ():
        yield from (line,) if line.cell_length <= width else line.wrap(width)


def _segments(line: Content, base: Style) -> list[Segment]:
    pieces = enumerate(line.render(base, end=""))
    return [Segment(text, _rich(style, number % 2)) for number, (text, style) in pieces]


@lru_cache(maxsize=1024)
def _rich(style: Style, apart: int) -> RichStyle:
    """One object a style: Rich keeps a style's escape codes with the object. Neighbours with another `apart`
    are not merged: in a screenshot each piece has its place, whatever the font.
    """
    return style.rich_style + RichStyle.from_meta({"apart": apart})

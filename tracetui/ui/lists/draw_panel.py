"""A panel of the overview as values: items of one or two lines, each leading to where more is said."""

from collections.abc import Sequence
from typing import NamedTuple

from rich.segment import Segment
from textual.strip import Strip

from tracetui.ui.feed.reading import Door
from tracetui.ui.theme.themes import Paint


class Bit(NamedTuple):
    """Some text in a colour of the theme."""

    text: str
    colour: str = "foreground"
    bold: bool = False


Line = Sequence[Bit]


class Item(NamedTuple):
    """`key` stays the same from reading to reading."""

    key: object
    lines: Sequence[Line]
    door: Door | None = None


class Heading(NamedTuple):
    """A panel's title, and a short note beside it."""

    text: str
    aside: Line = ()


def painted(line: Line, width: int, paint: Paint, background: str) -> Strip:
    """Exactly `width` cells."""
    segments = [Segment(bit.text, paint.style(bit.colour, background, bold=bit.bold)) for bit in line]
    return Strip(segments).adjust_cell_length(width, paint.style("foreground", background))


def heading_line(heading: Heading, width: int, *, focused: bool) -> list[Bit]:
    """The title at the left end, the rest at the right."""
    title = f" {heading.text.upper()}"
    aside = list(heading.aside)
    room = width - len(title) - 2
    while aside and sum(len(bit.text) for bit in aside) > room:
        aside.pop()
    gap = " " * (room + 1 - sum(len(bit.text) for bit in aside))
    return [Bit(title, "accent" if focused else "quiet", bold=True), Bit(gap), *aside]

"""Marks the search text in a row or in a text."""

from collections.abc import Iterator, Sequence

from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.strip import Strip

from tracetui.analysis.query.search import stretches_of
from tracetui.text import sanitize

FOUND_ELSEWHERE = "•"
"""Stands at the left of a row that says the text where it cannot be seen: in an attribute, or cut off."""


def marked_strip(strip: Strip, needle: str, style: Style, *, elsewhere: bool) -> Strip:
    """A row with each occurrence of `needle` in `style`; if it was only found `elsewhere`, with a mark."""
    stretches = stretches_of(sanitize(needle), strip.text)
    if stretches:
        return Strip(_split(strip, stretches, style), strip.cell_length)
    if elsewhere and strip.text.startswith(" "):
        first = next(iter(strip.crop(0, 1)))
        ground = Style(bgcolor=first.style.bgcolor if first.style else None)
        mark = Segment(FOUND_ELSEWHERE, Style(color=style.bgcolor) + ground)
        return Strip([mark, *strip.crop(1)], strip.cell_length)
    return strip


def marked_content(content: Content, needle: str) -> Content:
    """A text with each occurrence of `needle` marked."""
    for begin, end in stretches_of(sanitize(needle), content.plain):
        content = content.stylize("bold $background on $warning", begin, end)
    return content


def _split(strip: Strip, stretches: Sequence[tuple[int, int]], style: Style) -> Iterator[Segment]:
    """The segments, cut where a stretch (in code points) begins or ends."""
    place = 0
    for text, own, control in strip:
        at = 0
        for begin, end in stretches:
            first, last = max(begin - place, at), min(end - place, len(text))
            if first < last:
                yield Segment(text[at:first], own, control)
                yield Segment(text[first:last], (own or Style()) + style, control)
                at = last
        yield Segment(text[at:], own, control)
        place += len(text)

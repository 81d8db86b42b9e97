"""A stall is a band across all rows: blank cells in its time are shaded."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from rich.segment import Segment

from tracetui.ui.waterfall.draw_frame import Frame

SHADE = "░"


def with_stalls(frame: Frame, area: Iterable[Segment], *, selected: bool) -> Iterator[Segment]:
    """The bar area of a row with its blank cells in stalls shaded."""
    stalled = frame.stalled_cells
    if not stalled:
        yield from area
        return
    shade = frame.style("scroll-thumb", selected=selected)
    at = 0
    for segment in area:
        text = segment.text
        if text.isspace():  # Blanks inside a label stay.
            for is_shaded, cells in groupby(range(at, at + len(text)), stalled.__contains__):
                run = len(list(cells))
                yield Segment(SHADE * run, shade) if is_shaded else Segment(" " * run, segment.style)
        else:
            yield segment
        at += len(text)

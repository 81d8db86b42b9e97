"""Bars: times to cells, with a resolution of an eighth of a cell."""

import math
from typing import NamedTuple

from tracetui.analysis.timeline.window import Window

EIGHTHS = " ▏▎▍▌▋▊▉█"
THIN = "─"


class Piece(NamedTuple):
    """Text of a bar; `reverse` paints the bar's colour behind it, which fills cells from the right."""

    text: str
    reverse: bool = False


class Bar(NamedTuple):
    """Where a bar starts, in cells from the left, and its pieces; no pieces if nothing is in the window."""

    left: int
    pieces: tuple[Piece, ...]

    @property
    def width(self) -> int:
        """The number of cells it takes."""
        return sum(len(piece.text) for piece in self.pieces)


def share_bar(value: int, most: int, cells: int) -> str:
    """A bar of eighths from the left whose share of `cells` is `value` of `most`; blank for none."""
    filled = max(0, min(8 * cells, 8 * cells * value // max(1, most)))
    return ("█" * (filled // 8) + EIGHTHS[filled % 8]).ljust(cells)[:cells]


def root_bar(value: int, most: int, cells: int) -> str:
    """As `share_bar`, scaled by the square root: short values stay distinguishable beside a huge one."""
    return share_bar(math.isqrt(max(0, value) << 20), math.isqrt(max(0, most) << 20), cells)


def bar_within(start_ns: int, end_ns: int, parent: Window | None, window: Window, cells: int) -> Bar:
    """As `bar`, but the part outside the time of the span's `parent` is a thin line."""
    if parent is None or (parent.start_ns <= start_ns and end_ns <= parent.end_ns):
        return bar(start_ns, end_ns, window, cells)
    whole = bar(start_ns, end_ns, window, cells)
    if max(start_ns, parent.start_ns) > min(end_ns, parent.end_ns):
        return Bar(whole.left, (Piece(THIN * whole.width),) if whole.width else ())
    thick = bar(max(start_ns, parent.start_ns), min(end_ns, parent.end_ns), window, cells)
    if not thick.width:
        return Bar(whole.left, (Piece(THIN * whole.width),) if whole.width else ())
    before = max(0, thick.left - whole.left)
    after = max(0, whole.left + whole.width - thick.left - thick.width)
    lines = [(Piece(THIN * count),) if count else () for count in (before, after)]
    return Bar(whole.left, (*lines[0], *thick.pieces, *lines[1]))


def bar(start_ns: int, end_ns: int, window: Window, cells: int) -> Bar:
    """The bar from `start_ns` to `end_ns` in a window `cells` wide: at least an eighth of a cell."""
    if cells <= 0 or end_ns < window.start_ns or start_ns > window.end_ns:
        return Bar(0, ())
    scale = 8 * cells
    left = max(0, (start_ns - window.start_ns) * scale // window.length)
    right = min(scale, -(-(end_ns - window.start_ns) * scale // window.length))
    left = min(left, scale - 1)
    right = max(right, left + 1)
    return Bar(left // 8, _pieces(left % 8, right - left // 8 * 8))


def _pieces(left: int, right: int) -> tuple[Piece, ...]:
    """A bar from eighth `left` of its first cell to eighth `right`, counted from that cell's edge."""
    if right <= 8:
        if left and right == 8:
            return (Piece(EIGHTHS[left], reverse=True),)
        return (Piece(EIGHTHS[right - left]),)
    pieces = [Piece(EIGHTHS[left], reverse=True)] if left else []
    whole = right // 8 - (1 if left else 0)
    if whole:
        pieces.append(Piece("█" * whole))
    if right % 8:
        pieces.append(Piece(EIGHTHS[right % 8]))
    return tuple(pieces)

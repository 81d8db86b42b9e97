"""The geometry of bars: times to cells, an eighth of a cell at a time."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

EIGHTHS = " ▏▎▍▌▋▊▉█"
THIN = "─"


class Window(NamedTuple):
    """The stretch of time that is shown, in ns since the epoch."""

    start_ns: int
    end_ns: int

    @property
    def length(self) -> int:
        """At least 1 ns."""
        return max(1, self.end_ns - self.start_ns)

    def zoomed(self, factor: float, around_ns: int) -> "Window":
        """A window `factor` times as long that keeps `around_ns` in its place; never shorter than 100 ns."""
        length = max(100, int(self.length * factor))
        start = around_ns - int(length * ((around_ns - self.start_ns) / self.length))
        return Window(start, start + length)

    @property
    def middle_ns(self) -> int:
        """Half-way between start and end."""
        return (self.start_ns + self.end_ns) // 2

    def edges(self, cells: int) -> NDArray[np.int64]:
        """Where each of `cells` equal parts begins, and the end."""
        places, (whole, rest) = np.arange(cells + 1, dtype=np.int64), divmod(self.length, max(1, cells))
        found: NDArray[np.int64] = self.start_ns + places * whole + places * rest // max(1, cells)
        return found

    def cell(self, ns: int, cells: int) -> int:
        """The part of `cells` equal ones that a moment lies in; below 0 or too large outside the window."""
        return (ns - self.start_ns) * cells // self.length

    def padded(self, least_ns: int, part: int = 20) -> "Window":
        """The same with a little air (a `part` of it) on both sides."""
        air = max(least_ns, self.length // part)
        return Window(self.start_ns - air, self.end_ns + air)

    def later(self, ns: int) -> "Window":
        """The same length, so much later."""
        return Window(self.start_ns + ns, self.end_ns + ns)

    def moved(self, fraction: float) -> "Window":
        """The same length, later by `fraction` of it."""
        shift = int(self.length * fraction)
        return Window(self.start_ns + shift, self.end_ns + shift)


class Piece(NamedTuple):
    """Text of a bar; `reverse` paints the bar's colour behind it, which makes cells filled from the right."""

    text: str
    reverse: bool = False


class Bar(NamedTuple):
    """Where a bar starts, in cells from the left, and its pieces; none where nothing is in the window."""

    left: int
    pieces: tuple[Piece, ...]

    @property
    def width(self) -> int:
        """Cells taken."""
        return sum(len(piece.text) for piece in self.pieces)


def share_bar(value: int, most: int, cells: int) -> str:
    """A bar of eighths from the left, as long in `cells` cells as `value` is of `most`; blank for none."""
    filled = max(0, min(8 * cells, 8 * cells * value // max(1, most)))
    return ("█" * (filled // 8) + EIGHTHS[filled % 8]).ljust(cells)[:cells]


def root_bar(value: int, most: int, cells: int) -> str:
    """As `share_bar`, by the square root: beside one that is a hundred times as long others can be told."""
    return share_bar(math.isqrt(max(0, value) << 20), math.isqrt(max(0, most) << 20), cells)


def bar_within(start_ns: int, end_ns: int, parent: Window | None, window: Window, cells: int) -> Bar:
    """As `bar`, but what lies outside the time of the span's `parent` is a thin line."""
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

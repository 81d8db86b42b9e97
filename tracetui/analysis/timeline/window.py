"""A stretch of time on an axis of cells."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


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
        """The start of each of `cells` equal parts, and the end."""
        places, (whole, rest) = np.arange(cells + 1, dtype=np.int64), divmod(self.length, max(1, cells))
        moments: NDArray[np.int64] = self.start_ns + places * whole + places * rest // max(1, cells)
        return moments

    def cell(self, ns: int, cells: int) -> int:
        """The part, of `cells` equal ones, that contains a moment; below 0 or too large outside the
        window.
        """
        return (ns - self.start_ns) * cells // self.length

    def padded(self, least_ns: int, part: int = 20) -> "Window":
        """The same with a margin (a `part` of it) on both sides."""
        air = max(least_ns, self.length // part)
        return Window(self.start_ns - air, self.end_ns + air)

    def later(self, ns: int) -> "Window":
        """The same length, later by `ns`."""
        return Window(self.start_ns + ns, self.end_ns + ns)

    def moved(self, fraction: float) -> "Window":
        """The same length, later by `fraction` of it."""
        shift = int(self.length * fraction)
        return Window(self.start_ns + shift, self.end_ns + shift)

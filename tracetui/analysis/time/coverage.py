"""How much of any stretch of time some intervals cover: sorted once, queried often."""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.analysis.time.times import Nanoseconds


class Coverage(Struct, frozen=True, eq=False):
    """Intervals without their overlaps, in ns: the start of each, its length, and how much is covered before
    it.
    """

    begin: Nanoseconds
    length: Nanoseconds
    before: Nanoseconds

    @property
    def total_ns(self) -> int:
        """How long at least one interval lasted."""
        return int(self.before[-1] + self.length[-1]) if len(self.begin) else 0

    def until(self, moments: Nanoseconds) -> Nanoseconds:
        """How much is covered before each moment, in ns: O(log n) a moment."""
        if not len(self.begin):
            return np.zeros(len(moments), np.int64)
        place = np.searchsorted(self.begin, moments, "right") - 1
        at = np.maximum(place, 0)
        inside = np.clip(moments - self.begin[at], 0, self.length[at])
        covered: Nanoseconds = np.where(place < 0, 0, self.before[at] + inside)
        return covered

    def shares(self, edges: Nanoseconds) -> NDArray[np.float64]:
        """The share (0 to 1) of each interval between `edges` that is covered."""
        if not len(self.begin):
            return np.zeros(len(edges) - 1)
        share: NDArray[np.float64] = np.diff(self.until(edges)) / np.maximum(np.diff(edges), 1)
        return share


def coverage(start: Nanoseconds, end: Nanoseconds) -> Coverage:
    """The coverage of intervals: O(n log n)."""
    if not len(start):
        return Coverage(start, start, start)
    order = np.argsort(start, kind="stable")
    start, reached = start[order], np.maximum.accumulate(end[order])
    begin = np.maximum(start, np.concatenate([start[:1], reached[:-1]]))
    length = np.maximum(reached - begin, 0)
    return Coverage(begin, length, np.cumsum(length) - length)

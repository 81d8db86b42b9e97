"""Bills each instant of a stretch of time to the innermost of the intervals that cover it.

Innermost is the one that began last; of those that began together, the one that ends first, then the one
deeper in the tree of spans. Uncovered instants belong to nobody. So each instant is billed exactly once,
whatever overlaps, and the bills add up to the stretch.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.time.times import Nanoseconds
from tracetui.analysis.timeline.window import Window

NOBODY = -1


class Segments(NamedTuple):
    """A stretch of time without gap or overlap, in ns; an `owner` is an interval's place or `NOBODY`."""

    owner: NDArray[np.intp]
    start: Nanoseconds
    end: Nanoseconds


class Billing(NamedTuple):
    """The segments of a stretch, and for each interval the one that it interrupted when it began, or
    `NOBODY`.
    """

    segments: Segments
    above: NDArray[np.intp]


def bill(start: Nanoseconds, end: Nanoseconds, depth: NDArray[np.signedinteger], window: Window) -> Billing:
    """Bills a window: O(n log n) for sorting, then each interval is begun and ended once."""
    begin, until = np.clip(start, *window), np.clip(end, *window)
    order = np.lexsort((depth, -until, begin))
    sweep = _Sweep(until.tolist(), window.start_ns)
    above = np.full(len(start), NOBODY, np.intp)
    for place, at in zip(order.tolist(), begin[order].tolist(), strict=True):
        if sweep.ends[place] > at:
            sweep.advance(at)
            above[place] = sweep.begin(place)
    sweep.advance(window.end_ns)
    return Billing(sweep.segments(window.end_ns), above)


class _Sweep:
    """A sweep through time; `open` are the intervals that have begun, the last one last."""

    def __init__(self, ends: list[int], now: int) -> None:
        self.ends = ends
        self.now = now
        self.open: list[int] = []
        self._owners: list[int] = []
        self._starts: list[int] = []

    def advance(self, until: int) -> None:
        """Bill the time up to `until`."""
        while self.now < until:
            self._drop_ended()
            owner = self.open[-1] if self.open else NOBODY
            self._owners.append(owner)
            self._starts.append(self.now)
            self.now = until if owner == NOBODY else min(until, self.ends[owner])

    def begin(self, place: int) -> int:
        """Start an interval now; returns the one that it interrupts."""
        self._drop_ended()
        above = self.open[-1] if self.open else NOBODY
        self.open.append(place)
        return above

    def segments(self, end: int) -> Segments:
        """The billed segments."""
        starts = np.array(self._starts, np.int64)
        return Segments(
            np.array(self._owners, np.intp), starts, np.append(starts[1:], [end] * bool(len(starts)))
        )

    def _drop_ended(self) -> None:
        while self.open and self.ends[self.open[-1]] <= self.now:
            self.open.pop()

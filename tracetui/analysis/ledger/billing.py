"""Bills each instant of a stretch of time to the innermost of the intervals that cover it.

Innermost is the one that began last; of those that began together, the one that ends first, then the one
deeper in the tree of spans. Uncovered instants belong to nobody. So each instant is billed exactly once,
whatever overlaps, and the bills add up to the stretch.
"""

from array import array
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.time.times import Nanoseconds
from tracetui.analysis.timeline.window import Window

NOBODY = -1
_AT_ONCE = 4096


class Segments(NamedTuple):
    """A stretch of time without gap or overlap, in ns; an `owner` is an interval's place or `NOBODY`."""

    owner: NDArray[np.int32]
    start: Nanoseconds
    end: Nanoseconds

    @classmethod
    def between(cls, owner: NDArray[np.int32], edges: Nanoseconds) -> "Segments":
        """Those between neighbouring `edges`: one fewer, unless there are none."""
        return cls(owner, edges[:-1], edges[1:])


class Billing(NamedTuple):
    """The segments of a stretch, and for each interval the one that it interrupted when it began, or
    `NOBODY`.
    """

    segments: Segments
    above: NDArray[np.int32]


def bill(start: Nanoseconds, end: Nanoseconds, depth: NDArray[np.signedinteger], window: Window) -> Billing:
    """Bills a window: O(n log n) for sorting, then each interval is begun and ended once."""
    begin, until = np.clip(start, *window), np.clip(end, *window)
    order = np.lexsort((depth, -until, begin))
    sweep = _Sweep(array("q", until.tobytes()), window.start_ns)
    above = np.full(len(start), NOBODY, np.int32)
    for place, at in side_by_side((order, begin[order])):
        if sweep.ends[place] > at:
            sweep.advance(at)
            above[place] = sweep.begin(place)
    sweep.advance(window.end_ns)
    return Billing(sweep.segments(window.end_ns), above)


def side_by_side(columns: Sequence[NDArray[Any]]) -> Iterator[tuple[int, ...]]:
    """The values of columns of one length; a run of many spans has no list of all its numbers."""
    for at in range(0, len(columns[0]), _AT_ONCE):
        yield from zip(*(column[at : at + _AT_ONCE].tolist() for column in columns), strict=True)


class _Sweep:
    """A sweep through time; `open` are the intervals that have begun, the last one last.

    Arrays take a fifth of what lists of numbers do.
    """

    def __init__(self, ends: "array[int]", now: int) -> None:
        self.ends = ends
        self.now = now
        self.open: list[int] = []
        self._owners = array("i")
        self._starts = array("q")

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
        self._starts.append(end)
        owners = np.array(self._owners, np.int32)
        return Segments.between(owners, np.array(self._starts, np.int64))

    def _drop_ended(self) -> None:
        while self.open and self.ends[self.open[-1]] <= self.now:
            self.open.pop()

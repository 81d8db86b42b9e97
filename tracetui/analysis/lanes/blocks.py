"""The blocks of a lane and the idle gaps around them, one after the other."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.analysis.time.times import Nanoseconds
from tracetui.analysis.timeline.window import Window
from tracetui.analysis.tree.tree import Rows

MOST_LOOKED_AT = 2000
"""Where more blocks than this are in a window, only the longest of the lane are looked at one by one."""


class Stop(NamedTuple):
    """A block by its place in the lane, or the gap after it; -1 is before the first block."""

    place: int
    is_gap: bool = False


class Blocks(Struct, frozen=True, eq=False):
    """Blocks by start. `reached` is the last end up to each block, `wall` the run's start and end.

    `longest` are the places of the longest blocks, `widest` of those before the longest gaps; both ascending.
    """

    rows: Rows
    start: Nanoseconds
    end: Nanoseconds
    reached: Nanoseconds
    wall: Window
    longest: NDArray[np.intp]
    widest: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.rows)

    def interval(self, stop: Stop) -> Window:
        """The start and end of a stop."""
        if not stop.is_gap:
            return Window(int(self.start[stop.place]), int(self.end[stop.place]))
        begin = int(self.reached[stop.place]) if stop.place >= 0 else self.wall.start_ns
        end = int(self.start[stop.place + 1]) if stop.place + 1 < len(self) else self.wall.end_ns
        return Window(begin, max(begin, end))

    def at(self, moment: int) -> Stop:
        """The block that ran at a moment, the latest of several, or the gap around it."""
        place = int(np.searchsorted(self.start, moment, "right")) - 1
        return Stop(place, place < 0 or moment >= int(self.reached[place]))

    def of(self, row: int, start_ns: int) -> Stop | None:
        """The block of a row that started at `start_ns`."""
        first, last = (
            np.searchsorted(self.start, start_ns, "left"),
            np.searchsorted(self.start, start_ns, "right"),
        )
        places = np.flatnonzero(self.rows[first:last] == row)
        return Stop(int(first) + int(places[0])) if len(places) else None

    def step(self, stop: Stop, direction: int, least_ns: int) -> Stop:
        """The next block, or the gap before it if that is at least `least_ns` long; at either end the same
        stop.
        """
        if direction > 0:
            gap = Stop(stop.place, is_gap=True)
            ahead = Stop(stop.place + 1)
        else:
            gap = Stop(stop.place - 1, is_gap=True)
            ahead = Stop(stop.place if stop.is_gap else stop.place - 1)
        if not stop.is_gap and self.interval(gap).end_ns - self.interval(gap).start_ns >= max(1, least_ns):
            return gap
        return ahead if 0 <= ahead.place < len(self) else stop

    def long_ones(self, window: Window, least_ns: int) -> list[int]:
        """The places of the blocks in the window that are at least `least_ns` long."""
        places = self._in_sight(window, self.longest)
        long_places: list[int] = places[self.end[places] - self.start[places] >= least_ns].tolist()
        return long_places

    def gaps(self, window: Window, least_ns: int) -> Iterator[Window]:
        """The gaps in the window that are at least `least_ns` long, including those at both ends of the
        run.
        """
        least_ns = max(1, least_ns)
        places = self._in_sight(window, self.widest)
        places = places[(places >= 0) & (places < len(self) - 1)]
        inner = places[self.start[places + 1] - self.reached[places] >= least_ns].tolist()
        for place in dict.fromkeys((-1, *inner, len(self) - 1)):
            gap = self.interval(Stop(place, is_gap=True))
            if gap.end_ns - gap.start_ns >= least_ns:
                yield gap

    def longest_at(self, window: Window) -> int | None:
        """The place of the longest block that touches a window."""
        places = self._in_sight(window, self.longest)
        touching = places[(self.start[places] < window.end_ns) & (self.end[places] > window.start_ns)]
        if not len(touching):
            return None
        inside = np.minimum(self.end[touching], window.end_ns) - np.maximum(
            self.start[touching], window.start_ns
        )
        return int(touching[int(np.argmax(inside))])

    def _in_sight(self, window: Window, few: NDArray[np.intp]) -> NDArray[np.intp]:
        first = int(np.searchsorted(self.reached, window.start_ns, "right"))
        last = int(np.searchsorted(self.start, window.end_ns, "left"))
        if last - first <= MOST_LOOKED_AT:
            return np.arange(max(0, first - 1), max(first, last), dtype=np.intp)
        return few[(few >= first - 1) & (few < last)]


def blocks(rows: Rows, start: Nanoseconds, end: Nanoseconds, wall: Window) -> Blocks:
    """The blocks `rows`, which are sorted by start: O(n)."""
    reached = np.maximum.accumulate(end)
    gaps = np.append(np.maximum(start[1:] - reached[:-1], 0), 0)
    return Blocks(rows, start, end, reached, wall, most(end - start), most(gaps))


def most(values: Nanoseconds) -> NDArray[np.intp]:
    """The places of the largest values, ascending: of equal ones the first."""
    if len(values) <= MOST_LOOKED_AT:
        return np.arange(len(values))
    least = np.partition(values, -MOST_LOOKED_AT)[-MOST_LOOKED_AT]
    larger = np.flatnonzero(values > least)
    equal = np.flatnonzero(values == least)[: MOST_LOOKED_AT - len(larger)]
    return np.sort(np.concatenate((larger, equal)))

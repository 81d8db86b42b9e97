"""Where nothing happened for a long time in a run: no test began or ended.

Only stretches of at least a fiftieth of the run, and of at least three seconds, are kept: they are few,
however long it is, and further events can only shorten them.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from tracetui import units
from tracetui.analysis.time.times import Nanoseconds
from tracetui.model.numbers.distinct import distinct

_LEAST_NS = 3 * units.S
_LEAST_SHARE = 0.02
_TIMES_THE_USUAL = 10
_FEW = 64


class Gap(NamedTuple):
    """Between two moments, ns since the epoch."""

    start_ns: int
    end_ns: int

    @property
    def length_ns(self) -> int:
        """How long it was."""
        return self.end_ns - self.start_ns


class Quiet(Struct, frozen=True):
    """The `gaps` of a run, ascending, that are long compared with the time between its first event and its
    last.

    There are at least `moments` distinct events.
    """

    first_ns: int
    last_ns: int
    moments: int
    gaps: tuple[Gap, ...]

    @property
    def wall_ns(self) -> int:
        """The time from the first event to the last."""
        return self.last_ns - self.first_ns

    def among(self, moments: Iterable[int]) -> "Quiet":
        """The same with more events, at any time."""
        first, last, count, gaps = self.first_ns, self.last_ns, self.moments, list(self.gaps)
        for moment in moments:
            if moment > last:
                gaps.append(Gap(last, moment))
                last, count = moment, count + 1
            elif moment < first:
                gaps.insert(0, Gap(moment, first))
                first, count = moment, count + 1
            else:
                place = bisect_left(gaps, moment, key=lambda gap: gap.end_ns)
                if place < len(gaps) and gaps[place].start_ns < moment < gaps[place].end_ns:
                    start, end = gaps[place]
                    gaps[place : place + 1] = [Gap(start, moment), Gap(moment, end)]
                    count += 1
            if len(gaps) > _FEW:
                gaps = _long(gaps, last - first)
        return replace(
            self, first_ns=first, last_ns=last, moments=count, gaps=tuple(_long(gaps, last - first))
        )

    def longest(self, most: int, moments: Callable[[], Nanoseconds]) -> list[Gap]:
        """The gaps that are long compared with the median too, at most `most`, the longest first.

        All `moments` are asked for if they are few, or the same.
        """
        gaps = sorted(self.gaps, key=lambda gap: (-gap.length_ns, gap.start_ns))[:most]
        if all(map(self._is_long, gaps)):
            return gaps
        usual_ns = _median(np.diff(distinct(moments())))
        return [gap for gap in gaps if gap.length_ns >= _TIMES_THE_USUAL * usual_ns]

    def _is_long(self, gap: Gap) -> bool:
        """Whether a gap is certainly ten times the median: if half of all gaps were longer, they would not
        fit.
        """
        gaps = self.moments - 1
        return (gaps - gaps // 2) * (gap.length_ns // _TIMES_THE_USUAL + 1) > self.wall_ns


def _median(values: Nanoseconds) -> int:
    ordered = np.sort(values)
    return (int(ordered[(len(values) - 1) // 2]) + int(ordered[len(values) // 2])) // 2


def _least(wall_ns: int) -> int:
    return max(_LEAST_NS, int(wall_ns * _LEAST_SHARE))


def _long(gaps: Iterable[Gap], wall_ns: int) -> list[Gap]:
    least = _least(wall_ns)
    return [gap for gap in gaps if gap.length_ns >= least]


def quiet(begins: Nanoseconds, ends: Nanoseconds) -> Quiet:
    """The quiet stretches of a run whose tests began and ended at these moments, at least one: O(n), without
    sorting.

    The run is divided into parts no longer than a long gap: no part contains one.
    """
    moments = np.concatenate([begins, ends])
    first, last = int(moments.min()), int(moments.max())
    moments -= first
    part = moments // _least(last - first)
    heads = np.flatnonzero(np.diff(part, prepend=-1))  # Tests come nearly in order: that leaves few.
    low = np.full(int(part.max()) + 1, np.iinfo(np.int64).max)
    high = np.full(len(low), -1)
    np.minimum.at(low, part[heads], np.minimum.reduceat(moments, heads))
    np.maximum.at(high, part[heads], np.maximum.reduceat(moments, heads))
    full = np.flatnonzero(high >= 0)
    pairs = zip((high[full][:-1] + first).tolist(), (low[full][1:] + first).tolist(), strict=True)
    return Quiet(first, last, _different(begins), tuple(_long((Gap(*pair) for pair in pairs), last - first)))


def _different(begins: Nanoseconds) -> int:
    """How many different ones there are at least: they come nearly in order, but for some very early or late.

    Of a followed directory, the tests that run now come before all others.
    """
    latest, earliest = np.maximum.accumulate(begins), np.minimum.accumulate(begins[::-1])
    return 1 + max(int(np.count_nonzero(reached[1:] != reached[:-1])) for reached in (latest, earliest))

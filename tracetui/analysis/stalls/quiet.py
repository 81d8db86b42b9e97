"""Where nothing happened for long in a run: no test began or ended.

Only stretches of at least a fiftieth of the run are kept, and of at least three seconds: they are few,
however long it is, and the moments of one more test can only make them shorter.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from tracetui import units
from tracetui.analysis.study.distinct import distinct
from tracetui.analysis.time.times import Nanoseconds

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


@dataclass(frozen=True, slots=True)
class Quiet:
    """The `gaps` of a run, ascending, that are long for the time between its first moment and its last.

    There are at least so many different `moments`.
    """

    first_ns: int
    last_ns: int
    moments: int
    gaps: tuple[Gap, ...]

    @property
    def wall_ns(self) -> int:
        """From the first moment to the last."""
        return self.last_ns - self.first_ns

    def among(self, moments: Iterable[int]) -> "Quiet":
        """With more moments, which may come at any time."""
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
        """The longest of those that are long beside the median too, at most so many, the longest first.

        All `moments` are asked for where they are few, or the same.
        """
        gaps = sorted(self.gaps, key=lambda gap: (-gap.length_ns, gap.start_ns))[:most]
        if all(map(self._is_long, gaps)):
            return gaps
        usual_ns = _median(np.diff(distinct(moments())))
        return [gap for gap in gaps if gap.length_ns >= _TIMES_THE_USUAL * usual_ns]

    def _is_long(self, gap: Gap) -> bool:
        """Whether a gap is ten times the median for sure: were half of all gaps longer, they had no room."""
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
    """Of a run whose tests began and ended at these moments, at least one: O(n), for nothing is sorted.

    What is in one of some parts of the run, none longer than a long gap, has no long gap between it.
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
    reached = np.maximum.accumulate(begins)
    different = 1 + np.count_nonzero(reached[1:] > reached[:-1])
    return Quiet(first, last, int(different), tuple(_long((Gap(*pair) for pair in pairs), last - first)))

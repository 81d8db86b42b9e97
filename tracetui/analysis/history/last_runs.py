"""What groups took in the last runs of a recording, kept by job."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.history.history import LAST
from tracetui.analysis.ranking.splices import spliced

Numbers = NDArray[np.int64]

_JOB_BITS = np.int64(32)


class Took(NamedTuple):
    """For each occurrence its group, its own time in ns, and the number of its job."""

    group: Numbers
    own: Numbers
    job: NDArray[np.int32]

    def sums(self) -> tuple[Numbers, Numbers, Numbers]:
        """The distinct pairs of group and job, ascending; how often each occurs, and its own time."""
        pairs = (self.group << _JOB_BITS) | self.job
        order = np.argsort(pairs, kind="stable")
        pairs = pairs[order]
        first = np.flatnonzero(np.diff(pairs, prepend=-1))
        own = np.add.reduceat(self.own[order], first) if len(first) else self.own
        return pairs[first], np.diff(first, append=len(pairs)), own


class LastRuns:
    """Sums of own times by group and job; it is changed in place."""

    def __init__(self) -> None:
        self._pairs = np.empty(0, np.int64)
        self._seen = np.empty(0, np.int32)
        self._own = np.empty(0, np.int64)

    def put_to(self, more: Took) -> None:
        """Add occurrences."""
        pairs, seen, own = more.sums()
        self._make_room(pairs)
        self._add(pairs, seen, own)

    def take_off(self, less: Took) -> None:
        """Remove occurrences that were added before."""
        pairs, seen, own = less.sums()
        self._add(pairs, -seen, -own)

    def _make_room(self, pairs: Numbers) -> None:
        places = np.searchsorted(self._pairs, pairs)
        known = places < len(self._pairs)
        known[known] = self._pairs[places[known]] == pairs[known]
        new, places = pairs[~known], places[~known]
        none = np.empty(0, np.intp)
        self._seen = spliced(self._seen, none, places, np.zeros(len(new), np.int32))
        self._own = spliced(self._own, none, places, np.zeros(len(new), np.int64))
        self._pairs = spliced(self._pairs, none, places, new)

    def _add(self, pairs: Numbers, seen: Numbers, own: Numbers) -> None:
        places = np.searchsorted(self._pairs, pairs)
        self._seen[places] += seen
        self._own[places] += own

    def of(self, groups: Numbers, first_job: Numbers) -> Numbers:
        """A row for each of `groups`: its own time in each of the last `LAST` runs.

        `first_job` has the number of each run's first job, the last run first. The oldest run comes first; -1
        if it was not in that run. Over the jobs of a run that have it, it is the mean: a matrix grows, its
        tests do not.
        """
        begin, end = (np.searchsorted(self._pairs, (groups + more) << _JOB_BITS) for more in (0, 1))
        sizes = end - begin
        which = np.repeat(np.arange(len(groups)), sizes)
        pairs = np.arange(len(which)) + np.repeat(begin - (np.cumsum(sizes) - sizes), sizes)
        seen = self._seen[pairs] > 0
        which, pairs = which[seen], pairs[seen]
        job = self._pairs[pairs] & ((1 << 32) - 1)
        back = np.searchsorted(first_job, job, "right") - 1
        place = which * LAST + (LAST - 1 - back)
        sums = np.zeros(len(groups) * LAST, np.int64)
        np.add.at(sums, place, self._own[pairs])
        jobs = np.bincount(place, minlength=len(sums))
        return np.where(jobs > 0, sums // np.maximum(jobs, 1), -1).reshape(len(groups), LAST)


def trend(last_ns: Numbers) -> NDArray[np.float64]:
    """By group, its own time in the last run over the median of those before; 0 if either is missing.

    `last_ns` has a row a group, see `LastRuns.of`.
    """
    now, before = last_ns[:, -1], last_ns[:, :-1]
    comparable = np.flatnonzero((now >= 0) & (before >= 0).any(1))
    usual = _median(before[comparable])
    growth = np.zeros(len(last_ns))
    growth[comparable] = np.where(usual > 0, now[comparable] / np.maximum(usual, 1), 0)
    return growth


def _median(last_ns: Numbers) -> NDArray[np.float64]:
    """By group, of which each has some: `numpy.nanmedian` loads `numpy.ma`."""
    there = np.count_nonzero(last_ns >= 0, axis=1)
    ordered = np.sort(np.where(last_ns < 0, np.inf, last_ns), axis=1)
    groups = np.arange(len(ordered))
    median: NDArray[np.float64] = (ordered[groups, (there - 1) // 2] + ordered[groups, there // 2]) / 2
    return median

"""What groups took in the last runs of a recording, and whether that grows."""

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.distinct import distinct
from tracetui.analysis.history import LAST


def last_runs(
    groups: int,
    group: NDArray[np.intp],
    own_ns: NDArray[np.int64],
    back: NDArray[np.int64],
    job: NDArray[np.int32],
) -> NDArray[np.int64]:
    """By group the own time (ns) in each of the last `LAST` runs, the oldest first; -1 where there is none.

    By occurrence: `group` (-1: of none), `own_ns`, `back`, how many runs before the last one, and `job`, the
    number of its job. Of the jobs of a run that have it, it is the mean: a matrix grows, its tests do not.
    """
    told = np.flatnonzero((group >= 0) & (back >= 0) & (back < LAST))
    place = group[told] * LAST + (LAST - 1 - back[told])
    seen = np.bincount(place, minlength=groups * LAST)
    sums = np.bincount(place, own_ns[told], groups * LAST).astype(np.int64)
    most = int(job.max(initial=0)) + 1
    jobs = seen > 0 if most == 1 else _jobs(place * most + job[told], most, groups * LAST)
    return np.where(seen > 0, sums // np.maximum(jobs, 1), -1).reshape(groups, LAST)


def _jobs(pairs: NDArray[np.int64], most: int, places: int) -> NDArray[np.int64]:
    """By place, how many jobs have it: `pairs` are a place and one of `most` jobs."""
    return np.bincount(distinct(pairs) // most, minlength=places)


def trend(last_ns: NDArray[np.int64]) -> NDArray[np.float64]:
    """By group, its own time in the last run over the median of those before; 0 where either is missing."""
    now, before = last_ns[:, -1], last_ns[:, :-1]
    told = np.flatnonzero((now >= 0) & (before >= 0).any(1))
    usual = np.nanmedian(np.where(before[told] < 0, np.nan, before[told]), axis=1)
    found = np.zeros(len(last_ns))
    found[told] = np.where(usual > 0, now[told] / np.maximum(usual, 1), 0)
    return found

"""The exact rank-sum test (Wilcoxon 1945; Mann and Whitney 1947), for many tests at once, ties included."""

from functools import lru_cache
from math import comb, erfc, sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

MOST_EXACT = 64
"""Values on both sides together; with more, the normal approximation is as good and much cheaper."""
LEVEL = 0.05
"""The share of false discoveries that we accept."""


def mann_whitney(base: Floats, new: Floats) -> Floats:
    """Two-sided p by row that both sides come from one distribution.

    `base` and `new` have a row per test and a column per run; NaN is a run without the test. Ties share their
    mid-rank, and p is the share of all ways to deal these very ranks to the sides whose rank sum is at least
    as far from its mean as the observed one (Lehmann, Nonparametrics, 1975, 1.4): exact even with ties. NaN
    if a side is empty. With more than `MOST_EXACT` values the normal approximation with corrections for ties
    and continuity is used.
    """
    ranks = doubled_ranks(np.hstack((base, new)))
    sums = ranks[:, base.shape[1] :].sum(1)
    sizes = np.count_nonzero(ranks[:, base.shape[1] :], axis=1)
    cases, which = np.unique(np.column_stack((sizes, np.sort(ranks))), axis=0, return_inverse=True)
    p = np.full(len(ranks), np.nan)
    for number, case in enumerate(cases):
        dealt = tuple(int(rank) for rank in case[1:] if rank)
        if 0 < case[0] < len(dealt):
            rows = np.flatnonzero(which.ravel() == number)
            p[rows] = _tails(dealt, int(case[0]), sums[rows])
    return p


def doubled_ranks(values: Floats) -> Counts:
    """By row twice the mid-rank of each value, from 2 for the least; 0 for NaN."""
    order = np.argsort(values, axis=1)
    ordered = np.take_along_axis(values, order, 1)
    place = np.broadcast_to(np.arange(values.shape[1]), values.shape)
    differs = np.ones_like(ordered, dtype=bool)
    differs[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    first = np.maximum.accumulate(np.where(differs, place, 0), 1)
    ends = np.ones_like(differs)
    ends[:, :-1] = differs[:, 1:]
    last = np.minimum.accumulate(np.where(ends, place, values.shape[1])[:, ::-1], 1)[:, ::-1]
    ranks = np.empty(values.shape, np.int64)
    np.put_along_axis(ranks, order, np.where(np.isnan(ordered), 0, first + last + 2), 1)
    return ranks


def _tails(ranks: tuple[int, ...], size: int, sums: Counts) -> Floats:
    """Two-sided p of rank sums of `size` of the `ranks`."""
    if len(ranks) > MOST_EXACT:
        return _normal_tails(np.array(ranks), size, sums)
    distance = np.abs(len(ranks) * sums - size * sum(ranks))
    return _null(ranks, size)[distance]


@lru_cache(maxsize=256)
def _null(ranks: tuple[int, ...], size: int) -> Floats:
    """P(N |W - mean W| >= d) for each whole d, where W is the sum of `size` of the N `ranks`.

    Ways are counted by a recursion over ranks, each dealt to the side or not. Floats are exact to 1e-13: only
    positive numbers are added.
    """
    total = sum(ranks)
    distance = np.abs(len(ranks) * np.arange(total + 1) - size * total)
    by_distance = np.bincount(distance, by_chance(ranks, size))
    return np.asarray(np.cumsum(by_distance[::-1])[::-1], np.float64)


def by_chance(ranks: tuple[int, ...], size: int) -> Floats:
    """How often each sum of `size` of the `ranks` comes by chance, from 0 to the sum of all.

    Ways are counted by the recursion over ranks, each dealt to the side or not.
    """
    total = sum(ranks)
    ways = np.zeros((size + 1, total + 1))
    ways[0, 0] = 1
    for rank in ranks:
        ways[1:, rank:] += ways[:-1, : total + 1 - rank]
    return np.asarray(ways[size] / comb(len(ranks), size))


def _normal_tails(ranks: Counts, size: int, sums: Counts) -> Floats:
    count = len(ranks)
    halves = ranks / 2
    variance = size * (count - size) / (count * (count - 1)) * float(((halves - halves.mean()) ** 2).sum())
    if not variance:
        return np.ones(len(sums))
    distance = np.abs(sums / 2 - size * halves.mean()) - 0.5
    return np.array([erfc(max(0.0, away) / sqrt(2 * variance)) for away in distance])


def smallest_p(n_base: int, n_new: int) -> float:
    """The smallest two-sided p that this many runs can give: 2 / C(n_base + n_new, n_base), without ties."""
    return min(1.0, 2 / comb(n_base + n_new, n_base))


def least_runs(tests: int, level: float = LEVEL) -> int:
    """How many runs a side needs for one change among `tests` to pass Benjamini-Hochberg at `level`."""
    runs = 1
    while smallest_p(runs, runs) > level / max(1, tests):
        runs += 1
    return runs

"""The rank-sum test over strata (van Elteren 1960): each stratum's rank sum is weighted by 1 over its size
plus 1.

With few values and no ties p is exact: the share of all ways to deal the ranks of each stratum to its sides.
"""

from collections.abc import Sequence
from functools import lru_cache
from math import erfc, gcd, lcm, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.statistics.rank_sum import MOST_EXACT, by_chance

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

MOST_CELLS = 20_000
"""Of a null distribution; strata of very different sizes would need more, and take the normal one."""


class Ranked(NamedTuple):
    """By stratum: values on both sides, twice the rank sum of the new ones, the sum of t^3 - t of ties."""

    base: Counts
    new: Counts
    ranks: Counts
    ties: Counts


class Significance(NamedTuple):
    """By test: by how many standard deviations the new side is higher, and two-sided p."""

    z: Floats
    p: Floats


def van_elteren(strata: Ranked, group: NDArray[np.intp], groups: int) -> Significance:
    """The test of each of `groups` groups of strata; `group` has the index of each stratum's.

    Strata with an empty side are ignored; a group without others has z 0 and p 1.
    """
    tells = np.flatnonzero((strata.base > 0) & (strata.new > 0))
    strata, group = Ranked._make(column[tells] for column in strata), group[tells]
    size = (strata.base + strata.new).astype(np.float64)
    weight = 1 / (size + 1)
    beyond = strata.ranks / 2 - strata.new * (size + 1) / 2
    variance = strata.base * strata.new / 12 * (size + 1 - strata.ties / (size * (size - 1)))
    sums = np.bincount(group, weight * beyond, groups)
    spread = np.sqrt(np.bincount(group, weight**2 * variance, groups))
    z = np.divide(sums, spread, out=np.zeros(groups), where=spread > 0)
    p = np.array([erfc(abs(score) / sqrt(2)) for score in z.tolist()])
    _put_exact(p, strata, group)
    return Significance(z, p)


def _put_exact(p: Floats, strata: Ranked, group: NDArray[np.intp]) -> None:
    """Set the exact p of groups that are small enough."""
    order = np.argsort(group, kind="stable")
    edges = np.flatnonzero(np.diff(group[order], prepend=-1, append=-1))
    for begin, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        rows = order[begin:end]
        values = int(strata.base[rows].sum() + strata.new[rows].sum())
        if values > MOST_EXACT or strata.ties[rows].any():
            continue
        sizes = sorted(zip(strata.base[rows].tolist(), strata.new[rows].tolist(), strict=True))
        null = _null(tuple(sizes))
        if null is not None:
            p[group[rows[0]]] = null.p(
                [(int(strata.base[row]), int(strata.new[row]), int(strata.ranks[row])) for row in rows]
            )


class _Null(NamedTuple):
    """The probability of at least so many steps from the mean by chance; a stratum of N values weighs `scale`
    / (N + 1) of them.
    """

    scale: int
    tails: Floats

    def p(self, strata: Sequence[tuple[int, int, int]]) -> float:
        """The p of some strata: values on both sides, and twice the rank sum."""
        distance = sum(
            self.scale // (base + new + 1) * (ranks - new * (base + new + 1)) for base, new, ranks in strata
        )
        return float(self.tails[abs(distance)])


@lru_cache(maxsize=1024)
def _null(sizes: tuple[tuple[int, int], ...]) -> _Null | None:
    """The null distribution of strata of these sizes; None if it has too many cells."""
    whole = [base + new + 1 for base, new in sizes]
    scale = lcm(*whole)
    scale //= gcd(*(scale // weight for weight in whole))
    steps = [scale // weight for weight in whole]
    most = sum(step * base * new for step, (base, new) in zip(steps, sizes, strict=True))
    if most > MOST_CELLS:
        return None
    share = np.ones(1)
    for step, (base, new) in zip(steps, sizes, strict=True):
        least = new * (new + 1) // 2
        one = by_chance(tuple(range(1, base + new + 1)), new)[least : least + base * new + 1]
        spaced = np.zeros(step * base * new + 1)
        spaced[::step] = one
        share = np.convolve(share, spaced)
    # Twice the rank sums: the mean is whole, and distances from it are.
    distance = np.abs(2 * np.arange(most + 1) - most)
    tails = np.cumsum(np.bincount(distance, share)[::-1])[::-1]
    return _Null(scale, np.asarray(tails, np.float64))

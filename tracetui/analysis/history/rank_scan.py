"""Where a series changes: a rank-sum test at every place, and how far it goes by chance.

The greatest |z| over all places to split a series was searched for: it is large far more often than the z of
one place chosen beforehand. Its significance is how often random orders reach it, which depends on the length
alone: a Monte Carlo table says so. A value may be a lower bound: its score is how many are surely less minus
how many are surely more (Gehan 1965, Biometrika 52).
"""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Places = NDArray[np.intp]

BEFORE, AFTER = 5, 3
"""So many runs are needed on either side of a change."""
LEAST = BEFORE + AFTER
MOST = 1000
"""Of longer series the table knows nothing."""


class Scan(NamedTuple):
    """By series where its second part begins (0: it cannot be split), and the p of that split."""

    place: Places
    p: Floats


class _Null(NamedTuple):
    """By length (ascending) and level (descending) the least z that at most this share of orders reaches."""

    length: Places
    level: Floats
    z: Floats


def scan(values: Floats, at_least: Mask) -> Scan:
    """The best place to split each row of `values`, which are left-aligned and padded with NaN.

    Those `at_least` so long are lower bounds. O(n log n) a row.
    """
    length = np.count_nonzero(~np.isnan(values), axis=1)
    score = scores(values, at_least)
    taken = np.arange(1, values.shape[1] + 1)
    left = length[:, None] - taken
    squares = (score**2).sum(axis=1)[:, None]
    variance = taken * left * squares / np.maximum(length * (length - 1.0), 1)[:, None]
    allowed = (taken >= BEFORE) & (left >= AFTER) & (variance > 0)
    sums = np.abs(np.cumsum(score, axis=1))
    z = np.where(allowed, sums / np.sqrt(np.where(allowed, variance, 1)), 0)
    if not z.size:
        return Scan(np.zeros(len(values), np.intp), np.ones(len(values)))
    best = z.argmax(axis=1)
    height = z[np.arange(len(z)), best]
    p = np.where(length >= LEAST, by_chance(height, length), np.nan)
    return Scan(np.where(height > 0, best + 1, 0), p)


def scores(values: Floats, at_least: Mask) -> Floats:
    """By value how many of its row are surely less minus how many are surely more; 0 for NaN."""
    there = ~np.isnan(values)
    score = np.where(there, 0.0, 0.0)
    simple = ~(at_least & there).any(axis=1)
    score[simple] = _exact(values[simple], there[simple])
    for row in np.flatnonzero(~simple):
        score[row, there[row]] = _bounded(values[row, there[row]], at_least[row, there[row]])
    return score


def _exact(values: Floats, there: Mask) -> Floats:
    """The scores if no value is a bound."""
    order = np.argsort(values, axis=1, kind="stable")  # NaN comes last.
    ordered = np.take_along_axis(values, order, axis=1)
    place = np.arange(values.shape[1])
    new = np.ones(values.shape, np.bool_)
    new[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    less = np.maximum.accumulate(np.where(new, place, 0), axis=1)
    last = np.ones(values.shape, np.bool_)
    last[:, :-1] = new[:, 1:]
    upto = np.minimum.accumulate(np.where(last, place, values.shape[1])[:, ::-1], axis=1)[:, ::-1]
    more = there.sum(axis=1)[:, None] - 1 - upto
    score = np.zeros(values.shape)
    np.put_along_axis(score, order, (less - more).astype(np.float64), axis=1)
    return np.where(there, score, 0.0)


def _bounded(values: Floats, at_least: Mask) -> Floats:
    """The scores of one series, of which some values are lower bounds."""
    exact, bounds = np.sort(values[~at_least]), np.sort(values[at_least])
    less = np.where(at_least, np.searchsorted(exact, values, "right"), np.searchsorted(exact, values, "left"))
    more = len(exact) - np.searchsorted(exact, values, "right")
    more += len(bounds) - np.searchsorted(bounds, values, "left")
    bounded: Floats = (less - np.where(at_least, 0, more)).astype(np.float64)
    return bounded


def by_chance(z: Floats, length: Places) -> Floats:
    """How often a random order of a series of this length reaches this |z|: never 0.

    Between levels its log is interpolated by z squared; beyond the last it falls as a normal tail does, which
    falls more slowly than that of ranks.
    """
    null = _null()
    known = np.clip(length, null.length[0], null.length[-1])
    upper = np.searchsorted(null.length, known)
    lower = np.maximum(upper - (null.length[upper] > known), 0)
    span = np.log(null.length[upper] / null.length[lower])
    share = np.where(span > 0, np.log(known / null.length[lower]) / np.where(span > 0, span, 1), 0)[:, None]
    low, high = null.z[lower], null.z[upper]
    known_both = np.isfinite(low) & np.isfinite(high)
    least = np.where(
        known_both, np.where(known_both, low, 0) * (1 - share) + np.where(known_both, high, 0) * share, np.inf
    )
    return np.array([_tail(*pair, null.level) for pair in zip(z.tolist(), least, strict=True)], np.float64)


def _tail(z: float, least: Floats, level: Floats) -> float:
    reached = int(np.searchsorted(least, z + 1e-9, "right"))
    if not reached:
        return 1.0
    last, p = float(least[reached - 1]), float(level[reached - 1])
    if reached == len(level):
        return p * float(np.exp((last**2 - z**2) / 2))
    following = float(least[reached])
    if not np.isfinite(following):
        return p
    share = (z**2 - last**2) / (following**2 - last**2)
    return p * float((level[reached] / p) ** max(0.0, share))


@cache
def _null() -> _Null:
    path = Path(__file__).with_name("null_table.csv")
    lines = [line.split(",") for line in path.read_text().splitlines() if not line.startswith("#")]
    table = np.array([[float(cell) for cell in line] for line in lines[1:]])
    return _Null(table[:, 0].astype(np.intp), np.array(lines[0][1:], np.float64), table[:, 1:])

"""The rate of false discoveries, and confidence intervals of shares."""

from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

Z95 = 1.959963984540054
"""Standard deviations on either side that hold 95 % of a normal distribution."""


class Interval(NamedTuple):
    """The bounds of a share, each from 0 to 1."""

    low: float
    high: float


def benjamini_hochberg(p: Floats) -> Floats:
    """The q of each p: the smallest false discovery rate at which it counts as a discovery.

    If all with q <= 0.05 are called changes, 5 % of them are false in the long run (Benjamini and Hochberg
    1995, step-up, as adjusted p). NaN was not tested: it stays NaN and does not count.
    """
    tested = np.flatnonzero(~np.isnan(p))
    order = tested[np.argsort(p[tested], kind="stable")]
    scaled = p[order] * len(order) / np.arange(1, len(order) + 1)
    q = np.full(len(p), np.nan)
    least = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1)
    q[order] = np.maximum(least, p[order])  # Rounding is not to make it less.
    return q


def wilson(successes: int, trials: int, z: float = Z95) -> Interval:
    """The interval of Wilson (1927) for a share, given `successes` of `trials`; 0..1 for no trials."""
    if not trials:
        return Interval(0.0, 1.0)
    share, room = successes / trials, z * z / trials
    centre = (share + room / 2) / (1 + room)
    half = z / (1 + room) * sqrt(share * (1 - share) / trials + room / (4 * trials))
    low = max(0.0, centre - half) if successes else 0.0
    return Interval(low, min(1.0, centre + half) if successes < trials else 1.0)

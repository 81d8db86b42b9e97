"""How much more often something is present in bad cases: Fisher's exact test, for many candidates at once.

One-sided (Fisher 1935). Candidates so rare, or so common, that no outcome could make them significant are
left out beforehand (Tarone 1990; Gilbert 2005, who applies Benjamini-Hochberg after it): whether they are
depends on how often they occur, not on the outcomes.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.statistics.discoveries import benjamini_hochberg

LEVEL = 0.05
"""The share of false ones among those that are reported, in the long run."""

EVEN = 1 + 1e-9
"""What differs by less is equal: p is a sum of floats."""

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]


class Association(NamedTuple):
    """By candidate: p, q (NaN if nothing could have made it significant) and the odds ratio.

    Odds are shrunk by half a case in each of the four fields (Haldane 1956; Anscombe 1956).
    """

    p: Floats
    q: Floats
    odds: Floats


def association(bad_with: Numbers, all_with: Numbers, bad: int, total: int) -> Association:
    """The association of candidates present in `bad_with` of the `bad` cases, and in `all_with` of the
    `total`.
    """
    p = upper_tail(bad_with, all_with, bad, total)
    least = upper_tail(np.minimum(all_with, bad), all_with, bad, total)
    q = np.full(len(p), np.nan)
    testable = np.flatnonzero(least <= _threshold(least) * EVEN)
    q[testable] = benjamini_hochberg(p[testable])
    return Association(p, q, _odds(bad_with, all_with, bad, total))


def _threshold(least: Floats) -> float:
    """LEVEL over the smallest k such that at most k candidates could fall below it (Tarone 1990)."""
    ordered = np.sort(least)
    for k in range(1, len(ordered) + 1):
        if np.searchsorted(ordered, LEVEL / k * EVEN, "right") <= k:
            return LEVEL / k
    return LEVEL


def upper_tail(bad_with: Numbers, all_with: Numbers, bad: int, total: int) -> Floats:
    """P(X >= bad_with), X hypergeometric: `all_with` of `total` are drawn, of which `bad` are bad."""
    logs = np.concatenate(([0.0], np.cumsum(np.log(np.arange(1, total + 1)))))

    def choose(n: Numbers | int, k: Numbers) -> Floats:
        logs_of_choices: Floats = logs[n] - logs[k] - logs[n - k]
        return logs_of_choices

    least, most = np.maximum(0, all_with + bad - total), np.minimum(all_with, bad)
    whole = choose(total, all_with)
    tail = np.zeros(len(bad_with))
    for step in range(int((most - bad_with).max(initial=-1)) + 1):
        x = np.maximum(bad_with + step, least)
        is_in = (bad_with + step >= least) & (x <= most)
        x = np.where(is_in, x, most)
        term = choose(bad, x) + choose(total - bad, all_with - x) - whole
        tail += np.where(is_in, np.exp(term), 0.0)
    return np.minimum(tail, 1.0)


def _odds(bad_with: Numbers, all_with: Numbers, bad: int, total: int) -> Floats:
    good_with = all_with - bad_with
    bad_without, good_without = bad - bad_with, total - bad - good_with
    return (bad_with + 0.5) * (good_without + 0.5) / ((good_with + 0.5) * (bad_without + 0.5))

"""Whether this many runs can tell at all: the smallest q that a plain change reaches among this many tests.

Up to `RANK_RUNS` the observed noise decides, because the moderated t finds any change that is large enough.
The rank sum cannot go below the share of one order among all, however large a change is.
"""

from math import log, sqrt
from typing import NamedTuple

from tracetui.analysis.statistics.rank_sum import LEVEL, smallest_p
from tracetui.analysis.statistics.student import student_p

LEAST_RUNS = 5
"""On either side; with fewer there is no verdict."""
RANK_RUNS = 10
"""From so many on the rank sum finds as much as the moderated t, and no outlier misleads it."""
PLAIN = 2.0
"""Runs that would not tell of a test of usual noise that it takes so many times as long cannot tell."""
MOST_RUNS = 1000


class Noise(NamedTuple):
    """How much a typical test varies: the standard deviation of the log of one run's duration, which all
    tests know with `prior_df` degrees of freedom.
    """

    sd: float
    prior_df: float


def least_q(runs: int, tests: int, noise: Noise | None) -> float:
    """The q of a test that takes `PLAIN` times as long, the only one among `tests`, with `runs` runs a side.

    Without noise it is judged by ranks, however few the runs are.
    """
    if noise is None or runs >= RANK_RUNS:
        p = smallest_p(runs, runs)
    else:
        t = log(PLAIN) / max(noise.sd * sqrt(2 / runs), 1e-12)
        p = float(student_p(t, noise.prior_df + 2 * runs - 2))
    return min(1.0, p * tests)


def needed_runs(tests: int, noise: Noise | None) -> int:
    """The smallest number of runs a side that can tell."""
    first = 1 if noise is None else LEAST_RUNS
    return next(runs for runs in range(first, MOST_RUNS) if least_q(runs, tests, noise) <= LEVEL)

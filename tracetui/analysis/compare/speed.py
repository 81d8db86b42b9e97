"""How fast whole runs were: what all their tests have in common is the machine's doing, not a change."""

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.statistics.run_speed import LEAST_TESTS, run_factors

Floats = NDArray[np.float64]

STEADY_NS = 10_000_000
STEADY_TESTS = 20
"""Where so many tests take as long as that, shorter ones do not count: they vary by the clock."""
SHORTEST_NS = 1_000
"""What is shorter took so long: there is no logarithm of nothing."""


def logs_of(own_ns: Floats) -> Floats:
    """Logs of durations; NaN stays NaN."""
    return np.asarray(np.log(np.maximum(own_ns, SHORTEST_NS)))


def factors(base: Floats, new: Floats, is_test: NDArray[np.bool_]) -> tuple[Floats, Floats] | None:
    """By run of each side, the log of how much longer than usual all tests took; None with too few tests.

    `base` and `new` are logs of durations, a row per subject, of which `is_test` marks the tests.
    """
    both = is_test & (~np.isnan(base)).any(1) & (~np.isnan(new)).any(1)
    rows = np.flatnonzero(both)
    if len(rows) < LEAST_TESTS:
        return None
    steady = rows[np.nanmedian(base[rows], axis=1) >= np.log(STEADY_NS)]
    rows = steady if len(steady) >= STEADY_TESTS else rows
    of_runs = run_factors(np.hstack((base[rows], new[rows])))
    return of_runs[: base.shape[1]], of_runs[base.shape[1] :]

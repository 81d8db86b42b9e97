"""How fast each run was as a whole: what is common to its tests is no change of any of them."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEAST_TESTS = 5
"""Of fewer nobody can say whether one changed or the machine did."""
PASSES = 20
PASSES_OF_LARGE = 6
"""For tables of more than `LARGE` cells: medians of so many move by less than 0.01 % then, for long."""
LARGE = 100_000
SMALL = 1e-9


def run_factors(logs: Floats) -> Floats:
    """By run the log of how much longer than usual its tests took: the median of their residuals.

    `logs` are logs of durations, a row per test and a column per run, NaN if a test did not run. Rows and
    columns are freed of their medians in turn (median polish; Tukey, Exploratory Data Analysis, 1977, 11), so
    a run that has only the slow tests is no slow run, and a change of less than half the tests moves nothing.
    A test counts from two runs on; the median run has factor 0.
    """
    left = logs[np.count_nonzero(~np.isnan(logs), axis=1) > 1].copy()
    factors = np.zeros(logs.shape[1])
    for _ in range(PASSES if logs.size <= LARGE else PASSES_OF_LARGE):
        left -= medians(left, 1)[:, None]
        step = medians(left, 0)
        left -= step
        factors += step
        if np.all(np.abs(step) < SMALL):
            break
    return factors - (np.median(factors) if len(factors) else 0)


def medians(values: Floats, axis: int) -> Floats:
    """Medians along an axis of the values that are not NaN; 0 if there are none.

    `numpy.nanmedian` takes twice as long for large arrays, and up to a hundred times for those with NaN.
    """
    ordered = np.sort(values if axis else values.T, axis=1)
    count = np.count_nonzero(~np.isnan(ordered), axis=1)
    result = np.zeros(len(ordered))
    some = np.flatnonzero(count)
    lower, upper = (ordered[some, places[some]] for places in ((count - 1) // 2, count // 2))
    result[some] = (lower + upper) / 2
    return result

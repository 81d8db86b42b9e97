"""Whether a test's outcome has changed: newly failing, newly flaky, fixed."""

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]

CHANCE = 0.05
"""A flaky test that always failed of late is broken only where chance would not do that."""


def newly_failing(base_bad: Counts, base: Counts, new_bad: Counts, new: Counts) -> Mask:
    """By test, whether it failed in every new run, and not before.

    The first two say in how many of `base` runs it failed, the last two in how many of `new`. For a test that
    failed now and then, failing every time must be unlikely at its old failure rate.
    """
    return np.asarray(
        (new > 0) & (new_bad == new) & (base > base_bad) & (_rate(base_bad, base) ** new <= CHANCE)
    )


def fixed(base_bad: Counts, base: Counts, new_bad: Counts, new: Counts) -> Mask:
    """By test, whether it passed in every new run, and not before; see `newly_failing`."""
    return np.asarray(
        (new > 0) & (new_bad == 0) & (base_bad > 0) & ((1 - _rate(base_bad, base)) ** new <= CHANCE)
    )


def newly_flaky(base_bad: Counts, base: Counts, new_bad: Counts, new: Counts) -> Mask:
    """By test, whether it failed in some new runs and passed in others, and passed in all before."""
    return np.asarray((base > 0) & (base_bad == 0) & (new_bad > 0) & (new_bad < new))


def _rate(bad: Counts, runs: Counts) -> NDArray[np.float64]:
    return bad / np.maximum(runs, 1)

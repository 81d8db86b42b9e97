"""How much durations vary without any change: learned for each test from tests of similar duration."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from tracetui.analysis.statistics.moderated import prior

Floats = NDArray[np.float64]

NEIGHBOURS = 51
"""So many tests about as long as one tell of its noise."""
LEAST_NEIGHBOURS = 5
"""Fewer tell nothing: then it is `USUAL`."""
USUAL = 0.17
"""The usual standard deviation of the log of one run over another: 12 % a run."""
LEAST = 0.02
"""Noise is never taken to be less: a clock's steps and equal values make it seem so."""
OF_MAD = 1.4826
"""Times the median absolute deviation is the standard deviation of a normal distribution."""


def noise_floor(effect: Floats, length: Floats) -> Floats:
    """By test the standard deviation of `effect`, from those of the tests nearest to it in `length`.

    Both are logs. It is robust, so that changed tests do not count, as long as they are less than half.
    """
    size = min(NEIGHBOURS, len(effect))
    if size < LEAST_NEIGHBOURS:
        return np.full(len(effect), USUAL)
    order = np.argsort(length, kind="stable")
    windows = np.median(sliding_window_view(np.abs(effect[order]), size), axis=1)
    place = np.clip(np.arange(len(effect)) - size // 2, 0, len(windows) - 1)
    floor = np.empty(len(effect))
    floor[order] = np.maximum(LEAST, OF_MAD * windows[place])
    return floor


def own_noise(logs: Floats) -> Floats:
    """By test the standard deviation over its own runs, shrunk towards that of all tests (Smyth 2004)."""
    n = np.count_nonzero(~np.isnan(logs), axis=1)
    several = n > 1
    variance, df = np.full(len(n), np.nan), n - 1.0
    variance[several] = np.nanvar(logs[several], axis=1, ddof=1)
    known = prior(variance[several], df[several])
    if np.isinf(known.df):
        shrunk = np.full(len(n), known.variance)
    else:
        with np.errstate(invalid="ignore"):
            shrunk = (known.df * known.variance + df * variance) / (known.df + df)
    return np.asarray(np.maximum(LEAST, np.sqrt(shrunk)))

"""Whether what groups took in the last runs of a recording grows."""

import numpy as np
from numpy.typing import NDArray


def trend(last_ns: NDArray[np.int64]) -> NDArray[np.float64]:
    """By group, its own time in the last run over the median of those before; 0 where either is missing.

    `last_ns` has a row a group, see `last_runs.LastRuns.of`.
    """
    now, before = last_ns[:, -1], last_ns[:, :-1]
    told = np.flatnonzero((now >= 0) & (before >= 0).any(1))
    usual = np.nanmedian(np.where(before[told] < 0, np.nan, before[told]), axis=1)
    found = np.zeros(len(last_ns))
    found[told] = np.where(usual > 0, now[told] / np.maximum(usual, 1), 0)
    return found

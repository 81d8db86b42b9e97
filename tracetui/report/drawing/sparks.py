"""Sparklines: a few values, or a distribution of many, as a handful of cells."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tracetui.text import Safe

HEIGHTS = "▁▂▃▄▅▆▇█"
MISSING = "·"


def spark(values: Sequence[int]) -> Safe:
    """A cell per value, its height relative to the largest; a dot for a missing one (below 0)."""
    most = max(1, *values, 1)
    top = len(HEIGHTS) - 1
    return Safe("".join(MISSING if value < 0 else HEIGHTS[value * top // most] for value in values))


def spread(ascending: NDArray[np.int64], cells: int) -> Safe:
    """A histogram of the values between the least and the largest, from left to right.

    Heights are the square roots of counts, so that a single value is visible beside thousands; a cell without
    values is blank. Empty for fewer than two values.
    """
    if len(ascending) < 2:
        return Safe("")
    least, length = int(ascending[0]), int(ascending[-1] - ascending[0])
    edges = [least + length * cell // cells for cell in range(1, cells)]
    places = [0, *np.searchsorted(ascending, edges, "right").tolist(), len(ascending)]
    counts = np.sqrt(np.diff(np.maximum.accumulate(places)))
    levels = np.ceil(counts / counts.max() * len(HEIGHTS)).astype(int).tolist()
    return Safe("".join(HEIGHTS[level - 1] if level else " " for level in levels))

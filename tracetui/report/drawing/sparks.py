"""Sparklines: a few values, or how many values are distributed, as a handful of cells."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tracetui.text import Safe

HEIGHTS = "▁▂▃▄▅▆▇█"
MISSING = "·"


def spark(values: Sequence[int]) -> Safe:
    """A cell per value, as high as it is beside the largest; a dot for one that is missing (below 0)."""
    most = max(1, *values, 1)
    top = len(HEIGHTS) - 1
    return Safe("".join(MISSING if value < 0 else HEIGHTS[value * top // most] for value in values))


def spread(ascending: NDArray[np.int64], cells: int) -> Safe:
    """How many values lie where between the least and the largest of them, from left to right.

    A cell with few values is as high as it would be with a square root of them, so that one is seen beside
    thousands; a cell without any is blank. Empty for less than two values.
    """
    if len(ascending) < 2:
        return Safe("")
    least, length = int(ascending[0]), int(ascending[-1] - ascending[0])
    edges = [least + length * cell // cells for cell in range(1, cells)]
    places = [0, *np.searchsorted(ascending, edges, "right").tolist(), len(ascending)]
    counts = np.sqrt(np.diff(np.maximum.accumulate(places)))
    levels = np.ceil(counts / counts.max() * len(HEIGHTS)).astype(int).tolist()
    return Safe("".join(HEIGHTS[level - 1] if level else " " for level in levels))

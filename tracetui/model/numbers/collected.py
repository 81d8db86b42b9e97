"""The place of a test in the order of collection, in four bytes a span.

The column `place` counts from 1; it is 0 if unknown, and takes no memory if none is known.
"""

import numpy as np
from numpy.typing import NDArray

INDEX = "tracetui.test.index"
"""The attribute that tells it, counted from 0: an integer."""

_MOST = 1 << 30


def place(index: int) -> int:
    """The column's value for an index; 0 for an invalid one."""
    return index + 1 if 0 <= index < _MOST else 0


def places(indexes: NDArray[np.int64]) -> NDArray[np.int32]:
    """The same for many."""
    return np.where((indexes >= 0) & (indexes < _MOST), indexes + 1, 0).astype(np.int32)

"""The place of a test in the order of collection, and the `xdist_group` it names, in four bytes a span each.

The column `place` counts from 1, and equal names have one number in the column `group`. Both are 0 if
unknown, and take no memory if none is known.
"""

from zlib import crc32

import numpy as np
from numpy.typing import NDArray

INDEX = "tracetui.test.index"
"""The attribute that tells the place, counted from 0: an integer."""
GROUP = "pytest.xdist.group"
"""The attribute that names the group: a text."""

_MOST = 1 << 30


def place(index: int) -> int:
    """The column's value for an index; 0 for an invalid one."""
    return index + 1 if 0 <= index < _MOST else 0


def places(indexes: NDArray[np.int64]) -> NDArray[np.int32]:
    """The same for many."""
    return np.where((indexes >= 0) & (indexes < _MOST), indexes + 1, 0).astype(np.int32)


def group(name: str) -> int:
    """The column's value for a group's name, 0 for none; two names of a run hardly ever share one."""
    return 1 + crc32(name.encode("utf-8", "replace")) % _MOST if name else 0

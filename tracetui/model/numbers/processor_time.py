"""Processor time of spans in four bytes each: how much a span computed, in its process and in children.

The column `cpu` holds nanoseconds as a `float32`, 0 if unknown and a half for none at all: it is exact up to
16 ms, to one part in 16 million beyond, and takes no memory in a recording without any.
"""

import numpy as np
from numpy.typing import NDArray

CPU = "tracetui.cpu_ns"
"""The attribute that tells it, of any span of any writer: an integer."""

UNKNOWN = -1
_NONE = 0.5
MOST_DIGITS = 18


def as_integer(text: str) -> int:
    """An attribute's value; `UNKNOWN` if that is no number of this size, or negative."""
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else UNKNOWN


def packed(text: str) -> float:
    """The column's value for an attribute's value."""
    return float(packed_all(np.array([as_integer(text)], np.int64))[0])


def packed_all(numbers: NDArray[np.int64]) -> NDArray[np.float32]:
    """The same for many in ns, `UNKNOWN` if not recorded."""
    values = numbers.astype(np.float32)
    values[numbers == 0] = _NONE
    values[numbers == UNKNOWN] = 0
    return values


def cpu_ns(column: NDArray[np.float32]) -> NDArray[np.int64]:
    """The column's values in ns; `UNKNOWN` if not recorded."""
    values: NDArray[np.int64] = column.astype(np.int64)
    values[column == 0] = UNKNOWN
    return values

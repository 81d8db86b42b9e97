"""Distinct values, and codes among a few: numpy's own functions take longer, or block other threads.

`numpy.unique` has a table of hashes, which takes up to 50 times as long as sorting, and loads `numpy.ma`,
which takes a fifth of numpy's own start.
"""

from collections.abc import Iterable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Value = TypeVar("Value", bound=np.generic)


def distinct(values: NDArray[Value]) -> NDArray[Value]:
    """Each of `values` once, ascending: O(n log n)."""
    ordered = np.sort(values)
    if len(ordered) < 2:
        return ordered
    new = np.empty(len(ordered), np.bool_)
    new[0] = True
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    return ordered[new]


def among(codes: NDArray[np.uint8], wanted: Iterable[int]) -> NDArray[np.bool_]:
    """Which of `codes` (roles, outcomes) are among the few `wanted`: `numpy.isin` takes far longer."""
    is_wanted = np.zeros(len(codes), np.bool_)
    for code in wanted:
        is_wanted |= codes == np.uint8(code)
    return is_wanted


def without(values: NDArray[Value], others: NDArray[Value]) -> NDArray[Value]:
    """The `values` that are not among the ascending `others`; `numpy.isin` takes far longer."""
    if not len(others):
        return values
    places = np.minimum(np.searchsorted(others, values), len(others) - 1)
    left: NDArray[Value] = values[others[places] != values]
    return left

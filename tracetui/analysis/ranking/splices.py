"""Sorted arrays that change in a few places: where, and how."""

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.intp]
Value = TypeVar("Value", bound=np.generic)

_MANY = 1000
"""So many pieces are no quicker put together one by one."""


def first_not(is_less: Callable[[Places], NDArray[np.bool_]], begin: Places, end: Places) -> Places:
    """For each range the first position whose value is not less; its end if all are less.

    `is_less` says by range whether the value at a position (one for each range) is less: O(log n) calls.
    """
    for _ in range(int((end - begin).max(initial=0)).bit_length()):
        is_open = begin < end
        middle = np.where(is_open, (begin + end) >> 1, 0)
        goes_on = is_open & is_less(middle)
        end = np.where(is_open & ~goes_on, middle, end)
        begin = np.where(goes_on, middle + 1, begin)
    return begin


def spliced(values: NDArray[Value], gone: Places, places: Places, more: NDArray[Value]) -> NDArray[Value]:
    """`values` without those at `gone`, and with each of `more` before the value at its place.

    `gone` and `places` are ascending.
    """
    if not len(values):
        return more.astype(values.dtype)
    places = places - np.searchsorted(gone, places)
    if len(gone) + len(places) > _MANY:
        return np.insert(np.delete(values, gone), places, more)
    edges = zip([0, *(gone + 1).tolist()], [*gone.tolist(), len(values)], strict=True)
    left = np.concatenate([values[begin:end] for begin, end in edges])
    pieces, at = [], 0
    for number, place in enumerate(places.tolist()):
        pieces += [left[at:place], more[number : number + 1]]
        at = place
    return np.concatenate([*pieces, left[at:]]).astype(values.dtype, copy=False)


def longer(values: NDArray[Value], count: int, fill: int = 0) -> NDArray[Value]:
    """A copy with `count` values, padded with `fill`."""
    extended = np.empty(count, values.dtype)
    extended[: len(values)] = values
    extended[len(values) :] = fill
    return extended

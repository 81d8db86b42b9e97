"""Families: values of one group next to each other, such as the children of each parent."""

from collections.abc import Sequence
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int32]
Mask = NDArray[np.bool_]
Value = TypeVar("Value", bound=np.signedinteger)

_LEAST = 32
"""Families of so many values on average are looked at one by one."""


def grouped(groups: Rows) -> Rows:
    """The places of `groups` by group, those of each in their order."""
    keys = groups.astype(np.int64) << np.int64(32)
    keys |= np.arange(len(groups))
    keys.sort(kind="stable")  # Much of it is in order: merged, not sorted anew.
    return keys.astype(np.int32)


def in_order(rows: Rows, values: NDArray[np.int64], groups: Rows) -> Rows:
    """`rows`, which are in order of `groups`, with each family in that of `values`, both by row.

    Most families are in order, and only others are sorted; equal ones stay as they are.
    """
    ordered, of = values[rows], groups[rows]
    same = of[1:] == of[:-1]
    places = _of_marked(same & (ordered[1:] < ordered[:-1]), same)
    if len(places):
        some, of = rows[places], of[places]
        order = np.argsort(ordered[places], kind="stable")
        number = np.cumsum(np.concatenate([[0], of[1:] != of[:-1]]))
        rows[places] = some[order[counted(number[order], int(number[-1]) + 1)]]
    return rows


def counted(numbers: NDArray[np.signedinteger], count: int) -> NDArray[np.intp]:
    """The places of whole numbers from 0 to below `count` in their order, equal ones as they were.

    What has 16 bits is not compared but counted.
    """
    narrow = numbers.astype(np.uint16) if count <= 1 << 16 else numbers
    return np.argsort(narrow, kind="stable")


def running_maximum(values: NDArray[Value], groups: NDArray[np.signedinteger]) -> NDArray[Value]:
    """The maximum so far within each run of equal `groups`; `values` themselves where they only grow."""
    same = groups[1:] == groups[:-1]
    places = _of_marked(same & (values[1:] < values[:-1]), same)
    if not len(places):
        return values
    maximum = values.copy()
    some, of = values[places], groups[places]
    begins = [0, *(np.flatnonzero(of[1:] != of[:-1]) + 1).tolist(), len(of)]
    are_long = len(some) >= _LEAST * len(begins)
    maximum[places] = _one_by_one(some, begins) if are_long else _by_rank(some, of)
    return maximum


def _of_marked(marked: Mask, same: Mask) -> NDArray[np.intp]:
    """The places in families of which any pair of neighbours is `marked`; `same` are those of one family."""
    if not marked.any():
        return np.empty(0, np.intp)
    begins = np.flatnonzero(np.concatenate([[True], ~same]))
    are = np.logical_or.reduceat(np.concatenate([[False], marked]), begins)
    return np.flatnonzero(np.repeat(are, np.diff(begins, append=len(same) + 1)))


def _one_by_one(values: NDArray[Value], begins: Sequence[int]) -> NDArray[Value]:
    for begin, end in pairwise(begins):
        np.maximum.accumulate(values[begin:end], out=values[begin:end])
    return values


def _by_rank(values: NDArray[Value], groups: NDArray[np.signedinteger]) -> NDArray[Value]:
    """All at once: ranks keep group and value in 64 bits. In place, to limit peak memory."""
    order = np.argsort(values, kind="stable")
    best = np.empty(len(values), np.int64)
    best[order] = np.arange(len(values))
    group = np.zeros(len(values), np.int64)
    np.cumsum(groups[1:] != groups[:-1], out=group[1:])
    group *= len(values)
    best += group
    np.maximum.accumulate(best, out=best)
    best -= group
    maximum: NDArray[Value] = values[order[best]]
    return maximum

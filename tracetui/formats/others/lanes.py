"""Turns intervals on lanes into a tree: what encloses another on the same lane is its parent."""

import numpy as np
from numpy.typing import NDArray

SLACK_NS = 1000
"""Writers round starts and durations each for itself: so much may a child outlast its parent."""

_AT_ONCE = 1 << 16

OPEN_NS = np.iinfo(np.int64).max - SLACK_NS
"""The end of an interval that goes on."""


def parents(
    lane: NDArray[np.signedinteger], start_ns: NDArray[np.int64], end_ns: NDArray[np.int64]
) -> NDArray[np.int32]:
    """For each interval the innermost that encloses it, -1 for none; of equal ones the first is outermost."""
    order = np.lexsort((-end_ns, start_ns, lane))
    parent = np.full(len(order), -1, np.int32)
    stack: list[tuple[int, int, int]] = []
    for begin in range(0, len(order), _AT_ONCE):
        some = order[begin : begin + _AT_ONCE]
        columns = (column[some].tolist() for column in (lane, start_ns, end_ns))
        for place, its_lane, start, end in zip(some.tolist(), *columns, strict=True):
            while stack and not _encloses(stack[-1], its_lane, start, end):
                stack.pop()
            if stack:
                parent[place] = stack[-1][0]
            last = min(end, stack[-1][2]) if stack and end == OPEN_NS else end
            stack.append((place, its_lane, last))
    return parent


def _encloses(outer: tuple[int, int, int], lane: int, start: int, end: int) -> bool:
    """Whether an interval is within another; one that goes on cannot have outlasted what it began in."""
    _, its_lane, its_end = outer
    return its_lane == lane and start < its_end and (end <= its_end + SLACK_NS or end == OPEN_NS)

"""Intervals on lanes to a tree: what encloses another on the same lane is its parent."""

from collections.abc import Hashable, Sequence
from typing import NamedTuple

SLACK_NS = 1000
"""Writers round starts and durations each for itself: so much may a child outlast its parent."""


class Interval(NamedTuple):
    """A stretch of time on a lane, without end where it goes on; ns since the epoch."""

    lane: Hashable
    start_ns: int
    end_ns: int | None


def parents(intervals: Sequence[Interval]) -> list[int | None]:
    """For each interval the innermost that encloses it (of equal ones the first encloses the others)."""
    found: list[int | None] = [None] * len(intervals)
    stacks: dict[Hashable, list[int]] = {}
    for index in sorted(range(len(intervals)), key=lambda index: _outer_first(intervals[index])):
        stack = stacks.setdefault(intervals[index].lane, [])
        while stack and not _encloses(intervals[stack[-1]], intervals[index]):
            stack.pop()
        found[index] = stack[-1] if stack else None
        stack.append(index)
    return found


def _outer_first(interval: Interval) -> tuple[int, float]:
    return interval.start_ns, -_end(interval)


def _encloses(outer: Interval, inner: Interval) -> bool:
    return inner.start_ns < _end(outer) and _end(inner) <= _end(outer) + SLACK_NS


def _end(interval: Interval) -> float:
    return float("inf") if interval.end_ns is None else interval.end_ns

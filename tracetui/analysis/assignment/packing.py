"""Infers which blocks ran on one worker if nothing names workers: the fewest lanes without overlaps.

A job of a runner takes its next test as soon as one ends, so each block goes to the lane that has been free
longest. Clocks are read a moment apart: if it saves a lane, blocks may overlap by `SLACK_NS`, or by 1 % of
the later one.
"""

import heapq

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.time.times import Nanoseconds

SLACK_NS = 1_000_000
SLACK_PART = 100

MOST_CHOSEN = 100_000
"""Of more blocks none is put on a lane on which it overlaps to save a lane: they come and go all the time."""

Numbers = NDArray[np.int64]


def packed(start: Nanoseconds, end: Nanoseconds, most: int) -> Numbers:
    """The lane of each block, numbered from 0 in the order of their first blocks: O(n log n).

    `start` is ascending, both are in ns. There are at most `most` lanes: if these do not suffice, a block
    goes to the lane that becomes free first. There is a loop over blocks only if some of them overlap a
    little.
    """
    enough = needed = int(at_once(start, end).max(initial=0))
    if len(start) <= MOST_CHOSEN:
        begin, until = shortened(start, end)
        enough = int(at_once(np.sort(begin), until).max(initial=0))
    if needed <= min(most, enough):
        return without_overlap(start, end)
    return _with_slack(start, end, _slack(start, end), most)


def at_once(start: Nanoseconds, end: Nanoseconds) -> Numbers:
    """How many blocks run at each `start`; `start` is ascending, one for each block."""
    running: Numbers = np.arange(1, len(start) + 1) - np.searchsorted(np.sort(end), start, "right")
    return running


def shortened(start: Nanoseconds, end: Nanoseconds) -> tuple[Nanoseconds, Nanoseconds]:
    """Starts and ends of the blocks, shortened by the overlap that is tolerated."""
    return start + _slack(start, end) - SLACK_NS, np.maximum(end - SLACK_NS, start)


def _slack(start: Nanoseconds, end: Nanoseconds) -> Nanoseconds:
    slack: Nanoseconds = np.maximum((end - start) // SLACK_PART, SLACK_NS)
    return slack


def without_overlap(start: Nanoseconds, end: Nanoseconds) -> Numbers:
    """As many lanes as blocks run at once; a block of zero length needs one for itself at its moment."""
    by_end = np.argsort(end, kind="stable")
    place = np.arange(len(start), dtype=np.int64)
    ended = np.searchsorted(end[by_end], start, "right") - _not_begun(start, end)
    opened = np.maximum.accumulate(place - ended + 1)  # How many lanes there are once the block has begun.
    is_new = np.diff(opened, prepend=0) > 0
    before = place.copy()
    # The n-th block that finds a free lane takes that of the n-th block to end.
    before[~is_new] = by_end[: np.count_nonzero(~is_new)]
    while not np.array_equal(further := before[before], before):
        before = further
    numbers: Numbers = opened[before] - 1
    return numbers


def _not_begun(start: Nanoseconds, end: Nanoseconds) -> Numbers:
    """How many blocks that have ended when each starts come after it in order: those of zero length."""
    instant = np.concatenate([[0], np.cumsum(end == start)])
    together = np.searchsorted(start, start, "right")
    behind: Numbers = instant[together] - instant[:-1]
    return behind


def _with_slack(start: Nanoseconds, end: Nanoseconds, slack: Nanoseconds, most: int) -> Numbers:
    """The same, block by block, tolerating small overlaps."""
    free: list[tuple[int, int]] = []
    lanes: list[int] = []
    for begin, until, late in zip(start.tolist(), end.tolist(), (start + slack).tolist(), strict=True):
        if free and (len(free) == most or free[0][0] <= late):
            reached, lane = heapq.heappop(free)
        else:
            reached, lane = begin, len(free)
        lanes.append(lane)
        heapq.heappush(free, (max(until, reached), lane))
    return np.array(lanes, np.int64)

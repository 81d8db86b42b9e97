"""Stretches of a run in which nothing got on: no test began or ended, and what kept them.

It is told only where it can be explained: an archiver or a hook ran through it, or no lane had any work, or
every lane sat in a test much longer than tests take.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracetui import units
from tracetui.analysis.distinct import distinct
from tracetui.analysis.lanes import Lane, Lanes
from tracetui.analysis.occurrences import nearest_rank
from tracetui.analysis.times import Times
from tracetui.model.role import Role
from tracetui.store.snapshot import Snapshot

MOST = 5
"""So many of the longest stretches are looked at."""

_LEAST_NS = 3 * units.S
_LEAST_SHARE = 0.02
_TIMES_THE_USUAL = 10
_THROUGHOUT = 0.8


@dataclass(frozen=True, slots=True)
class Stillness:
    """From when to when (ns since the epoch) nothing got on.

    `row` is the archiver or hook that ran all the while, on `lane` (foreign text); -1 where there is none.
    Of `lanes`, so many were `idle`, the others sat in something.
    """

    start_ns: int
    end_ns: int
    row: int
    lane: str
    lanes: int
    idle: int

    @property
    def length_ns(self) -> int:
        """How long it was."""
        return self.end_ns - self.start_ns


def stillness(
    snapshot: Snapshot, times: Times, tests: NDArray[np.intp], work: Lanes, now_ns: int | None
) -> tuple[Stillness, ...]:
    """The stretches among `tests` (rows) on the lanes `work`, the longest first.

    `now_ns` is how late it is for a run that is not over, for which nothing may be getting on just now.
    """
    if not len(tests) or not work.lanes:
        return ()
    begins, ends = snapshot.start_ns[tests], times.end[tests]
    running = times.end[tests] >= (now_ns or units.MAX_NS)
    now = np.array([now_ns] if now_ns else [], np.int64)
    events = distinct(np.concatenate([begins, ends[~running], now]))
    gaps = np.diff(events)
    if not len(gaps):
        return ()
    wall = int(events[-1] - events[0])
    usual = int(np.median(gaps))
    least = max(_LEAST_NS, int(wall * _LEAST_SHARE), _TIMES_THE_USUAL * usual)
    longest = np.argsort(-gaps, kind="stable")[:MOST]
    p95 = int(nearest_rank(np.array([len(tests)]), 95)[0])
    stuck_ns = _TIMES_THE_USUAL * int(np.sort(times.total[tests])[p95])
    stretches = ((int(events[place]), int(events[place + 1])) for place in longest if gaps[place] >= least)
    return tuple(_explained(snapshot, times, work, stretches, stuck_ns))


def waited_ns(lane: Lane, still: Iterable[Stillness]) -> int:
    """How long a lane had work and yet stood still, for the sake of others or of nothing."""
    edges = (np.array([each.start_ns, each.end_ns], np.int64) for each in still if each.lane != lane.name)
    return sum(int(np.diff(lane.work.all.until(each))[0]) for each in edges)


def all_waited_ns(lanes: Lanes, still: Iterable[Stillness]) -> int:
    """The same of all lanes together."""
    stretches = tuple(still)
    return sum(waited_ns(lane, stretches) for lane in lanes.lanes)


def floor_ns(lanes: Lanes, still: Iterable[Stillness]) -> int:
    """The wall time were the work spread evenly, and waiting no work."""
    return (lanes.work_ns - all_waited_ns(lanes, still)) // max(1, len(lanes.lanes))


def _explained(
    snapshot: Snapshot, times: Times, work: Lanes, stretches: Iterator[tuple[int, int]], stuck_ns: int
) -> Iterator[Stillness]:
    for start, end in stretches:
        causes = [_cause(snapshot, times, lane, start, end) for lane in work.lanes]
        idle = sum(not _covered(snapshot, times, lane, start, end) for lane in work.lanes)
        share, row, name = max(causes, key=lambda cause: cause[0])
        is_stuck = not idle and len(work.lanes) > 1 and end - start >= stuck_ns
        if share >= _THROUGHOUT or idle == len(work.lanes) or is_stuck:
            found = row if share >= _THROUGHOUT else -1
            yield Stillness(start, end, found, name if found >= 0 else "", len(work.lanes), idle)


def _cause(snapshot: Snapshot, times: Times, lane: Lane, start: int, end: int) -> tuple[float, int, str]:
    """The share of a stretch that an archiver, or else a hook, of this lane covers; which; and the lane."""
    rows = np.concatenate([lane.rows, lane.inner])
    for role in (Role.ARCHIVER, Role.HOOK):
        of_role = rows[snapshot.role[rows] == role]
        if len(of_role):
            over = np.minimum(times.end[of_role], end) - np.maximum(snapshot.start_ns[of_role], start)
            share = float(over.max()) / (end - start)
            if share >= _THROUGHOUT:
                return share, int(of_role[int(over.argmax())]), lane.name
    return 0.0, -1, ""


def _covered(snapshot: Snapshot, times: Times, lane: Lane, start: int, end: int) -> bool:
    """Whether a lane had anything to do all through the middle of a stretch."""
    middle = (start + end) // 2
    rows = lane.rows
    return bool(((snapshot.start_ns[rows] <= middle) & (times.end[rows] >= middle)).any())

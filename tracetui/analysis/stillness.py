"""Stalls: stretches of a run in which no worker made progress (no test began or ended), and why.

Only those are told that can be explained: an archiver or a hook ran all the while, or no lane had any work,
or every lane sat in a test much longer than tests take. Lanes whose clock is off take no part.
"""

from collections.abc import Iterator
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
    """From when to when (ns since the epoch) no worker made progress.

    `row` is the archiver or hook that ran all the while, on `lane` (foreign text); -1 where there is none.
    Of `lanes`, so many were `idle`, the others sat in something. `stalled_ns` is what that cost: the time of
    all lanes together, without `lane`.
    """

    start_ns: int
    end_ns: int
    row: int
    lane: str
    lanes: int
    idle: int
    stalled_ns: int = 0

    @property
    def length_ns(self) -> int:
        """How long it was."""
        return self.end_ns - self.start_ns

    def stalled(self, lane: Lane) -> bool:
        """Whether it cost a lane anything: it existed, its clock is right, and it is not the cause."""
        return not lane.offset_ns and lane.name != self.lane and lane.existed(self.start_ns, self.end_ns)


def stillness(
    snapshot: Snapshot, times: Times, tests: NDArray[np.intp], work: Lanes, now_ns: int | None
) -> tuple[Stillness, ...]:
    """The stalls of the lanes `work`; `tests` are the rows of the run's tests. The longest first.

    `now_ns` is how late it is for a run that is not over, for which nothing may be getting on just now.
    """
    tests, now_ns = _timed(tests, work, now_ns)
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


def _timed(tests: NDArray[np.intp], work: Lanes, now_ns: int | None) -> tuple[NDArray[np.intp], int | None]:
    """Without the tests of lanes whose clock is off: of those nobody knows whether they just go on."""
    if len(work.timed) == len(work.lanes):
        return tests, now_ns
    rows = np.concatenate([lane.rows for lane in work.timed])
    return tests[np.isin(tests, rows)], None


def _explained(
    snapshot: Snapshot, times: Times, work: Lanes, stretches: Iterator[tuple[int, int]], stuck_ns: int
) -> Iterator[Stillness]:
    for start, end in stretches:
        lanes = [lane for lane in work.timed if lane.existed(start, end)]
        if not lanes:
            continue
        causes = [_cause(snapshot, times, lane, start, end) for lane in lanes]
        idle = sum(not _covered(snapshot, times, lane, start, end) for lane in lanes)
        share, row, name = max(causes, key=lambda cause: cause[0])
        is_stuck = not idle and len(lanes) > 1 and end - start >= stuck_ns
        if share >= _THROUGHOUT or idle == len(lanes) or is_stuck:
            found, name = (row, name) if share >= _THROUGHOUT else (-1, "")
            cost = (end - start) * sum(lane.name != name for lane in lanes)
            yield Stillness(start, end, found, name, len(lanes), idle, cost)


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

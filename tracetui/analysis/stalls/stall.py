"""Stalls: stretches of a run in which no worker made progress (no test began or ended), and why.

Only explained ones are reported: an archiver or a hook ran all the while, or no lane had any work, or every
lane was in a test much longer than usual. Lanes whose clock is off take no part.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui import units
from tracetui.analysis.lanes.lanes import Lane, Lanes
from tracetui.analysis.ranking.occurrences import nearest_rank
from tracetui.analysis.stalls.quiet import Gap, Quiet, quiet
from tracetui.analysis.time.times import Times
from tracetui.analysis.tree.tree import Rows
from tracetui.model.role import Role
from tracetui.store.snapshot import Snapshot

MOST = 5
"""So many of the longest stretches are looked at."""

_TIMES_THE_USUAL = 10
_THROUGHOUT = 0.8


class Stall(Struct, frozen=True):
    """A stretch (ns since the epoch) in which no worker made progress.

    `row` is the archiver or hook that ran all the while, on `lane` (foreign text); -1 without one. Of
    `lanes`, `idle` had no work, the others were in a test. `stalled_ns` is its cost: the time of all lanes
    together, without `lane`.
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
        """Whether it cost a lane time: it existed, its clock is right, and it is not the cause."""
        return not lane.offset_ns and lane.name != self.lane and lane.existed(self.start_ns, self.end_ns)


class Happened(Struct, frozen=True, eq=False):
    """When tests began and ended: the last at `ended_ns`, without those of `unended` that end after now."""

    quiet: Quiet
    unended: NDArray[np.intp]
    ended_ns: int


def happened(
    snapshot: Snapshot, times: Times, tests: NDArray[np.intp], now_ns: int | None
) -> Happened | None:
    """The events of `tests` (rows), None without any; `now_ns` as below."""
    if not len(tests):
        return None
    end = times.end[tests]
    ahead = end >= (now_ns or units.MAX_NS)
    ends = end[~ahead]
    return Happened(quiet(snapshot.start_ns[tests], ends), tests[ahead], int(ends.max(initial=0)))


def stillness(
    snapshot: Snapshot,
    times: Times,
    tests: NDArray[np.intp],
    work: Lanes,
    now_ns: int | None,
    known: Happened | None = None,
) -> tuple[Stall, ...]:
    """The stalls of the lanes `work`, the longest first; `tests` are the rows of the run's tests.

    `now_ns` is the present time for a run that is not over, which may be stalled just now. `known` are the
    `happened` events, if already known.
    """
    if len(work.timed) < len(work.lanes):
        tests, now_ns, known = _timed(tests, work), None, None
    events = known or happened(snapshot, times, tests, now_ns)
    if events is None or not work.lanes:
        return ()

    def moments() -> NDArray[np.int64]:
        ended = times.end[tests][times.end[tests] < (now_ns or units.MAX_NS)]
        return np.concatenate([snapshot.start_ns[tests], ended, now])

    now = [now_ns] if now_ns else []
    stretches = events.quiet.among(now).longest(MOST, moments)
    return tuple(_explained(_Causes(snapshot, times, tests, work), stretches))


def _timed(tests: NDArray[np.intp], work: Lanes) -> NDArray[np.intp]:
    """Without the tests of lanes whose clock is off: nobody knows when they ran."""
    rows = np.concatenate([np.empty(0, np.int32), *(lane.rows for lane in work.timed)])
    timed = np.zeros(int(max(rows.max(initial=0), tests.max(initial=0))) + 1, np.bool_)
    timed[rows] = True
    return tests[timed[tests]]


def _explained(causes: "_Causes", stretches: Iterable[Gap]) -> Iterator[Stall]:
    for gap in stretches:
        lanes = [lane for lane in causes.work.timed if lane.existed(*gap)]
        if not lanes:
            continue
        share, row, name = max((causes.of(lane, gap) for lane in lanes), key=lambda cause: cause[0])
        idle = sum(not _covered(lane, gap) for lane in lanes)
        is_throughout = share >= _THROUGHOUT
        if is_throughout or idle == len(lanes) or (not idle and len(lanes) > 1 and causes.are_stuck(gap)):
            cause_row, name = (row, name) if is_throughout else (-1, "")
            cost = gap.length_ns * sum(lane.name != name for lane in lanes)
            yield Stall(*gap, cause_row, name, len(lanes), idle, cost)


class _Causes(Struct, frozen=True, eq=False, dict=True):
    """Finds out why nothing happened."""

    snapshot: Snapshot
    times: Times
    tests: NDArray[np.intp]
    work: Lanes

    def of(self, lane: Lane, gap: Gap) -> tuple[float, int, str]:
        """The share of a gap that an archiver, or else a hook, of a lane covers; its row; and the lane."""
        rows = np.concatenate([_touching(lane, gap), lane.inner])
        for role in (Role.ARCHIVER, Role.HOOK):
            of_role = rows[self.snapshot.role[rows] == role]
            if len(of_role):
                end, start = self.times.end[of_role], self.snapshot.start_ns[of_role]
                over = np.minimum(end, gap.end_ns) - np.maximum(start, gap.start_ns)
                share = float(over.max()) / gap.length_ns
                if share >= _THROUGHOUT:
                    return share, int(of_role[int(over.argmax())]), lane.name
        return 0.0, -1, ""

    def are_stuck(self, gap: Gap) -> bool:
        """Whether a gap is much longer than all but the longest tests take."""
        least = 1 + int(nearest_rank(np.array([len(self.tests)]), 95)[0])
        shorter = np.count_nonzero(self._took <= gap.length_ns // _TIMES_THE_USUAL)
        return bool(shorter >= least)

    @cached_property
    def _took(self) -> NDArray[np.int64]:
        return self.times.total[self.tests]


def _touching(lane: Lane, gap: Gap) -> Rows:
    """The blocks of a lane that may have run in a gap."""
    first = int(np.searchsorted(lane.blocks.reached, gap.start_ns, "right"))
    return lane.rows[first : int(np.searchsorted(lane.blocks.start, gap.end_ns, "left"))]


def _covered(lane: Lane, gap: Gap) -> bool:
    """Whether a lane had work throughout the middle of a gap."""
    middle = (gap.start_ns + gap.end_ns) // 2
    begun = int(np.searchsorted(lane.blocks.start, middle, "right"))
    return begun > 0 and bool(lane.blocks.reached[begun - 1] >= middle)

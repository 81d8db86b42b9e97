"""What a lane's time is billed to while nothing runs on it: no worker, its start, a stall, or idleness."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.lanes.lanes import Lane
from tracetui.analysis.ledger.accounts import Account
from tracetui.analysis.ledger.billing import Segments
from tracetui.analysis.stalls.stall import Stall
from tracetui.analysis.study.run_facts import RunFacts
from tracetui.analysis.time.coverage import Coverage, coverage
from tracetui.analysis.time.times import Nanoseconds
from tracetui.analysis.timeline.window import Window
from tracetui.analysis.tree.tree import nearest, outermost
from tracetui.model.columns import Bytes
from tracetui.model.numbers.distinct import distinct
from tracetui.model.role import Role


class Presence(NamedTuple):
    """When a lane's worker began to start, had its first and last work, and was gone, and when all lanes had
    finished their work (`done_ns`). In ns since the epoch.
    """

    began_ns: int
    first_ns: int
    last_ns: int
    done_ns: int
    gone_ns: int


def presences(facts: RunFacts) -> list[Presence]:
    """The presence of each lane's worker.

    A worker starts with its suite or, if it replaces one, when that has died. It is gone when its suite is
    over, or when it has died.
    """
    snapshot, times, lanes = facts.snapshot, facts.times, facts.lanes.lanes
    suites = outermost(snapshot.role == Role.SUITE, facts.tree.parent)
    timed = frozenset(facts.lanes.timed)
    presences_of_lanes = []
    for lane in lanes:
        suite = distinct(nearest(suites, facts.tree.parent, lane.rows))
        suite = suite[suite >= 0]
        began, gone = min(lane.since_ns, lane.exists.start_ns), lane.exists.end_ns
        if len(suite) and not lane.offset_ns:
            began = min(began, int(snapshot.start_ns[suite].min()))
            gone = gone if lane.crashed else max(gone, int(times.end[suite].max()))
        first, last, done = lane.start_ns, lane.end_ns, lane.end_ns
        if lane in timed:
            done = max(done, facts.lanes.wall.end_ns)
        began = min(max(began, _died(lane, lanes)), first)
        presences_of_lanes.append(Presence(began, first, last, done, max(gone, last)))
    return presences_of_lanes


def _died(lane: Lane, lanes: Sequence[Lane]) -> int:
    """When the last worker died before a lane's existed; 0 if none did."""
    born = lane.exists.start_ns
    dead = (other.exists.end_ns for other in lanes if other.crashed and other.since_ns == lane.since_ns)
    return max((died for died in dead if died <= born), default=0)


def wall_ns(lanes: Iterable[Lane], run: Window) -> int:
    """The run's duration: from its first start to its last end, or that of a lane whose clock is off if
    longer.
    """
    return max([run.end_ns - run.start_ns, *(lane.exists.end_ns - lane.exists.start_ns for lane in lanes)])


def window_of(lane: Lane, run: Window, length_ns: int) -> Window:
    """The run's window on a lane, of the same length on each; moved as little as need be if the clock is
    off.
    """
    start = min(run.start_ns, lane.exists.start_ns)
    start = max(start, lane.exists.end_ns - length_ns)
    return Window(start, start + length_ns)


def stalls_of(lane: Lane, stalls: Iterable[Stall]) -> Coverage:
    """When a lane lost time to stalls that were not its own."""
    lost = [(stall.start_ns, stall.end_ns) for stall in stalls if stall.stalled(lane)]
    return coverage(*np.array(lost, np.int64).reshape(-1, 2).T)


def cut(segments: Segments, edges: Iterable[int]) -> Segments:
    """The segments, cut at some moments."""
    if not len(segments.start):
        return segments
    moments = np.array(sorted(set(edges)), np.int64)
    moments = moments[(moments > segments.start[0]) & (moments < segments.end[-1])]
    place = np.searchsorted(segments.start, moments, "right") - 1
    inside = moments > segments.start[place]
    place, moments = place[inside], moments[inside]
    edges = np.append(segments.start, segments.end[-1:])
    owner = np.insert(segments.owner, place + 1, segments.owner[place])
    return Segments.between(owner, np.insert(edges, place + 1, moments))


def accounts_of_nothing(start: Nanoseconds, there: Presence, stalled: Coverage) -> Bytes:
    """The accounts of stretches in which nothing ran, by their starts; presence and stalls do not cut
    them.
    """
    account: NDArray[np.uint8] = np.full(len(start), Account.IDLE, np.uint8)
    account[stalled.until(start + 1) > stalled.until(start)] = Account.STALLED
    account[(start >= there.began_ns) & (start < there.first_ns)] = Account.WORKER_START
    account[start >= there.done_ns] = Account.UNACCOUNTED
    account[(start < there.began_ns) | (start >= there.gone_ns)] = Account.ABSENT
    return account

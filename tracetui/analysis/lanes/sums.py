"""Sums over the lanes of a run: work, idle and stalled time; screens and pages take them from here."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from tracetui.analysis.lanes.lanes import Lane, Lanes
from tracetui.analysis.stalls.stall import Stall


class Shares(NamedTuple):
    """Where a lane's time went, in ns: the first four add up to its existence.

    `work_ns` is what ran on it while the run progressed, `stalled_ns` what it lost in stalls that were not
    its own, `starting_ns` the time before its start, `idle_ns` the rest of the time without work: what the
    ledger calls idle. `waited_ns` is the part of `stalled_ns` in which something ran on it all the same.
    """

    work_ns: int
    idle_ns: int
    stalled_ns: int
    starting_ns: int
    waited_ns: int


class Sums(NamedTuple):
    """The same over all `lanes` lanes, of which so many existed `at_once`, and what follows from it.

    `wall_ns` is from the first block of all to the end of the last, `floor_ns` (the best case) what that
    would be with the work spread evenly over so many, `imbalance_ns` how much longer the slowest lane,
    `long_pole` (foreign text), took than the quickest, each from the start of its own shard.
    """

    lanes: int
    at_once: int
    wall_ns: int
    work_ns: int
    floor_ns: int
    idle_ns: int
    stalled_ns: int
    starting_ns: int
    imbalance_ns: int
    long_pole: str


def shares(lane: Lane, stalls: Iterable[Stall]) -> Shares:
    """Where the time of one lane went."""
    others = [stall for stall in stalls if stall.stalled(lane)]
    stalled = sum(stall.length_ns for stall in others)
    before = sum(max(0, min(stall.end_ns, lane.start_ns) - stall.start_ns) for stall in others)
    edges = (np.array([stall.start_ns, stall.end_ns], np.int64) for stall in others)
    waited = sum(int(np.diff(lane.work.all.until(stall))[0]) for stall in edges)
    idle = lane.idle_ns - (stalled - before - waited)
    return Shares(lane.busy_ns - waited, idle, stalled, lane.starting_ns - before, waited)


def at_once(lanes: Sequence[Lane]) -> int:
    """The most lanes that existed at the same time, each counted from the start of its own shard.

    A worker that took the place of another one is not one more; one whose clock is off is.
    """
    drawn = [lane.exists.later(-lane.since_ns) for lane in lanes if not lane.offset_ns]
    starts = np.sort(np.array([one.start_ns for one in drawn], np.int64))
    ends = np.sort(np.array([one.end_ns for one in drawn], np.int64))
    gone = np.searchsorted(ends, starts, side="right")
    together = int((np.arange(1, len(starts) + 1) - gone).max(initial=min(1, len(starts))))
    return together + len(lanes) - len(drawn)


def sums(lanes: Lanes, stalls: Iterable[Stall]) -> Sums:
    """Where the time of all of them went."""
    all_stalls = tuple(stalls)
    lane_shares = [shares(lane, all_stalls) for lane in lanes.lanes]
    work, together = sum(lane.work_ns for lane in lane_shares), at_once(lanes.lanes)
    return Sums(
        lanes=len(lane_shares),
        at_once=together,
        wall_ns=lanes.wall_ns,
        work_ns=work,
        floor_ns=work // max(1, together),
        idle_ns=sum(lane.idle_ns for lane in lane_shares),
        stalled_ns=sum(lane.stalled_ns for lane in lane_shares),
        starting_ns=sum(lane.starting_ns for lane in lane_shares),
        imbalance_ns=lanes.imbalance_ns,
        long_pole=lanes.long_pole.name if lanes.long_pole else "",
    )

"""What ran on the other lanes of a run at a moment: tests, hooks, fixtures and archivers, by name."""

from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.analysis.assignment.block_lanes import divide
from tracetui.analysis.study.run_facts import RunFacts
from tracetui.analysis.tree.tree import Rows, nearest
from tracetui.model.numbers.distinct import among, distinct
from tracetui.model.role import WORK, Outcome, Role

Numbers = NDArray[np.int64]


class CoRunning(Struct, frozen=True, eq=False, dict=True):
    """All work of a recording by lane, then by start; `lane_of` has each row's lane, or -1.

    Lane `number` has the places from `first[number]` to `first[number + 1]`. `start` and `end` are in ns
    since the epoch, `reached` is the last end on its lane so far; `key` is role and title together. Lanes of
    one `machine` number ran in one run, on one machine if hosts are known. `began` is by row.
    """

    began: Numbers
    lane_of: NDArray[np.int32]
    first: Numbers
    start: Numbers
    end: Numbers
    reached: Numbers
    key: Numbers
    machine: Numbers

    def beside(self, rows: Rows, length_ns: int) -> tuple[Numbers, Numbers]:
        """Pairs: the position of a row in `rows`, and the key of what ran on another lane beside it.

        Only the first `length_ns` after its start count, however long it took itself; each pair comes once.
        O(rows x lanes of a run x log n).
        """
        keys_of_rows = [self._keys(row, length_ns) for row in rows.tolist()]
        place = np.repeat(np.arange(len(keys_of_rows)), [len(keys) for keys in keys_of_rows])
        return place, np.concatenate([np.empty(0, np.int64), *keys_of_rows])

    def _keys(self, row: int, length_ns: int) -> Numbers:
        own = int(self.lane_of[row])
        if own < 0:
            return np.empty(0, np.int64)
        begin = int(self.began[row])
        others = (lane for lane in self._lanes_on[int(self.machine[own])] if lane != own)
        pieces = [self._on_lane(lane, begin, begin + length_ns) for lane in others]
        return distinct(np.concatenate(pieces)) if pieces else np.empty(0, np.int64)

    @cached_property
    def _lanes_on(self) -> dict[int, list[int]]:
        """The lanes of each machine number."""
        lanes: dict[int, list[int]] = {}
        for lane, number in enumerate(self.machine.tolist()):
            lanes.setdefault(number, []).append(lane)
        return lanes

    def _on_lane(self, lane: int, begin_ns: int, end_ns: int) -> Numbers:
        first, last = int(self.first[lane]), int(self.first[lane + 1])
        low = first + int(np.searchsorted(self.reached[first:last], begin_ns, "right"))
        high = first + int(np.searchsorted(self.start[first:last], end_ns, "left"))
        return self.key[low:high][self.end[low:high] > begin_ns]


def co_running(facts: RunFacts) -> CoRunning:
    """The work of all runs of a recording: O(n log n)."""
    snapshot, shares = facts.snapshot, divide(facts.snapshot, facts.tree, facts.times).shares
    lane = np.full(len(snapshot), -1, np.int32)
    for number, share in enumerate(shares):
        lane[share.rows] = number
    work = np.flatnonzero(among(snapshot.role, WORK) & (snapshot.outcome != Outcome.SKIPPED))
    block = nearest(lane >= 0, facts.tree.parent, work)
    work, block = work[block >= 0], block[block >= 0]
    lane[work] = lane[block]
    order = work[np.lexsort((snapshot.start_ns[work], lane[work]))]
    first = np.searchsorted(lane[order], np.arange(len(shares) + 1))
    end = facts.times.end[order]
    return CoRunning(
        began=snapshot.start_ns,
        lane_of=lane,
        first=first,
        start=snapshot.start_ns[order],
        end=end,
        reached=_reached(end, first),
        key=keys(facts, order),
        machine=_machines(facts, [int(share.rows[0]) for share in shares]),
    )


def keys(facts: RunFacts, rows: NDArray[np.signedinteger]) -> Numbers:
    """Role and title of each row as one number."""
    snapshot = facts.snapshot
    codes: Numbers = snapshot.title_id[rows].astype(np.int64) * len(Role) + snapshot.role[rows]
    return codes


def _reached(end: Numbers, first: Numbers) -> Numbers:
    """The last end so far, lane by lane."""
    pieces = [np.maximum.accumulate(end[a:b]) for a, b in pairwise(first.tolist())]
    return np.concatenate(pieces) if pieces else end


def _machines(facts: RunFacts, rows: list[int]) -> Numbers:
    """By lane, given one row of each, a number that is shared by lanes whose work may have overlapped."""
    runs = np.repeat(np.arange(len(facts.runs)), np.diff(facts.runs.first_job))
    groups: dict[tuple[int, str, int], int] = {}
    numbers = []
    for row in rows:
        job, host = int(facts.runs.jobs.of[row]), facts.snapshot.resource(row).host
        where = (int(runs[job]), host, -1 if host else job)
        numbers.append(groups.setdefault(where, len(groups)))
    return np.array(numbers, np.int64)


def names(facts: RunFacts, codes: Numbers) -> Iterator[tuple[Role, str]]:
    """The roles and titles (foreign text) of keys."""
    for key in codes.tolist():
        yield Role(key % len(Role)), facts.snapshot.texts[key // len(Role)]

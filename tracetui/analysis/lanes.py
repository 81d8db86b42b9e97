"""Lanes: what each worker did when, where it stood still, and how far the run was from ideal.

A lane's blocks are its tests, and the hooks and archivers outside tests. Where nothing names a worker
(resmoke), lanes are rebuilt by packing, each block on the lane that was free first, and are marked so.
"""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.bars import Window
from tracetui.analysis.blocks import Blocks
from tracetui.analysis.blocks import blocks as blocks_of
from tracetui.analysis.density import Work, work
from tracetui.analysis.distinct import among, distinct
from tracetui.analysis.fixtures import is_fixture
from tracetui.analysis.times import Times
from tracetui.analysis.tree import Tree, nearest, outermost
from tracetui.model.role import Outcome, Role
from tracetui.store.snapshot import Snapshot

Rows = NDArray[np.int32]

MOST_PACKED = 500
"""Lanes that are rebuilt: more at once than anyone looks at, or runs tests on."""


@dataclass(frozen=True, eq=False)
class Lane:
    """One worker's timeline; `rows` are its blocks by start, `inner` the hooks and archivers inside them.

    `name` is foreign text. `busy_ns` is how long at least one block ran, `gap_ns` the longest time between
    two blocks, which began at `gap_start_ns` (ns since the epoch, 0 where there is none). `tests` counts
    tests, each by its last attempt; `work` is what `rows` and `inner` cover.
    `blocks` has the times of `rows`.
    """

    name: str
    packed: bool
    rows: Rows
    inner: Rows
    start_ns: int
    end_ns: int
    busy_ns: int
    gap_ns: int
    gap_start_ns: int
    tests: int
    work: Work
    blocks: Blocks


@dataclass(frozen=True, eq=False)
class Lanes:
    """All lanes of the runs that are looked at, and their sums in ns.

    `wall_ns` is from the first block to the end of the last, `work_ns` the busy time of all lanes, `floor_ns`
    what the wall would be were the work spread evenly, `idle_ns` what is left of all lanes' wall time, and
    `imbalance_ns` how much later the last lane ended than the first.
    """

    lanes: tuple[Lane, ...]
    wall_ns: int
    work_ns: int

    @property
    def floor_ns(self) -> int:
        """The wall time were the work spread evenly."""
        return self.work_ns // max(1, len(self.lanes))

    @property
    def idle_ns(self) -> int:
        """The time that lanes stood still, from the first block of all to the last end of all."""
        return self.wall_ns * len(self.lanes) - self.work_ns

    @property
    def imbalance_ns(self) -> int:
        """How long the first lane to end waited for the last."""
        ends = [lane.end_ns for lane in self.lanes]
        return max(ends) - min(ends) if ends else 0

    @property
    def long_pole(self) -> Lane | None:
        """The lane that ended last, of several."""
        return max(self.lanes, key=lambda lane: lane.end_ns) if len(self.lanes) > 1 else None


def lanes(
    snapshot: Snapshot,
    tree: Tree,
    times: Times,
    within: NDArray[np.bool_] | None = None,
    meant: NDArray[np.bool_] | None = None,
) -> Lanes:
    """The lanes that the blocks `within` (by row) make, and on them those that are `meant`.

    A block stays on its lane, under its name, whatever else is meant.
    """
    blocks = _blocks(snapshot, tree)
    blocks = blocks if within is None else blocks[within[blocks]]
    shares = list(_divided(snapshot, tree, times, blocks))
    if meant is not None:
        blocks = blocks[meant[blocks]]
        shares = [(name, rows[meant[rows]], packed) for name, rows, packed in shares]
    start = int(snapshot.start_ns[blocks].min(initial=np.iinfo(np.int64).max))
    end = int(times.end[blocks].max(initial=0))
    study = _Study(snapshot, tree, times, Window(start, max(start, end)))
    found = [study.lane(name, rows, packed=packed) for name, rows, packed in shares if len(rows)]
    found.sort(key=lambda lane: (lane.packed, _natural(lane.name)))
    return Lanes(tuple(found), end - start if found else 0, sum(lane.busy_ns for lane in found))


def _divided(snapshot: Snapshot, tree: Tree, times: Times, blocks: Rows) -> Iterator[tuple[str, Rows, bool]]:
    """The blocks of each lane, its name before, and whether it is packed."""
    named, names = _workers(snapshot, tree, blocks)
    for worker in distinct(names[named]):
        yield snapshot.texts[int(worker)], blocks[named & (names == worker)], False
    for number, rows in enumerate(_packed(snapshot, times, blocks[~named])):
        yield f"job{number}", rows, True


def _blocks(snapshot: Snapshot, tree: Tree) -> Rows:
    """Tests, hooks and archivers that no other of these contains, by start."""
    work = among(snapshot.role, (Role.TEST, Role.HOOK, Role.ARCHIVER))
    rows = np.flatnonzero(outermost(work, tree.parent)).astype(np.int32)
    return rows[np.lexsort((tree.position[rows], snapshot.start_ns[rows]))]


def _workers(snapshot: Snapshot, tree: Tree, blocks: Rows) -> tuple[NDArray[np.bool_], NDArray[np.int32]]:
    """For each block whether something names its worker, and the name's number."""
    empty = next((number for number, text in enumerate(snapshot.texts) if not text), -1)
    naming = nearest(snapshot.worker_id != empty, tree.parent)[blocks]
    return naming >= 0, snapshot.worker_id[naming]


def _packed(snapshot: Snapshot, times: Times, blocks: Rows) -> Iterable[Rows]:
    """As few lanes as hold the blocks without overlap; at `MOST_PACKED` the first to end takes more.

    A fixture for which no lane is free, and which begins and ends while a test runs, is on the lane of that:
    a single process sets it up for the tests to come.
    """
    ends: list[tuple[int, int]] = []
    lane_rows: list[list[int]] = []
    tests_end: list[int] = []
    starts, until = snapshot.start_ns[blocks].tolist(), times.end[blocks].tolist()
    for row, start, end in zip(blocks.tolist(), starts, until, strict=True):
        role = snapshot.role[row]
        is_free = bool(ends) and (ends[0][0] <= start or len(lane_rows) == MOST_PACKED)
        is_fixed = role == Role.HOOK and is_fixture(snapshot.title(row))
        if not is_free and is_fixed and (host := _around(tests_end, end)) is not None:
            lane_rows[host].append(row)
            continue
        if is_free:
            reached, free = heapq.heappop(ends)
        else:
            reached, free = end, len(lane_rows)
            lane_rows.append([])
            tests_end.append(0)
        lane_rows[free].append(row)
        tests_end[free] = end if role == Role.TEST else 0
        heapq.heappush(ends, (max(end, reached), free))
    return [np.array(rows, np.int32) for rows in lane_rows]


def _around(tests_end: Sequence[int], end: int) -> int | None:
    """The lane on which a test runs on until `end`, if on any."""
    return next((lane for lane, until in enumerate(tests_end) if until >= end), None)


@dataclass(frozen=True, eq=False)
class _Study:
    """What all lanes are worked out from; `wall` is from the first block of all to the end of the last."""

    snapshot: Snapshot
    tree: Tree
    times: Times
    wall: Window

    def lane(self, name: str, rows: Rows, *, packed: bool) -> Lane:
        """The lane of the blocks `rows`, which are sorted by start."""
        snapshot, times = self.snapshot, self.times
        found = blocks_of(rows, snapshot.start_ns[rows], times.end[rows], self.wall)
        gaps = np.maximum(found.start[1:] - found.reached[:-1], 0)
        longest = int(np.argmax(gaps)) if len(gaps) else 0
        gap_ns = int(gaps[longest]) if len(gaps) else 0
        inner = _inside(snapshot, self.tree, rows)
        tests = (snapshot.role[rows] == Role.TEST) & (snapshot.outcome[rows] != Outcome.RERUN)
        return Lane(
            name=name,
            packed=packed,
            rows=rows,
            inner=inner,
            start_ns=int(found.start[0]),
            end_ns=int(found.reached[-1]),
            busy_ns=int(found.reached[-1] - found.start[0]) - int(gaps.sum()),
            gap_ns=gap_ns,
            gap_start_ns=int(found.reached[longest]) if gap_ns else 0,
            tests=int(np.count_nonzero(tests)),
            work=work(snapshot, times, np.concatenate([rows, inner])),
            blocks=found,
        )


def _inside(snapshot: Snapshot, tree: Tree, blocks: Rows) -> Rows:
    """Hooks and archivers that run inside the blocks and are billed to themselves."""
    rows = np.flatnonzero(among(snapshot.role, (Role.HOOK, Role.ARCHIVER)) & ~snapshot.own)
    positions = np.sort(tree.position[blocks])
    host = positions[np.maximum(np.searchsorted(positions, tree.position[rows], "right") - 1, 0)]
    within = (tree.position[rows] > host) & (tree.position[rows] < host + tree.size[tree.order[host]])
    return rows[within].astype(np.int32)


def _natural(name: str) -> tuple[str, int, str]:
    """gw2 before gw10."""
    head = name.rstrip("0123456789")
    digits = name[len(head) :]
    return head, int(digits[:18] or 0), name

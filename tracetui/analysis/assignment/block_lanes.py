"""Assigns each block to a lane: one lane for each worker of each suite.

A block is a test, hook or archiver that no other block contains. Workers of the same name in two suites
(shards) are two lanes. If nothing names a worker, lanes are inferred from timing, suite by suite; suites of
one process that follow each other share lanes, unless they are of different runs.
"""

import heapq
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.analysis.assignment.packing import SLACK_NS, Numbers, packed
from tracetui.analysis.hooks.fixtures import are_fixtures
from tracetui.analysis.jobs.processes import processes
from tracetui.analysis.time.times import Times
from tracetui.analysis.timeline.durations import durations_only
from tracetui.analysis.tree.tree import Rows, Tree, nearest, outermost
from tracetui.model.numbers.distinct import among
from tracetui.model.role import WORK, Role
from tracetui.store.snapshot import Snapshot

MOST_PACKED = 500
"""Lanes that are inferred: more at once than anyone looks at, or runs tests on."""


class Share(NamedTuple):
    """One lane's blocks `rows`, by start; `worker` is foreign text, for `packed` lanes `job0`, `job1`, ...

    `home` is the home of the worker (see `Division`), `homes` are all those it ran in.
    """

    worker: str
    packed: bool
    rows: Rows
    home: int
    homes: tuple[int, ...]


class Division(Struct, frozen=True, eq=False):
    """All blocks, by lane.

    A home is a suite; without one it is what its workers have in common: the parent that has not arrived
    (yet), or the process. `suite` has each home's suite row, or -1, `first` its earliest block, `process` the
    number of its process.
    """

    shares: tuple[Share, ...]
    suite: Rows
    first: Rows
    process: NDArray[np.int32]


class _Homes(NamedTuple):
    """For each block the number of its home; for each home its suite's row or -1, first block and process."""

    of: Numbers
    suite: Rows
    first: Rows
    process: NDArray[np.int32]


def divide(
    snapshot: Snapshot,
    tree: Tree,
    times: Times,
    within: NDArray[np.bool_] | None = None,
    run: NDArray[np.int32] | None = None,
) -> Division:
    """The lanes of the blocks `within` (a mask by row): O(n log n), no loop over blocks.

    `run` is by row, where nothing else tells processes of different runs apart.
    """
    blocks = _blocks(snapshot, tree)
    blocks = blocks if within is None else blocks[within[blocks]]
    named, names = _workers(snapshot, tree, blocks)
    homes = _homes(snapshot, tree, blocks, named, _processes(snapshot, run))
    shares = [*_named(snapshot, blocks, homes, named, names)]
    workers = np.bincount([share.home for share in shares], minlength=len(homes.suite))
    caps = [_cap(snapshot, int(homes.suite[home]), int(workers[home])) for home in range(len(homes.suite))]
    shares += _unnamed(snapshot, times, blocks[~named], homes.of[~named], homes, caps)
    return Division(tuple(shares), homes.suite, homes.first, homes.process)


def _blocks(snapshot: Snapshot, tree: Tree) -> Rows:
    """Tests, hooks and archivers that no other of these contains, by start; only what has a place in time."""
    work, untimed = among(snapshot.role, WORK), durations_only(snapshot)
    if untimed is not None:
        work &= ~untimed
    rows = np.flatnonzero(outermost(work, tree.parent)).astype(np.int32)
    return rows[np.lexsort((tree.position[rows], snapshot.start_ns[rows]))]


def _workers(snapshot: Snapshot, tree: Tree, blocks: Rows) -> tuple[NDArray[np.bool_], NDArray[np.int32]]:
    """For each block whether its worker is named, and the number of that name."""
    empty = next((number for number, text in enumerate(snapshot.texts) if not text), -1)
    naming = nearest(snapshot.worker_id != empty, tree.parent, blocks)
    return naming >= 0, snapshot.worker_id[naming]


def _processes(snapshot: Snapshot, run: NDArray[np.int32] | None) -> NDArray[np.int32]:
    """By row, the number of its process."""
    if not len(snapshot):
        return np.empty(0, np.int32)
    process = processes(snapshot)[snapshot.origin_id]
    if run is None:
        return process
    both = process.astype(np.int64) * (int(run.max()) + 2) + run + 1
    number: NDArray[np.int32] = np.unique(both, return_inverse=True)[1].astype(np.int32)
    return number


def _homes(
    snapshot: Snapshot,
    tree: Tree,
    blocks: Rows,
    named: NDArray[np.bool_],
    process: NDArray[np.int32],
) -> _Homes:
    suites = outermost(snapshot.role == Role.SUITE, tree.parent)
    suite = nearest(suites, tree.parent, blocks)
    root = nearest(tree.parent < 0, tree.parent, blocks)
    absent, count = snapshot.parent_key[root], len(snapshot)
    _, number = np.unique(absent, return_inverse=True)
    codes = np.where(
        suite >= 0, suite, np.where(named & (absent != 0), count + number, 2 * count + process[blocks])
    )
    keys, firsts, of = np.unique(codes, return_index=True, return_inverse=True)
    rows = np.where(keys < count, keys, -1).astype(np.int32)
    first = blocks[firsts]
    return _Homes(of, rows, first, process[np.where(rows >= 0, rows, first)])


def _named(
    snapshot: Snapshot, blocks: Rows, homes: _Homes, named: NDArray[np.bool_], names: NDArray[np.int32]
) -> Iterator[Share]:
    rows, home, name = blocks[named], homes.of[named], names[named].astype(np.int64)
    for some in _grouped(home * len(snapshot.texts) + name):
        where = int(home[some[0]])
        worker = snapshot.texts[int(name[some[0]])]
        yield Share(worker, packed=False, rows=rows[some], home=where, homes=(where,))


def _grouped(keys: NDArray[np.int64]) -> list[NDArray[np.intp]]:
    """The positions of each key, ascending."""
    order = np.argsort(keys, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(keys[order])) + 1) if len(keys) else []


def cap(snapshot: Snapshot, division: Division, home: int) -> int:
    """The most lanes that the blocks of `home` without a named worker may take."""
    named = sum(share.home == home and not share.packed for share in division.shares)
    return _cap(snapshot, int(division.suite[home]), named)


def _cap(snapshot: Snapshot, suite: int, workers: int) -> int:
    """The most workers that ran there: as its suite says, else as many as are named."""
    declared = snapshot.workers.get(int(snapshot.key[suite]), 0) if suite >= 0 else 0
    return min(declared or workers or MOST_PACKED, MOST_PACKED)


def _unnamed(
    snapshot: Snapshot, times: Times, blocks: Rows, of: Numbers, homes: _Homes, caps: list[int]
) -> Iterator[Share]:
    number, track = np.empty(len(blocks), np.int64), np.empty(len(blocks), np.int64)
    start, end, fixed = snapshot.start_ns[blocks], times.end[blocks], are_fixtures(snapshot, blocks)
    tracks = _Tracks()
    for some in sorted(_grouped(of), key=lambda some: int(start[some[0]])):
        home, first, last = int(of[some[0]]), int(start[some[0]]), int(end[some].max())
        number[some] = _packed_home(snapshot, start[some], end[some], blocks[some], fixed[some], caps[home])
        track[some] = tracks.take(int(homes.process[home]), first, last)
    for some in _grouped(track * MOST_PACKED + number):
        home = int(of[np.argmax(track == track[some[0]])])
        worker, ran_in = f"job{int(number[some[0]])}", tuple(set(of[some].tolist()))
        yield Share(worker, packed=True, rows=blocks[some], home=home, homes=ran_in)


class _Tracks:
    """Numbers lanes so that homes of one process that ran one after the other share numbers."""

    def __init__(self) -> None:
        self._free: dict[int, list[tuple[int, int]]] = {}
        self._count = 0

    def take(self, process: int, first: int, last: int) -> int:
        """The number of a home that ran from `first` to `last`; homes must come by start."""
        free = self._free.setdefault(process, [])
        if free and free[0][0] <= first + SLACK_NS:
            number = heapq.heappop(free)[1]
        else:
            number = self._count
            self._count += 1
        heapq.heappush(free, (last, number))
        return number


def _packed_home(
    snapshot: Snapshot,
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    blocks: Rows,
    fixed: NDArray[np.bool_],
    most: int,
) -> Numbers:
    """The lanes of one home's blocks; a fixture that starts and ends while a test runs is on that test's
    lane.

    A single process sets such a fixture up for the tests to come.
    """
    host = hosts(start, end, snapshot.role[blocks] == Role.TEST, fixed)
    alone = host < 0
    number = np.zeros(len(blocks), np.int64)
    number[alone] = packed(start[alone], end[alone], most)
    number[~alone] = number[host[~alone]]
    return number


def hosts(
    start: NDArray[np.int64], end: NDArray[np.int64], is_test: NDArray[np.bool_], fixed: NDArray[np.bool_]
) -> Numbers:
    """For each fixture block the position of the test on whose lane it is; -1 for all other blocks."""
    tests = np.flatnonzero(is_test)
    if not len(tests) or not fixed.any():
        return np.full(len(start), -1, np.int64)
    before = np.searchsorted(start[tests], start, "right") - 1
    reached = np.maximum.accumulate(end[tests])
    longest = tests[np.searchsorted(reached, reached[np.maximum(before, 0)])]
    return np.where(fixed & (before >= 0) & (end[longest] >= end), longest, -1)

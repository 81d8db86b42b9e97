"""Lanes: what each worker did when, how long it was idle, and how far the run was from ideal."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from tracetui.analysis.assignment.block_lanes import Division, Share, divide
from tracetui.analysis.hooks.derived import Derived, derived_hooks
from tracetui.analysis.lanes.blocks import Blocks
from tracetui.analysis.lanes.blocks import blocks as blocks_of
from tracetui.analysis.lanes.density import Work, work
from tracetui.analysis.lanes.existence import Existence
from tracetui.analysis.lanes.lane_axis import shifts
from tracetui.analysis.lanes.lane_names import lane_names
from tracetui.analysis.lanes.wall import common_wall, is_timed
from tracetui.analysis.time.clocks import Clocks
from tracetui.analysis.time.times import Times
from tracetui.analysis.timeline.window import Window
from tracetui.analysis.tree.tree import Rows, Tree, nearest
from tracetui.model.numbers.distinct import among, distinct
from tracetui.model.role import BILLED, Outcome, Role
from tracetui.store.snapshot import Snapshot
from tracetui.text import natural


class Lane(Struct, frozen=True, eq=False):
    """One worker's timeline; `rows` are its blocks by start, `inner` the hooks and archivers inside them.

    `name` is foreign text and unique; `worker` is the recording's name for it, `job0`, `job1`, ... if it is
    `packed`. `exists` is when (ns since the epoch) the worker existed; `crashed` says that its process died
    at the end of that; `since_ns` is when the first suite of its process (its shard) began. `offset_ns` is
    how far its clock was ahead, 0 if it is right. `busy_ns` is how long at least one block ran, `gap_ns` the
    longest time between two blocks, which began at `gap_start_ns` (0 without one). `tests` counts tests, each
    by its last attempt; `work` is what `rows` and `inner` cover; `blocks` has the times of `rows`. It is
    drawn `shift_ns` later than the axis.
    """

    name: str
    worker: str
    packed: bool
    rows: Rows
    inner: Rows
    exists: Window
    crashed: bool
    since_ns: int
    offset_ns: int
    start_ns: int
    end_ns: int
    busy_ns: int
    gap_ns: int
    gap_start_ns: int
    tests: int
    work: Work
    blocks: Blocks
    shift_ns: int = 0

    def existed(self, start_ns: int, end_ns: int) -> bool:
        """Whether the worker existed from one moment to another."""
        return self.exists.start_ns <= start_ns and end_ns <= self.exists.end_ns

    @property
    def took_ns(self) -> int:
        """Its end, counted from the start of its shard: shards that start late are not slow."""
        return self.end_ns - self.since_ns

    @property
    def starting_ns(self) -> int:
        """How long the worker existed before its first block: it was starting, not idle."""
        return max(0, self.start_ns - self.exists.start_ns)

    @property
    def idle_ns(self) -> int:
        """How long nothing ran on it after its first block."""
        return max(0, self.exists.end_ns - max(self.exists.start_ns, self.start_ns) - self.busy_ns)

    @property
    def tail_ns(self) -> int:
        """How long it was idle at its end."""
        return 0 if self.crashed else max(0, self.exists.end_ns - self.end_ns)


class Lanes(Struct, frozen=True, eq=False, dict=True):
    """All lanes of the shown runs; `wall` is from the first block of all to the last end.

    Lanes whose clock is off, or that are on another axis (runs without dates have one each), count with their
    durations, but not with their times.
    """

    lanes: tuple[Lane, ...]
    wall: Window

    @cached_property
    def timed(self) -> tuple[Lane, ...]:
        """The lanes with a right clock, on the axis of the wall: nobody knows how others lie to them."""
        return tuple(lane for lane in self.lanes if is_timed(lane.start_ns, lane.offset_ns, self.wall))

    @property
    def is_elapsed(self) -> bool:
        """Whether each lane is drawn from the start of its own shard."""
        return any(lane.shift_ns for lane in self.lanes)

    @property
    def axis(self) -> Window:
        """The stretch of the axis that all lanes take."""
        drawn = [lane.exists.later(-lane.shift_ns) for lane in self.lanes] or [self.wall]
        return Window(min(one.start_ns for one in drawn), max(one.end_ns for one in drawn))

    @property
    def wall_ns(self) -> int:
        """How long it took from the first block to the end of the last."""
        return self.wall.end_ns - self.wall.start_ns

    @property
    def busy_ns(self) -> int:
        """How long lanes had something to do, summed."""
        return sum(lane.busy_ns for lane in self.lanes)

    @property
    def imbalance_ns(self) -> int:
        """How much longer the last lane took than the first, each from the start of its own shard."""
        took = [lane.took_ns for lane in self.timed]
        return max(took) - min(took) if took else 0

    @property
    def apart_ns(self) -> int:
        """How long after the first shard the last one began."""
        since = [lane.since_ns for lane in self.timed]
        return max(since) - min(since) if since else 0

    @property
    def long_pole(self) -> Lane | None:
        """The lane that took longest, if there are several."""
        return max(self.timed, key=lambda lane: lane.took_ns) if len(self.timed) > 1 else None


def lanes(
    snapshot: Snapshot,
    tree: Tree,
    times: Times,
    within: NDArray[np.bool_] | None = None,
    meant: NDArray[np.bool_] | None = None,
    clocks: Clocks | None = None,
    run: NDArray[np.int32] | None = None,
) -> Lanes:
    """The lanes that the blocks `within` (by row) form, and on them those that are `meant`.

    A block keeps its lane and its name, whatever else is meant. For `run` see `divide`.
    """
    division = divide(snapshot, tree, times, within, run)
    return ordered(by_share(snapshot, tree, times, division, meant, clocks))


def by_share(
    snapshot: Snapshot,
    tree: Tree,
    times: Times,
    division: Division,
    meant: NDArray[np.bool_] | None = None,
    clocks: Clocks | None = None,
) -> list[Lane]:
    """The lane of each share on which something is `meant`, in the order of the division."""
    names = lane_names(snapshot, division)
    shares = zip(names, division.shares, strict=True)
    kept = [(name, share if meant is None else _meant(share, meant)) for name, share in shares]
    drawn = [(name, share) for name, share in kept if len(share.rows)]
    if not drawn:
        return []
    study = _Study(snapshot, tree, times, division, clocks, _wall(snapshot, times, drawn, clocks))
    parts = study.parts([share.rows for _, share in drawn])
    return [study.lane(name, share, part) for (name, share), part in zip(drawn, parts, strict=True)]


def ordered(unordered: Sequence[Lane]) -> Lanes:
    """The lanes in natural order of their names; inferred ones come last."""
    if not unordered:
        return Lanes((), Window(0, 0))
    order = sorted(unordered, key=lambda lane: (lane.packed, natural(lane.name)))
    shift = shifts([lane.since_ns for lane in order], [lane.exists.end_ns for lane in order])
    drawn = (replace(lane, shift_ns=ns) if ns else lane for lane, ns in zip(order, shift, strict=True))
    return Lanes(tuple(drawn), wall_of(unordered))


def wall_of(lanes: Sequence[Lane]) -> Window:
    """From the first block to the end of the last, of lanes whose clocks are right, where there are any."""
    timed = [lane for lane in lanes if not lane.offset_ns] or lanes
    return common_wall(Window(lane.start_ns, lane.end_ns) for lane in timed)


def _meant(share: Share, meant: NDArray[np.bool_]) -> Share:
    return share._replace(rows=share.rows[meant[share.rows]])


def _wall(snapshot: Snapshot, times: Times, shares: list[tuple[str, Share]], clocks: Clocks | None) -> Window:
    timed = [share.rows for _, share in shares if not offset_of(clocks, share.rows)]
    lanes = timed or [share.rows for _, share in shares]
    starts = (int(snapshot.start_ns[rows].min()) for rows in lanes)
    ends = (int(times.end[rows].max()) for rows in lanes)
    return common_wall(Window(start, max(start, end)) for start, end in zip(starts, ends, strict=True))


def offset_of(clocks: Clocks | None, rows: Rows) -> int:
    """How far a lane's clock was ahead: that of the process of its first block."""
    return 0 if clocks is None else int(clocks.offset_ns[rows[0]])


def _by_lane(lane: NDArray[np.int32], count: int) -> list[NDArray[np.intp]]:
    """The positions of the rows of each of `count` lanes."""
    order = np.argsort(lane, kind="stable")
    return np.split(order, np.searchsorted(lane[order], np.arange(count + 1)))[1:-1] if count else []


class _Part(NamedTuple):
    """What is inside the blocks of a lane: hooks and archivers, and hooks without spans."""

    inner: Rows
    derived: Derived


class _Study(Struct, frozen=True, eq=False, dict=True):
    """The input of all lanes; `wall` is from the first block of all to the end of the last."""

    snapshot: Snapshot
    tree: Tree
    times: Times
    division: Division
    clocks: Clocks | None
    wall: Window

    @cached_property
    def existence(self) -> Existence:
        """When the workers existed."""
        return Existence(self.snapshot, self.times, self.division, self.wall)

    def parts(self, lanes: list[Rows]) -> Iterator[_Part]:
        """What is inside the blocks of each lane."""
        snapshot, parent = self.snapshot, self.tree.parent
        lane_of = np.full(len(snapshot), -1, np.int32)
        for number, rows in enumerate(lanes):
            lane_of[rows] = number
        is_block = lane_of >= 0
        inner = among(snapshot.role, BILLED) & ~snapshot.own & ~is_block
        rows = np.flatnonzero(inner).astype(np.int32)
        host = nearest(is_block, parent, rows)
        rows, host = rows[host >= 0], host[host >= 0]
        derived = derived_hooks(snapshot, self.tree, self.times)
        gaps = _by_lane(lane_of[derived.host], len(lanes))
        for some, gap in zip(_by_lane(lane_of[host], len(lanes)), gaps, strict=True):
            yield _Part(rows[some], derived.only(gap))

    def lane(self, name: str, share: Share, part: _Part) -> Lane:
        """The lane of a share."""
        snapshot, times, rows = self.snapshot, self.times, share.rows
        start, end, offset = snapshot.start_ns[rows], times.end[rows], offset_of(self.clocks, rows)
        lane = Window(int(start[0]), int(end.max()))
        worker = self.existence.of(share, self._workers(share), lane, offset)
        blocks = blocks_of(rows, start, end, worker.exists)
        gaps = np.maximum(blocks.start[1:] - blocks.reached[:-1], 0)
        longest = int(np.argmax(gaps)) if len(gaps) else 0
        gap_ns = int(gaps[longest]) if len(gaps) else 0
        tests = (snapshot.role[rows] == Role.TEST) & (snapshot.outcome[rows] != Outcome.RERUN)
        return Lane(
            name=name,
            worker=share.worker,
            packed=share.packed,
            rows=rows,
            inner=part.inner,
            exists=worker.exists,
            crashed=worker.crashed,
            since_ns=worker.since_ns,
            offset_ns=offset,
            start_ns=int(blocks.start[0]),
            end_ns=int(blocks.reached[-1]),
            busy_ns=int(blocks.reached[-1] - blocks.start[0]) - int(gaps.sum()),
            gap_ns=gap_ns,
            gap_start_ns=int(blocks.reached[longest]) if gap_ns else 0,
            tests=int(np.count_nonzero(tests)),
            work=work(snapshot, times, np.concatenate([rows, part.inner]), part.derived),
            blocks=blocks,
        )

    def _workers(self, share: Share) -> Rows:
        """The rows of the workers above its blocks, by start."""
        if share.packed:
            return np.empty(0, np.int32)
        is_worker = self.snapshot.role == Role.WORKER
        workers = distinct(nearest(is_worker, self.tree.parent, share.rows))
        workers = workers[workers >= 0]
        return workers[np.argsort(self.snapshot.start_ns[workers], kind="stable")]

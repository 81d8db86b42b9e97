"""Updates one lane: what began before some moment is copied, the rest is computed."""

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from tracetui.analysis.hooks.derived import derived_hooks
from tracetui.analysis.lanes.blocks import MOST_LOOKED_AT, Blocks, most
from tracetui.analysis.lanes.blocks import blocks as blocks_of
from tracetui.analysis.lanes.density import Work, work
from tracetui.analysis.lanes.lanes import Lane
from tracetui.analysis.time.coverage import Coverage
from tracetui.analysis.time.times import Nanoseconds
from tracetui.analysis.tree.outermost import Seen, above
from tracetui.analysis.tree.tree import Rows
from tracetui.model.numbers.distinct import distinct, without
from tracetui.model.numbers.revisions import Revisions
from tracetui.model.role import Outcome, Role

Value = TypeVar("Value", bound=np.generic)

LEFT_OPEN = 256
"""So many blocks at the end of a lane are worked out each time: what comes late, most often falls there."""
_LARGEST_PART = 32
"""Where more than such a part of a lane, and several times as many, are, it is settled anew."""
_NEVER = np.iinfo(np.int64).min


class Settled(Struct, frozen=True, eq=False):
    """The settled part of a lane: everything that began before `since_ns`, which had ended by then.

    These are the first `blocks` blocks and all hooks and archivers inside except the rows `inner`. `parents`
    are above the blocks, and among these the spans `workers`, by start. `tests` are counted, `gaps_ns` is the
    idle time between blocks, the longest gap after the block at `gap`. `longest` and `widest` are as in
    `Blocks`; `counts` are the lengths of its coverages.
    """

    since_ns: int
    blocks: int
    inner: Rows
    parents: Rows
    workers: Rows
    tests: int
    gaps_ns: int
    gap: int
    longest: NDArray[np.intp]
    widest: NDArray[np.intp]
    counts: tuple[int, ...]

    def is_worn(self, blocks: int) -> bool:
        """Whether so much of the lane is unsettled that it should be settled anew."""
        return blocks - self.blocks > max(4 * LEFT_OPEN, blocks // _LARGEST_PART)


class End(Struct, frozen=True, eq=False):
    """The unsettled part of a lane: blocks by start, hooks and archivers inside by row."""

    rows: Rows
    inner: Rows


def settle(lane: Lane, seen: Seen) -> Settled:
    """The part of a lane that can be taken as settled: O(n log n) for its n blocks."""
    start, end = seen.snapshot.start_ns[lane.inner], seen.times.end[lane.inner]
    place = _place(lane, seen, start, end)
    since = int(lane.blocks.start[place]) if place else _NEVER
    inner = lane.inner[start >= since]
    rows, reached = lane.rows[:place], lane.blocks.reached[:place]
    gaps = np.maximum(lane.blocks.start[1:place] - reached[:-1], 0)
    parents = _parents(seen, rows[:0] if lane.packed else rows)
    late = _coverages(_work(seen, End(lane.rows[place:], inner)))
    return Settled(
        since_ns=since,
        blocks=place,
        inner=inner,
        parents=parents,
        workers=_workers(seen, parents),
        tests=_tests(seen, rows),
        gaps_ns=int(gaps.sum()),
        gap=int(np.argmax(gaps)) if len(gaps) else 0,
        longest=most(lane.blocks.end[:place] - lane.blocks.start[:place]),
        widest=most(gaps),
        counts=tuple(
            len(whole.begin) - len(part.begin)
            for whole, part in zip(_coverages(lane.work), late, strict=True)
        ),
    )


def _place(lane: Lane, seen: Seen, start: Nanoseconds, end: Nanoseconds) -> int:
    """The last block, some way before the end, at whose start everything earlier had ended; 0 if none."""
    last = len(lane.rows) - LEFT_OPEN
    if last <= 0:
        return 0
    order = np.argsort(start, kind="stable")
    begun = np.searchsorted(start[order], lane.blocks.start[1 : last + 1], "left")
    reached = np.maximum.accumulate(np.concatenate(([_NEVER], end[order])))[begun]
    reached = np.maximum(reached, lane.blocks.reached[:last])
    begin = lane.blocks.start[1 : last + 1]
    rows = np.concatenate((lane.rows, lane.inner))
    runs = (seen.snapshot.end_ns[rows] == 0) & (seen.snapshot.outcome[rows] == Outcome.RUNNING)
    until = int(seen.snapshot.start_ns[rows[runs]].min(initial=np.iinfo(np.int64).max))
    able = np.flatnonzero((reached <= begin) & (lane.blocks.start[:last] < begin) & (begin <= until))
    return int(able[-1]) + 1 if len(able) else 0


def _tests(seen: Seen, rows: Rows) -> int:
    tests = (seen.snapshot.role[rows] == Role.TEST) & (seen.snapshot.outcome[rows] != Outcome.RERUN)
    return int(np.count_nonzero(tests))


def _parents(seen: Seen, rows: Rows) -> Rows:
    """The rows above blocks, ascending."""
    parents = distinct(seen.tree.parent[rows])
    return parents[parents >= 0]


def _workers(seen: Seen, parents: Rows) -> Rows:
    """The spans of the workers that `parents` of blocks are, or are below, by start."""
    workers = distinct(above(seen, parents).worker)
    workers = workers[workers >= 0]
    return workers[np.argsort(seen.snapshot.start_ns[workers], kind="stable")]


def grown(lane: Lane, settled: Settled, end: End, seen: Seen, revisions: Revisions) -> Lane:
    """The lane made of the settled part and `end`: O(end log end), and copies.

    It keeps its name, and the times at which its worker existed.
    """
    blocks = _blocks(lane.blocks, settled, end, seen, revisions)
    first = max(0, settled.blocks - 1)
    gaps = np.maximum(blocks.start[first + 1 :] - blocks.reached[first:-1], 0)
    longest = _longest_gap(blocks, settled.gap, first, gaps)
    gap_ns = max(0, int(blocks.start[longest + 1] - blocks.reached[longest])) if len(blocks) > 1 else 0
    begin, until = int(blocks.start[0]), int(blocks.reached[-1])
    return replace(
        lane,
        rows=blocks.rows,
        inner=_inner(lane.inner, settled.inner, end.inner),
        start_ns=begin,
        end_ns=until,
        busy_ns=until - begin - settled.gaps_ns - int(gaps.sum()),
        gap_ns=gap_ns,
        gap_start_ns=int(blocks.reached[longest]) if gap_ns else 0,
        tests=settled.tests + _tests(seen, end.rows),
        work=_joined_work(lane.work, settled.counts, _work(seen, end), revisions),
        blocks=blocks,
    )


def workers_of(lane: Lane, settled: Settled, seen: Seen) -> Rows:
    """The spans of the workers of a lane, by start."""
    parents = without(_parents(seen, lane.rows[settled.blocks :]), settled.parents)
    if lane.packed or not len(parents):
        return settled.workers
    workers = distinct(np.concatenate((settled.workers, _workers(seen, parents))))
    return workers[np.argsort(seen.snapshot.start_ns[workers], kind="stable")]


def _longest_gap(blocks: Blocks, settled: int, first: int, gaps: Nanoseconds) -> int:
    """The place before the longest gap: the first of several."""
    if not len(gaps):
        return settled
    late = first + int(np.argmax(gaps))
    if first and blocks.start[settled + 1] - blocks.reached[settled] >= gaps[late - first]:
        return settled
    return late


def _blocks(before: Blocks, settled: Settled, end: End, seen: Seen, revisions: Revisions) -> Blocks:
    count, last = settled.blocks, settled.blocks + len(end.rows)
    late = blocks_of(end.rows, seen.snapshot.start_ns[end.rows], seen.times.end[end.rows], before.wall)
    rows, start, until, reached = (
        _joined(getattr(before, name), count, getattr(late, name), revisions)
        for name in ("rows", "start", "end", "reached")
    )

    def lasted(some: NDArray[np.intp]) -> Nanoseconds:
        took: Nanoseconds = until[some] - start[some]
        return took

    def idle(some: NDArray[np.intp]) -> Nanoseconds:
        after = np.minimum(some + 1, len(start) - 1)
        gaps: Nanoseconds = np.maximum(start[after] - reached[some], 0)
        return gaps

    return Blocks(
        rows=rows,
        start=start,
        end=until,
        reached=reached,
        wall=before.wall,
        longest=_most(lasted, settled.longest, np.arange(count, last)),
        widest=_most(idle, settled.widest, np.arange(max(0, count - 1), last)),
    )


def _most(
    values: Callable[[NDArray[np.intp]], Nanoseconds], settled: NDArray[np.intp], late: NDArray[np.intp]
) -> NDArray[np.intp]:
    """The places of the largest values, among the settled and the late ones."""
    if len(settled) < MOST_LOOKED_AT:
        some = np.concatenate((settled, late))
        return _largest(values, some)
    least = values(settled).min()
    larger = late[values(late) > least]
    return _largest(values, np.concatenate((settled, larger))) if len(larger) else settled


def _largest(values: Callable[[NDArray[np.intp]], Nanoseconds], places: NDArray[np.intp]) -> NDArray[np.intp]:
    largest: NDArray[np.intp] = places[most(values(places))]
    return largest


def _joined(before: NDArray[Value], count: int, late: NDArray[Value], revisions: Revisions) -> NDArray[Value]:
    joined = revisions.longer(before[:count], count + len(late))
    joined[count:] = late
    return joined


def _inner(before: Rows, was: Rows, now: Rows) -> Rows:
    """The rows `before`, with `now` in place of `was`: ascending."""
    gone, new = without(was, now), without(now, was)
    kept = without(before, gone)
    if not len(new):
        return kept
    joined: Rows = np.concatenate((kept, new))
    return joined if not len(kept) or new[0] > kept[-1] else np.sort(joined)


def _work(seen: Seen, end: End) -> Work:
    snapshot, tree = seen.snapshot, seen.tree
    wrappers = end.rows[(snapshot.role[end.rows] == Role.TEST) & ~snapshot.own[end.rows]]
    derived = None
    if len(wrappers):
        below = np.sort(np.concatenate([tree.subtree(row) for row in wrappers.tolist()]))
        derived = derived_hooks(snapshot, tree, seen.times, below)
    return work(snapshot, seen.times, np.concatenate((end.rows, end.inner)), derived)


def _coverages(whole: Work) -> tuple[Coverage, ...]:
    return (whole.all, *whole.kinds, whole.billed, whole.failed)


def _joined_work(before: Work, counts: tuple[int, ...], late: Work, revisions: Revisions) -> Work:
    """What the settled part covers, joined with what comes after it."""
    if before.all is before.kinds[0] and late.all is late.kinds[0]:
        covered = [
            _covered(*parts, revisions)
            for parts in zip(_coverages(before)[1:], counts[1:], _coverages(late)[1:], strict=True)
        ]
        covered = [covered[0], *covered]
    else:
        covered = [
            _covered(*parts, revisions)
            for parts in zip(_coverages(before), counts, _coverages(late), strict=True)
        ]
    return Work(covered[0], tuple(covered[1:-2]), covered[-2], covered[-1])


def _covered(before: Coverage, count: int, late: Coverage, revisions: Revisions) -> Coverage:
    covered_ns = int(before.before[count - 1] + before.length[count - 1]) if count else 0
    return Coverage(
        _joined(before.begin, count, late.begin, revisions),
        _joined(before.length, count, late.length, revisions),
        _joined(before.before, count, late.before + covered_ns, revisions),
    )

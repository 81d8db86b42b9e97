"""The unsettled ends of known lanes, with what has changed."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from msgspec import Struct

from tracetui.analysis.assignment.block_lanes import Division
from tracetui.analysis.assignment.block_lanes_growth import Keys, Placed, changed, lane_of, placed
from tracetui.analysis.assignment.packing_growth import Pool, repacked
from tracetui.analysis.lanes.lane_growth import End, Settled
from tracetui.analysis.lanes.lanes import Lane
from tracetui.analysis.study.step import Step
from tracetui.analysis.tree.outermost import Seen, above
from tracetui.analysis.tree.tree import Rows
from tracetui.model.numbers.distinct import distinct, without


class Known(Struct, frozen=True, eq=False):
    """The result for one revision: lanes in the order of the division, and what of each is settled.

    `keys` say where blocks belong, `pools` by home how blocks are put on lanes without a named worker.
    """

    seen: Seen
    division: Division
    keys: Keys
    pools: Mapping[int, Pool]
    lanes: tuple[Lane, ...]
    settled: tuple[Settled, ...]

    def end(self, number: int) -> Rows:
        """The blocks of a lane that are not settled."""
        return self.lanes[number].rows[self.settled[number].blocks :]


class _Changes(NamedTuple):
    """The `rows` that have changed: where they were, and where they are now."""

    rows: Rows
    was: Placed
    now: Placed


def ends(step: Step, known: Known, seen: Seen) -> dict[int, End] | None:
    """By number, the ends of the lanes on which something has changed; None if more than that has."""
    if known.seen.snapshot.workers != seen.snapshot.workers:
        return None
    changes = _changes(step, known, seen)
    if changes is None:
        return None
    blocks, inner = dict[int, Rows](), dict[int, Rows]()
    for home in distinct(np.concatenate((changes.was.lane, changes.now.lane))).tolist():
        if home < 0:
            shared_out = _shared_out(home, known, changes, seen)
            if shared_out is None:
                return None
            changes, packed = shared_out
            inner |= _moved(packed, known, changes, seen)
            blocks |= packed
    return _ends(known, changes, blocks, inner, seen) if _fits(known, changes, seen) else None


def _changes(step: Step, known: Known, seen: Seen) -> _Changes | None:
    rows = changed(step, known.seen, seen)
    if rows is None:
        return None
    was, now = placed(known.keys, known.seen, rows.old), placed(known.keys, seen, rows.all)
    return None if was is None or now is None else _Changes(rows.all, was, now)


def _shared_out(
    home: int, known: Known, changes: _Changes, seen: Seen
) -> tuple[_Changes, dict[int, Rows]] | None:
    """The changes with the lanes of what is at a home, and the blocks at the end of these lanes."""
    pool = known.pools.get(home)
    if pool is None:
        return None
    come = changes.now.blocks(home)
    after = repacked(pool, known.lanes, known.settled, (known.seen, seen), changes.rows, come)
    if after is None:
        return None
    was = changes.was.on(home, {number: known.end(number) for number in pool.lanes})
    now = changes.now.on(home, after)
    return None if was is None or now is None else (_Changes(changes.rows, was, now), after)


def _moved(packed: Mapping[int, Rows], known: Known, changes: _Changes, seen: Seen) -> dict[int, Rows]:
    """By lane, the hooks and archivers inside unchanged blocks that may have changed lanes."""
    some = {number: without(known.settled[number].inner, changes.rows) for number in packed}
    rows = np.concatenate(list(some.values()))
    if not len(rows):
        return {}
    was = np.repeat(list(some), [len(part) for part in some.values()])
    lane = lane_of(above(seen, rows).host, packed)
    lane = np.where(lane >= 0, lane, was)
    return {number: rows[lane == number] for number in packed}


def _ends(
    known: Known, changes: _Changes, blocks: Mapping[int, Rows], inner: Mapping[int, Rows], seen: Seen
) -> dict[int, End] | None:
    ends_of_lanes = {}
    numbers = np.concatenate((changes.was.lane, changes.now.lane, np.array(list(blocks), np.int64)))
    for number in distinct(numbers).tolist():
        rows = blocks.get(number)
        if rows is None:
            left = without(known.end(number), changes.rows)
            rows = seen.by_start(np.concatenate((left, changes.now.blocks(number))))
        kept = inner.get(number)
        if kept is None:
            kept = without(known.settled[number].inner, changes.rows)
        if not len(rows) and not known.settled[number].blocks:
            return None
        ends_of_lanes[number] = End(rows, np.sort(np.concatenate((kept, changes.now.inner(number)))))
    return ends_of_lanes


def _fits(known: Known, changes: _Changes, seen: Seen) -> bool:
    """Whether nothing settled has changed, and the first block of each home is the same."""
    since = np.array([settled.since_ns for settled in known.settled])
    was, now = changes.was, changes.now
    if (was.moment < since[was.lane]).any() or (now.moment < since[now.lane]).any():
        return False
    home = np.array([share.home for share in known.division.shares], np.int64)
    first = known.division.first
    left = without(was.rows[was.is_block], now.rows[now.is_block])
    start = known.seen.snapshot.start_ns[first]
    earlier = now.is_block & (now.moment <= start[home[now.lane]]) & (now.rows != first[home[now.lane]])
    moved = seen.snapshot.start_ns[first] != start
    return not (earlier.any() or moved.any() or len(without(first, left)) < len(first))

"""Updates inferred lanes from study to study: only the last blocks of a home are assigned again.

It is enough to know when each lane becomes free, as long as no block has to overlap another.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tracetui.analysis.assignment.block_lanes import Division, cap, hosts
from tracetui.analysis.assignment.block_lanes_growth import at_home, lane_of
from tracetui.analysis.assignment.packing import MOST_CHOSEN, Numbers, at_once, shortened, without_overlap
from tracetui.analysis.hooks.fixtures import are_fixtures
from tracetui.analysis.lanes.lane_growth import Settled
from tracetui.analysis.lanes.lanes import Lane
from tracetui.analysis.tree.outermost import Seen
from tracetui.analysis.tree.tree import Rows
from tracetui.model.numbers.distinct import without
from tracetui.model.role import Role

_NEVER = np.iinfo(np.int64).min
_EVER = np.iinfo(np.int64).max
_MARGIN = 5_000
"""With so many blocks more than `MOST_CHOSEN`, there will not soon be fewer."""


class Pool(NamedTuple):
    """The lanes, by number, that hold the blocks of one home alone.

    The first block started at `since_ns`. At `witness` a block runs on every lane, without overlaps; None if
    that need not be known.
    """

    lanes: tuple[int, ...]
    since_ns: int
    witness: int | None


def pools(seen: Seen, division: Division, lanes: Sequence[Lane]) -> dict[int, Pool]:
    """By home (`at_home`), its lanes, if no block has to overlap another now or later.

    Only for the last home of each process, because a home that follows another one shares its lanes.
    """
    by_home: dict[int, list[int]] = {}
    begun: dict[int, list[tuple[int, int]]] = {}
    for number, share in enumerate(division.shares):
        if share.packed:
            by_home.setdefault(share.home, []).append(number)
            # A home that follows another one on its lanes may have begun whenever.
            began = (lanes[number].start_ns, share.home) if len(share.homes) == 1 else (_EVER, -1)
            begun.setdefault(int(division.process[share.home]), []).append(began)
    pools_of_lanes = {}
    for home, numbers in by_home.items():
        own = [lanes[number] for number in numbers]
        begin = min(lane.start_ns for lane in own)
        is_last = all(other == home or start < begin for start, other in begun[int(division.process[home])])
        is_one = all(division.shares[number].homes == (home,) for number in numbers)
        witnesses = _witness(seen, own) if is_last and is_one else ()
        if witnesses and len(numbers) <= cap(seen.snapshot, division, home):
            pools_of_lanes[at_home(home)] = Pool(tuple(numbers), begin, witnesses[0])
    return pools_of_lanes


def _witness(seen: Seen, lanes: Sequence[Lane]) -> tuple[int | None] | tuple[()]:
    """A moment at which all lanes are busy; empty if there is none, or if blocks overlap."""
    start, end = [], []
    for lane in lanes:
        before = np.concatenate(([_NEVER], lane.blocks.reached[:-1]))
        alone = lane.blocks.start >= before
        if not are_fixtures(seen.snapshot, lane.rows[~alone]).all():
            return ()
        start.append(lane.blocks.start[alone])
        end.append(lane.blocks.end[alone])
    begin, until = shortened(np.concatenate(start), np.concatenate(end))
    if len(begin) > MOST_CHOSEN + _MARGIN:
        return (None,)
    begin = np.sort(begin)
    running = at_once(begin, until)
    most = int(np.argmax(running))
    return (int(begin[most]),) if running[most] >= len(lanes) else ()


class _Free(NamedTuple):
    """The last block of a lane before some moment that overlaps no other, and its lane in the pool."""

    row: int
    lane: int


def repacked(
    pool: Pool,
    lanes: Sequence[Lane],
    settled: Sequence[Settled],
    views: tuple[Seen, Seen],
    gone: Rows,
    come: Rows,
) -> dict[int, Rows] | None:
    """The ends of lanes without the rows `gone` and with the blocks `come`; a row may be in both.

    None if more has to be looked at: blocks before the last, another lane, blocks that overlap.
    """
    before, seen = views
    own, known = [lanes[number] for number in pool.lanes], [settled[number] for number in pool.lanes]
    since = max(map(_since, own, known))
    ends = [lane.rows[some.blocks :] for lane, some in zip(own, known, strict=True)]
    early = [rows[before.snapshot.start_ns[rows] < since] for rows in ends]
    still = np.concatenate(early)
    rows = np.concatenate((without(np.concatenate(ends), gone), come))
    is_late = seen.snapshot.start_ns[rows] >= since
    if not _stay(still, gone, rows[~is_late], before, seen, since):
        return None
    late = seen.by_start(rows[is_late])
    free = _free(own, since, seen)
    lane = None if free is None else _packed(free, early, late, len(own), seen)
    if lane is None or not _has_witness(pool, own, still, late, since, seen):
        return None
    rows_of_lanes = [np.concatenate((some, late[lane == number])) for number, some in enumerate(early)]
    begins = [int(seen.snapshot.start_ns[rows[0]]) for rows in rows_of_lanes if len(rows)]
    if since == _NEVER and min(begins, default=_NEVER) != pool.since_ns:
        return None
    return dict(zip(pool.lanes, rows_of_lanes, strict=True))


def _since(lane: Lane, settled: Settled) -> int:
    """The moment from which on a lane's blocks are not settled: settled ones have ended before."""
    return (
        max(settled.since_ns, int(lane.blocks.reached[settled.blocks - 1]) + 1) if settled.blocks else _NEVER
    )


def _stay(still: Rows, gone: Rows, left: Rows, before: Seen, seen: Seen, since: int) -> bool:
    """Whether the rows `still`, which started before, are those `left` of it, and decide as before.

    Those of them that are `gone` have changed: a block that runs longer, or ends, changes nothing before.
    """
    if not np.array_equal(np.sort(still), np.sort(left)):
        return False
    changed = still[np.isin(still, gone)]
    if not len(changed):
        return True
    moved = before.snapshot.start_ns[changed] != seen.snapshot.start_ns[changed]
    ended = np.minimum(before.times.end[changed], seen.times.end[changed]) < since
    fixed = are_fixtures(before.snapshot, still) | are_fixtures(seen.snapshot, still)
    return not (moved.any() or ended.any() or fixed.any())


def _free(lanes: Sequence[Lane], since: int, seen: Seen) -> list[_Free] | None:
    """When the lanes with blocks before a moment become free, by start; None if that is not certain."""
    free_lanes = []
    for number, lane in enumerate(lanes):
        place = _alone(lane, int(np.searchsorted(lane.blocks.start, since, "left")) - 1)
        if place < 0:
            continue
        start, end, reached = lane.blocks.start[place], lane.blocks.end[place], lane.blocks.reached[place - 1]
        row = lane.rows[place : place + 1]
        if place and start == end == reached and are_fixtures(seen.snapshot, row).any():
            return None
        free_lanes.append(_Free(int(lane.rows[place]), number))
    start, position = seen.snapshot.start_ns, seen.tree.position
    return sorted(free_lanes, key=lambda free: (int(start[free.row]), int(position[free.row])))


def _alone(lane: Lane, place: int) -> int:
    """The last position up to `place` of a block that is inside no other."""
    while place > 0 and lane.blocks.start[place] < lane.blocks.reached[place - 1]:
        place -= 1
    return place


def _packed(free: list[_Free], early: list[Rows], late: Rows, count: int, seen: Seen) -> Numbers | None:
    """The lane of each of the `late` blocks; None if that takes more lanes than there are."""
    before = np.concatenate(early)
    tests = seen.by_start(before[seen.snapshot.role[before] == Role.TEST])
    rows = np.concatenate((tests, late))
    start, end = seen.snapshot.start_ns[rows], seen.times.end[rows]
    fixed = are_fixtures(seen.snapshot, rows) & (np.arange(len(rows)) >= len(tests))
    host = hosts(start, end, seen.snapshot.role[rows] == Role.TEST, fixed)
    lane = lane_of(rows, dict(enumerate(early)))
    alone = np.flatnonzero(host < 0)
    alone = alone[alone >= len(tests)]
    waiting = np.array([candidate.row for candidate in free], np.int32)
    packed = without_overlap(
        np.concatenate((np.full(len(free), _NEVER), start[alone])),
        np.concatenate((seen.times.end[waiting], end[alone])),
    )
    if int(packed.max(initial=-1)) + 1 != count:
        return None
    taken = [candidate.lane for candidate in free]
    order = np.array([*taken, *(number for number in range(count) if number not in taken)], np.int64)
    lane[alone] = order[packed[len(free) :]]
    lane[host >= 0] = lane[host[host >= 0]]
    return lane[len(tests) :]


def _has_witness(pool: Pool, lanes: Sequence[Lane], still: Rows, late: Rows, since: int, seen: Seen) -> bool:
    """Whether all lanes are still busy at the moment when they were."""
    if pool.witness is None:
        return True
    rows = np.concatenate((still, late))
    rows = rows[~are_fixtures(seen.snapshot, rows)]
    if pool.witness < since:
        places = [
            _alone(lane, int(np.searchsorted(lane.blocks.start, pool.witness, "right")) - 1) for lane in lanes
        ]
        last_rows = [int(lane.rows[place]) for lane, place in zip(lanes, places, strict=True) if place >= 0]
        rows = np.array(last_rows, np.int32)
    begin, until = shortened(seen.snapshot.start_ns[rows], seen.times.end[rows])
    return int(np.count_nonzero((begin <= pool.witness) & (until > pool.witness))) >= len(lanes)

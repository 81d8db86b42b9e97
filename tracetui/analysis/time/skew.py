"""Finds processes whose clock is off, and by how much, from the times of their spans.

If most of a process's spans below other processes' spans are out of order (`analysis.entries`), its clock is
ahead or behind. The shift that makes it fit is taken from the parent's other children, else from the parent.
With a right clock, a worker may end long after its suite (a fixture is torn down, exit handlers run, by `-x`
a test as well): its clock is ahead only if its tests end late, and if it began late too.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from tracetui.analysis.jobs.processes import processes
from tracetui.analysis.time.entries import (
    LEAST_NS,
    LEAST_OVERRUN_NS,
    NEVER,
    Entries,
    Mask,
    Nanoseconds,
    Places,
    entries_of,
    places_of,
)
from tracetui.analysis.tree.tree import Tree
from tracetui.model.role import Role
from tracetui.store.snapshot import Snapshot

_MOST_DEEP = 8
"""So many processes hang one below the other at most, each with a clock of its own."""


class Skew(NamedTuple):
    """A process whose clock was `offset_ns` ahead (behind if negative) of its parent's.

    `row` is its first span below another process, `spans` how many it wrote.
    """

    row: int
    offset_ns: int
    spans: int


def skewed(snapshot: Snapshot, tree: Tree, doubtful: Mask) -> tuple[Nanoseconds, tuple[Skew, ...]]:
    """By row the offset of its clock in ns, and the processes with one; `doubtful` rows are ignored."""
    none = np.zeros(len(snapshot), np.int64)
    numbers = processes(snapshot)
    if not numbers.any():
        return none, ()
    entries = entries_of(snapshot, tree, numbers, doubtful)
    offset = np.zeros(int(numbers.max()) + 1, np.int64)
    for _ in range(_MOST_DEEP if len(entries.row) else 0):
        candidates = dict(_found(snapshot, tree, entries, offset))
        # One below another that is off is judged once that is where it belongs.
        sure = [one for one in candidates if candidates.keys().isdisjoint(_above(entries, one))]
        if not sure:
            break
        for one in sure:
            offset[one] += candidates[one]
    if not offset.any():
        return none, ()
    process = numbers[snapshot.origin_id]
    spans = np.bincount(process)
    skews = (
        Skew(int(entries.of(one).row[0]), int(offset[one]), int(spans[one]))
        for one in np.flatnonzero(offset).tolist()
    )
    return offset[process], tuple(skews)


def _above(entries: Entries, process: int) -> set[int]:
    return set(entries.of(process).above.tolist())


def _found(
    snapshot: Snapshot, tree: Tree, entries: Entries, offset: Nanoseconds
) -> Iterator[tuple[int, int]]:
    """Processes that are out of order, and how much each is ahead of where it belongs."""
    places = places_of(entries, snapshot, offset)
    out = places.out.copy()
    for place in np.flatnonzero(places.late).tolist():
        tests_end = _tests_end(snapshot, tree, int(entries.row[place]))
        over = tests_end - int(offset[entries.process[place]]) - int(places.until[place])
        out[place] = over > LEAST_OVERRUN_NS and _began_late(entries, places, place, over)
    bad = np.bincount(entries.process[out], minlength=len(offset))
    for one in np.flatnonzero(2 * bad > np.bincount(entries.process, minlength=len(offset))).tolist():
        mine = entries.process == one
        ordered = ~np.isin(entries.process, np.flatnonzero(bad))
        yield one, -_shift_of(entries, mine, ordered, places)


def _tests_end(snapshot: Snapshot, tree: Tree, worker: int) -> int:
    """When the last test of a worker ended; 0 if it had none."""
    rows = tree.subtree(worker)
    return int(snapshot.end_ns[rows[snapshot.role[rows] == Role.TEST]].max(initial=0))


def _began_late(entries: Entries, places: Places, at: int, over: int) -> bool:
    """Whether a worker that ended late by `over` may have begun late by as much.

    With the shift it must not begin before its suite, and it must have begun later than others by at least
    half of it.
    """
    start = places.start
    if start[at] - over < places.begin[at] - LEAST_NS:
        return False
    others = (entries.parent == entries.parent[at]) & (entries.process != entries.process[at]) & ~places.out
    return not others.any() or bool(2 * (start[at] - np.median(start[others])) >= over)


def _shift_of(entries: Entries, mine: Mask, ordered: Mask, places: Places) -> int:
    start, end, begin, until, contained, *_ = places
    least = int((begin - start)[mine].max())
    most = int(np.where(until == NEVER, NEVER, until - np.where(end == NEVER, start, end))[mine].min())
    wanted = _like_siblings(entries, mine, ordered, start, end)
    return _shift(least, most, wanted, is_inside=not contained[mine].any())


def _like_siblings(
    entries: Entries, mine: Mask, ordered: Mask, start: Nanoseconds, end: Nanoseconds
) -> int | None:
    """The shift after which it ends (or begins) when other processes' spans below the same parents do."""
    siblings = ordered & np.isin(entries.parent, entries.parent[mine])
    if not siblings.any():
        return None
    is_over = (end[mine] != NEVER).all() and (end[siblings] != NEVER).all()
    edge = end if is_over else start
    return int(np.median(edge[siblings])) - int(np.median(edge[mine]))


def _shift(least: int, most: int, wanted: int | None, *, is_inside: bool) -> int:
    """The likely shift of at least `least` and at most `most`: a suite ends with its workers.

    If it `is_inside`, it is a call that its parent waits for, and goes in the middle.
    """
    if most < least:
        return least if is_inside else (least + most) // 2
    if wanted is not None:
        return min(max(wanted, least), most)
    if most == NEVER:
        return least
    return (least + most) // 2 if is_inside else most

"""Processes whose clock is off: found by where their spans lie, and by how much.

A span begins after its parent did, on whatever host; a worker or a test also begins before its suite ends.
Where most of what a process hangs below other processes' spans is not so, its clock is ahead or behind. The
shift that makes it fit is taken from the parent's other children, else from the parent.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui import units
from tracetui.analysis.distinct import distinct
from tracetui.analysis.processes import processes
from tracetui.analysis.tree import Rows, Tree
from tracetui.model.role import Outcome, Role
from tracetui.store.snapshot import Snapshot

Nanoseconds = NDArray[np.int64]
Mask = NDArray[np.bool_]

LEAST_NS = 10 * units.MS
"""A disorder up to this is no clock that is off: clocks of hosts that are kept in time differ by as much."""

LEAST_OVERRUN_NS = units.S
"""A worker that ends so much later than the suite that waited for it has a clock that is ahead."""

SILENCE_NS = units.MINUTE
"""Who has not been heard of for longer begins nothing more."""

_MOST_DEEP = 8
"""So many processes hang one below the other at most, each with a clock of its own."""

_CONTAINED = (Role.SUITE, Role.WORKER, Role.TEST, Role.PHASE)
_NEVER = units.MAX_NS


class Skew(NamedTuple):
    """A process whose clock was `offset_ns` ahead (behind where negative) of that of its parent's.

    `row` is the first span of it that hangs below another process, `spans` how many it wrote.
    """

    row: int
    offset_ns: int
    spans: int


class _Entries(NamedTuple):
    """Spans whose parent another process wrote, by row; times in ns, `_NEVER` for ends that are not told."""

    row: Rows
    parent: Rows
    process: NDArray[np.int32]
    above: NDArray[np.int32]

    def of(self, process: int) -> "_Entries":
        """Those of one process."""
        some = self.process == process
        return _Entries(*(column[some] for column in self))


def skewed(snapshot: Snapshot, tree: Tree, doubtful: Mask) -> tuple[Nanoseconds, tuple[Skew, ...]]:
    """By row the offset of its clock in ns, and the processes with one; `doubtful` rows tell nothing."""
    none = np.zeros(len(snapshot), np.int64)
    numbers = processes(snapshot)
    if len(np.unique(numbers)) < 2:
        return none, ()
    process = numbers[snapshot.origin_id]
    entries = _entries(tree, process, doubtful)
    if not len(entries.row):
        return none, ()
    offset = np.zeros(int(numbers.max()) + 1, np.int64)
    for _ in range(_MOST_DEEP):
        found = dict(_found(snapshot, entries, offset))
        # One below another that is off is judged once that is where it belongs.
        sure = [one for one in found if found.keys().isdisjoint(_above(entries, one))]
        if not sure:
            break
        for one in sure:
            offset[one] += found[one]
    spans = np.bincount(process)
    skews = (
        Skew(int(entries.of(one).row[0]), int(offset[one]), int(spans[one]))
        for one in np.flatnonzero(offset).tolist()
    )
    return offset[process], tuple(skews)


def _entries(tree: Tree, process: NDArray[np.int32], doubtful: Mask) -> _Entries:
    parent = tree.parent
    rows = np.flatnonzero((parent >= 0) & (process != process[parent]) & ~doubtful & ~doubtful[parent])
    found = rows.astype(np.int32)
    return _Entries(found, parent[found], process[found], process[parent[found]])


def _above(entries: _Entries, process: int) -> set[int]:
    return set(entries.of(process).above.tolist())


def _found(snapshot: Snapshot, entries: _Entries, offset: Nanoseconds) -> Iterator[tuple[int, int]]:
    """Processes that are out of order, and how much each is ahead of where it belongs."""
    start, end = _times(snapshot, entries.row, offset[entries.process])
    begin, until = _times(snapshot, entries.parent, offset[entries.above])
    heard = _heard(snapshot, entries.parent)
    is_open = (until == _NEVER) & (heard != _NEVER)
    until[is_open] = heard[is_open] - offset[entries.above][is_open]
    role = snapshot.role[entries.row]
    contained = np.isin(role, _CONTAINED)
    waited = (role == Role.WORKER) & np.isin(
        snapshot.outcome[entries.parent], (Outcome.PASSED, Outcome.FAILED)
    )
    out = (start < begin - LEAST_NS) | (contained & (until != _NEVER) & (start > until + LEAST_NS))
    out |= waited & (end != _NEVER) & (until != _NEVER) & (end > until + LEAST_OVERRUN_NS)
    bad = np.bincount(entries.process, out, len(offset))
    for one in np.flatnonzero(2 * bad > np.bincount(entries.process, minlength=len(offset))).tolist():
        mine = entries.process == one
        ordered = ~np.isin(entries.process, np.flatnonzero(bad))
        least = int((begin - start)[mine].max())
        most = int(np.where(until == _NEVER, _NEVER, until - np.where(end == _NEVER, start, end))[mine].min())
        wanted = _like_siblings(entries, mine, ordered, start, end)
        yield one, -_shift(least, most, wanted, is_inside=not contained[mine].any())


def _times(snapshot: Snapshot, rows: Rows, offset: Nanoseconds) -> tuple[Nanoseconds, Nanoseconds]:
    end = snapshot.end_ns[rows]
    return snapshot.start_ns[rows] - offset, np.where(end == 0, _NEVER, end - offset)


def _heard(snapshot: Snapshot, parents: Rows) -> Nanoseconds:
    """Until when, at the latest, what is still open was heard of: its children begin before."""
    beats = {int(row): snapshot.heartbeats.get(snapshot.origin(int(row)).source) for row in distinct(parents)}
    known = {row: beat.time_ns + SILENCE_NS if beat else _NEVER for row, beat in beats.items()}
    return np.array([known[row] for row in parents.tolist()], np.int64)


def _like_siblings(
    entries: _Entries, mine: Mask, ordered: Mask, start: Nanoseconds, end: Nanoseconds
) -> int | None:
    """The shift after which it ends (or begins) when other processes' spans below the same parents do."""
    siblings = ordered & np.isin(entries.parent, entries.parent[mine])
    if not siblings.any():
        return None
    is_over = (end[mine] != _NEVER).all() and (end[siblings] != _NEVER).all()
    edge = end if is_over else start
    return int(np.median(edge[siblings])) - int(np.median(edge[mine]))


def _shift(least: int, most: int, wanted: int | None, *, is_inside: bool) -> int:
    """The likely shift of at least `least` and at most `most`: a suite ends with its workers.

    What `is_inside` is a call that its parent waits for: it lies in the middle.
    """
    if most < least:
        return least if is_inside else (least + most) // 2
    if wanted is not None:
        return min(max(wanted, least), most)
    if most == _NEVER:
        return least
    return (least + most) // 2 if is_inside else most

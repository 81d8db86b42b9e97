"""Spans below another process's spans, and which of them are out of order by the clocks as they are.

A span begins after its parent did, on whatever host; a worker or a test also begins before its suite ends.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui import units
from tracetui.analysis.jobs.processes import Numbers
from tracetui.analysis.tree.tree import Rows, Tree
from tracetui.model.numbers.distinct import among
from tracetui.model.role import Outcome, Role
from tracetui.store.snapshot import Snapshot

Nanoseconds = NDArray[np.int64]
Mask = NDArray[np.bool_]

LEAST_NS = 10 * units.MS
"""A disorder up to this is no clock that is off: clocks of hosts that are kept in time differ by as much."""

LEAST_OVERRUN_NS = units.S
"""A worker that ends so much later than the suite that waited for it may have a clock that is ahead."""

SILENCE_NS = units.MINUTE
"""Who has not been heard of for longer begins nothing more."""

NEVER = units.MAX_NS
"""The end of what has none."""

_LATEST_BEAT_NS = NEVER - units.DAY
_CONTAINED = (Role.SUITE, Role.WORKER, Role.TEST, Role.PHASE)


class Entries(NamedTuple):
    """Spans whose parent another process wrote, by row, with the numbers of their processes."""

    row: Rows
    parent: Rows
    process: Numbers
    above: Numbers

    def of(self, process: int) -> "Entries":
        """Those of one process."""
        return self.only(self.process == process)

    def only(self, some: Mask) -> "Entries":
        """Those that a mask selects."""
        return Entries(*(column[some] for column in self))


class Places(NamedTuple):
    """The times of entries, in ns: `start` and `end`, and those of their parents: `begin` and `until`.

    Unknown ends are `NEVER`. What is `contained` is within its parent; `out` is out of order, or `late`: it
    ends after a parent that waited for it, which is possible with a right clock.
    """

    start: Nanoseconds
    end: Nanoseconds
    begin: Nanoseconds
    until: Nanoseconds
    contained: Mask
    out: Mask
    late: Mask


def entries_of(snapshot: Snapshot, tree: Tree, numbers: Numbers, doubtful: Mask) -> Entries:
    """The entries of a snapshot; `numbers` are those of processes by origin, `doubtful` rows are left out."""
    few = numbers.astype(np.min_scalar_type(int(numbers.max(initial=0))))  # Bytes are looked up faster.
    process = few[snapshot.origin_id]
    is_entry = process != process.take(tree.parent, mode="wrap")
    is_entry &= tree.parent >= 0
    rows = np.flatnonzero(is_entry).astype(np.int32)
    entries = entries_among(rows, snapshot, tree, numbers)
    return entries.only(~doubtful[entries.row] & ~doubtful[entries.parent])


def entries_among(rows: Rows, snapshot: Snapshot, tree: Tree, numbers: Numbers) -> Entries:
    """Those of `rows` that are entries."""
    rows = rows[tree.parent[rows] >= 0]
    parent = tree.parent[rows]
    process, above = numbers[snapshot.origin_id[rows]], numbers[snapshot.origin_id[parent]]
    return Entries(rows, parent, process, above).only(process != above)


def places_of(entries: Entries, snapshot: Snapshot, offset: Nanoseconds) -> Places:
    """The times of entries, by clocks that are `offset` ahead (ns by number of process)."""
    start, end = _times(snapshot, entries.row, offset[entries.process])
    begin, until = _times(snapshot, entries.parent, offset[entries.above])
    is_open = np.flatnonzero(until == NEVER)
    heard = _heard(snapshot, entries.parent[is_open])
    until[is_open] = np.where(heard == NEVER, NEVER, heard - offset[entries.above[is_open]])
    roles, above = snapshot.role[entries.row], snapshot.role[entries.parent]
    contained = among(roles, _CONTAINED) & among(above, _CONTAINED)
    is_told = until != NEVER
    out = (start < begin - LEAST_NS) | (contained & is_told & (start > until + LEAST_NS))
    workers = np.flatnonzero((roles == Role.WORKER) & (end != NEVER) & is_told & ~out)
    waited = among(snapshot.outcome[entries.parent[workers]], (Outcome.PASSED, Outcome.FAILED))
    late = np.zeros(len(out), np.bool_)
    late[workers] = waited & (end[workers] > until[workers] + LEAST_OVERRUN_NS)
    return Places(start, end, begin, until, contained, out | late, late)


def _times(snapshot: Snapshot, rows: Rows, offset: Nanoseconds) -> tuple[Nanoseconds, Nanoseconds]:
    end = snapshot.end_ns[rows]
    return snapshot.start_ns[rows] - offset, np.where(end == 0, NEVER, end - offset)


def _heard(snapshot: Snapshot, parents: Rows) -> Nanoseconds:
    """Until when open spans showed any sign of life: their children begin before.

    A writer continues in another file when one grows long, so its last sign may be there.
    """
    origins = snapshot.origin_id[parents]
    known = np.full(int(origins.max(initial=0)) + 1, NEVER)
    for origin in np.flatnonzero(np.bincount(origins)).tolist():
        beat = snapshot.heartbeats.get(int(snapshot.source_of_origin[origin]))
        last_ns = snapshot.last_beats[beat.writer].time_ns if beat else NEVER
        if last_ns < _LATEST_BEAT_NS:
            known[origin] = last_ns + SILENCE_NS
    return known[origins]

"""Which blocks were added to which lane since the last study, and what was added inside blocks.

Only changed rows, and the descendants of those that may have moved, are looked at.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.assignment.block_lanes import Division
from tracetui.analysis.study.step import Step
from tracetui.analysis.tree.outermost import Above, Seen, above
from tracetui.analysis.tree.tree import Rows
from tracetui.model.numbers.distinct import among, distinct
from tracetui.model.role import BILLED, Role
from tracetui.store.snapshot import Snapshot

Mask = NDArray[np.bool_]

_JUDGED = ("role", "outcome")
_MOVING = (
    "role",
    "own",
    "start_ns",
    "parent_row",
    "parent_key",
    "worker_id",
    "name_id",
    "title_id",
    "hook_kind",
    "origin_id",
)
"""Columns that decide where a row, or what hangs below it, belongs."""
_MOST_ROWS = 2_000
_LARGEST_PART = 16
"""Where more than such a part of all rows has changed, all are looked at."""


def at_home(home: int) -> int:
    """The key for the blocks of a home without a named worker; distinct from lane numbers."""
    return -1 - home


class Keys:
    """Where blocks are: those with a named worker on a lane, by its number, others at a home.

    Homes are numbers below 0 (`at_home`).
    """

    def __init__(self, seen: Seen, division: Division) -> None:
        leaders = [share.rows[0] for share in division.shares if len(share.homes) == 1]
        where = [
            at_home(share.homes[0]) if share.packed else number
            for number, share in enumerate(division.shares)
            if len(share.homes) == 1
        ]
        keys = self._keys(seen, above(seen, np.array(leaders, np.int32)))
        self._where = dict(zip(keys, where, strict=True))

    def where(self, seen: Seen, above_rows: Above) -> NDArray[np.int64] | None:
        """Where rows in blocks are, from the rows above them; None if unknown."""
        places = [self._where.get(key) for key in self._keys(seen, above_rows)]
        return None if None in places else np.array(places, np.int64)

    def _keys(self, seen: Seen, above_rows: Above) -> list[tuple[str, int, int]]:
        """For rows in blocks: suite, process and worker name, which together decide where a row is."""
        snapshot = seen.snapshot
        absent = snapshot.parent_key[above_rows.root]
        name = np.where(above_rows.naming >= 0, snapshot.worker_id[above_rows.naming], 0)
        of = seen.process[snapshot.origin_id[above_rows.host]] if len(above_rows.host) else absent
        rows = zip(above_rows.suite.tolist(), absent.tolist(), of.tolist(), name.tolist(), strict=True)
        return [
            ("suite", suite, worker)
            if suite >= 0
            else ("absent", parent, worker)
            if worker and parent
            else ("process", number, worker)
            for suite, parent, number, worker in rows
        ]


class Placed(NamedTuple):
    """Rows that are blocks (their own `host`), or count inside one; the times they change start at `moment`.

    `lane` is the number of their lane; see `Keys` for those still unknown.
    """

    rows: Rows
    host: Rows
    lane: NDArray[np.int64]
    is_inner: Mask
    moment: NDArray[np.int64]

    @property
    def is_block(self) -> Mask:
        """Which rows are blocks."""
        is_host: Mask = self.host == self.rows
        return is_host

    def blocks(self, lane: int) -> Rows:
        """The blocks of a lane, or at a home."""
        blocks: Rows = self.rows[self.is_block & (self.lane == lane)]
        return blocks

    def inner(self, lane: int) -> Rows:
        """The hooks and archivers inside the blocks of a lane."""
        inner_rows: Rows = self.rows[self.is_inner & (self.lane == lane)]
        return inner_rows

    def on(self, home: int, lanes: Mapping[int, Rows]) -> "Placed | None":
        """The same with lanes for the rows at a home, given the ends of its lanes; None if a row is on none
        of them.
        """
        there = self.lane == home
        lane = self.lane.copy()
        lane[there] = lane_of(self.host[there], lanes)
        return None if (lane[there] < 0).any() else self._replace(lane=lane)


def lane_of(rows: Rows, lanes: Mapping[int, Rows]) -> NDArray[np.int64]:
    """The lane of each row; -1 if it is on none."""
    there = np.concatenate((np.empty(0, np.int32), *lanes.values()))
    if not len(there):
        return np.full(len(rows), -1, np.int64)
    order = np.argsort(there)
    numbers = np.repeat(list(lanes), [len(blocks) for blocks in lanes.values()])[order]
    places = np.minimum(np.searchsorted(there[order], rows), len(there) - 1)
    return np.where(there[order][places] == rows, numbers[places], -1)


def placed(keys: Keys, seen: Seen, rows: Rows) -> Placed | None:
    """Where the rows that make up lanes are; None if a lane is unknown."""
    snapshot, parent = seen.snapshot, seen.tree.parent[rows]
    above_rows, role, start = above(seen, rows), snapshot.role[rows], snapshot.start_ns[rows]
    host = above_rows.host
    is_block = (host == rows) & (host >= 0)
    is_inner = (host >= 0) & ~is_block & among(role, BILLED) & ~snapshot.own[rows]
    is_part = (host >= 0) & (parent == host) & among(role, (Role.PHASE, Role.ARCHIVER))
    is_part &= (snapshot.role[host] == Role.TEST) & ~snapshot.own[host]
    moment = np.where(is_part, np.minimum(snapshot.start_ns[host], start), start)
    is_placed = is_block | is_inner | is_part
    lane = keys.where(seen, above_rows.only(is_placed))
    return (
        None
        if lane is None
        else Placed(rows[is_placed], host[is_placed], lane, is_inner[is_placed], moment[is_placed])
    )


class Changed(NamedTuple):
    """Rows that may have moved or changed; those from `first` on are new."""

    all: Rows
    first: int

    @property
    def old(self) -> Rows:
        """The rows that are not new."""
        return self.all[: np.searchsorted(self.all, self.first)]


def changed(step: Step, before: Seen, now: Seen) -> Changed | None:
    """What has changed of the input of lanes; None if that is too much."""
    rows, most = _touched(step, before, now), _MOST_ROWS + step.first // _LARGEST_PART
    if rows is None or len(rows) > most:
        return None
    rows = distinct(rows)
    old, new = rows[rows < step.first], rows[rows >= step.first]
    was, is_ = before.snapshot, now.snapshot
    moved = _any_other(was, is_, old, _MOVING) | (_within(before, old) != _within(now, old))
    other = _any_other(was, is_, old, ("outcome",)) | (before.times.end[old] != now.times.end[old])
    if int(now.tree.size[old[moved]].sum()) > most:
        return None
    below = [now.tree.subtree(row) for row in old[moved].tolist()]
    return Changed(distinct(np.concatenate((old[other & ~moved], new, *below))), step.first)


def _touched(step: Step, before: Seen, now: Seen) -> Rows | None:
    open_ = np.flatnonzero(before.snapshot.end_ns == 0).astype(np.int32)
    touched = [step.touched, open_]
    for name in _JUDGED:
        was, is_ = getattr(before.snapshot, name), getattr(now.snapshot, name)
        if was is not getattr(step.last.written, name) or is_ is not getattr(step.written, name):
            touched.append(_differ(was, is_))
    if before.within is None or now.within is None:
        return np.concatenate(touched) if before.within is now.within else None
    return np.concatenate((*touched, _differ(before.within, now.within)))


def _differ(was: NDArray[np.generic], is_: NDArray[np.generic]) -> Rows:
    return np.flatnonzero(was != is_[: len(was)]).astype(np.int32)


def _any_other(was: Snapshot, is_: Snapshot, rows: Rows, names: tuple[str, ...]) -> Mask:
    other = np.zeros(len(rows), np.bool_)
    for name in names:
        other |= getattr(was, name)[rows] != getattr(is_, name)[rows]
    return other


def _within(seen: Seen, rows: Rows) -> Mask:
    return np.ones(len(rows), np.bool_) if seen.within is None else seen.within[rows]

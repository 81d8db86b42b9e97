"""What lanes spend time on, and which spans of a run are on which lane, under which account."""

from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.hooks.derived import derived_hooks
from tracetui.analysis.hooks.fixtures import are_fixtures
from tracetui.analysis.study.run_facts import RunFacts
from tracetui.analysis.time.times import Nanoseconds
from tracetui.analysis.tree.tree import Rows, nearest
from tracetui.model.columns import Bytes
from tracetui.model.numbers.distinct import among
from tracetui.model.role import BILLED, HookKind, Role


class Account(IntEnum):
    """What an instant of a lane is billed to."""

    TESTS = 0
    FIXTURES = 1
    HOOKS = 2
    DERIVED = 3
    ARCHIVING = 4
    COLLECTION = 5
    UNACCOUNTED = 6
    WORKER_START = 7
    STALLED = 8
    IDLE = 9
    ABSENT = 10

    @property
    def key(self) -> str:
        """Its name in documents."""
        return "derived_hooks" if self is Account.DERIVED else self.name.lower()

    @property
    def title(self) -> str:
        """Its name for people."""
        return _TITLES[self]


_TITLES = {
    Account.TESTS: "tests",
    Account.FIXTURES: "fixtures",
    Account.HOOKS: "hooks",
    Account.DERIVED: "derived hooks",
    Account.ARCHIVING: "archiving",
    Account.COLLECTION: "collection",
    Account.UNACCOUNTED: "unaccounted",
    Account.WORKER_START: "worker start",
    Account.STALLED: "stalled",
    Account.IDLE: "idle",
    Account.ABSENT: "no worker",
}
_COUNTED = (Role.TEST, Role.PHASE, *BILLED)


class OnLane(NamedTuple):
    """What is on a lane, one entry each: the span's `row` (for a derived hook its wrapper's).

    `named` is the row whose title names it: for a phase or an archiver its test. Derived hooks are `after`
    the test proper or before it.
    """

    row: Rows
    named: Rows
    account: Bytes
    is_derived: NDArray[np.bool_]
    is_after: NDArray[np.bool_]

    def only(self, places: NDArray[np.intp] | slice) -> "OnLane":
        """Those at `places`."""
        return OnLane._make(column[places] for column in self)


class Intervals(NamedTuple):
    """The times in ns of what is on a lane, and its depth in the tree: needed only until they are billed."""

    start: Nanoseconds
    end: Nanoseconds
    depth: NDArray[np.int32]

    def only(self, places: NDArray[np.intp] | slice) -> "Intervals":
        """Those at `places`."""
        return Intervals._make(column[places] for column in self)


def on_lanes(facts: RunFacts) -> Iterator[tuple[OnLane, Intervals]]:
    """What is on each of the lanes of a run: tests, their phases, hooks, archivers and derived hooks."""
    lanes, parent = facts.lanes.lanes, facts.tree.parent
    lane_of = np.full(len(parent), -1, np.int32)
    for number, lane in enumerate(lanes):
        lane_of[lane.rows] = number
    whole, when = _spans(facts, lane_of >= 0)
    lane_of_each = lane_of[nearest(lane_of >= 0, parent, whole.row)]
    order = np.argsort(lane_of_each, kind="stable")
    ends = np.searchsorted(lane_of_each[order], np.arange(len(lanes) + 1))
    whole, when = whole.only(order), when.only(order)
    for begin, end in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True):
        yield whole.only(slice(begin, end)), when.only(slice(begin, end))


def _spans(facts: RunFacts, is_block: NDArray[np.bool_]) -> tuple[OnLane, Intervals]:
    """Everything that is on some lane."""
    snapshot, tree, times = facts.snapshot, facts.tree, facts.times
    rows = np.flatnonzero(among(snapshot.role, _COUNTED)).astype(np.int32)
    rows = rows[nearest(is_block, tree.parent, rows) >= 0]
    gaps = derived_hooks(snapshot, tree, times)
    gaps = gaps.only(np.flatnonzero(nearest(is_block, tree.parent, gaps.host) >= 0))
    is_derived = np.arange(len(rows) + len(gaps.host)) >= len(rows)
    both = np.concatenate([rows, gaps.host])
    test = nearest(snapshot.role == Role.TEST, tree.parent, both)
    of_test = (test >= 0) & (snapshot.role[both] != Role.HOOK)
    account = np.concatenate([_accounts(facts, rows), np.full(len(gaps.host), Account.DERIVED, np.uint8)])
    what = OnLane(
        row=both,
        named=np.where(of_test, test, both).astype(np.int32),
        account=account,
        is_derived=is_derived,
        is_after=np.concatenate([np.zeros(len(rows), np.bool_), gaps.is_after]),
    )
    return what, Intervals(
        start=np.concatenate([snapshot.start_ns[rows], gaps.start]),
        end=np.concatenate([times.end[rows], gaps.end]),
        depth=tree.depth[both] + is_derived,
    )


def _accounts(facts: RunFacts, rows: Rows) -> Bytes:
    """The account of each span's time that nothing inside it takes: O(n).

    A test's own time is that of its phases, or its own if it has none (see `Times.own`); the rest of its span
    is unaccounted.
    """
    snapshot, parent = facts.snapshot, facts.tree.parent
    role = snapshot.role
    is_test = role == Role.TEST
    phased = np.zeros(len(role), np.bool_)
    phases = np.flatnonzero(role == Role.PHASE)
    test = nearest(is_test, parent, phases)
    phased[test[test >= 0]] = True
    account = np.full(len(rows), Account.TESTS, np.uint8)
    own = snapshot.own[rows] & ~phased[rows]
    account[is_test[rows] & ~own] = Account.UNACCOUNTED
    hooks = role[rows] == Role.HOOK
    account[hooks] = Account.HOOKS
    account[hooks & are_fixtures(snapshot, rows)] = Account.FIXTURES
    account[hooks & (snapshot.hook_kind[rows] == HookKind.COLLECTION)] = Account.COLLECTION
    account[role[rows] == Role.ARCHIVER] = Account.ARCHIVING
    return account

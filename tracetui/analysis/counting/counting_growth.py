"""Updates what does not count from an earlier snapshot: only what was added is judged anew.

The result is exactly that of `counting.counted`. New spans, and those that found their parent, are judged
with everything below them, and so are tests that were written to. If a suite calls its first test after
others of it were idle, or a span changes its kind or leaves its parent, everything is looked at.
"""

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from tracetui.analysis.counting.calls import Calls
from tracetui.analysis.counting.counting import Mask, Uncounted, without_lost_ends
from tracetui.analysis.study.step import Step
from tracetui.analysis.tree.tree import Rows, Tree, marked_above, subtrees
from tracetui.model.numbers.distinct import among, distinct
from tracetui.model.role import Outcome, Role
from tracetui.store.snapshot import Snapshot

Found = tuple[Snapshot, Uncounted | None]

_LARGEST_PART = 8
"""Where more than such a part of all spans is to be judged, all are."""
_NO_ROWS = np.empty(0, np.intp)


def grown(step: Step, snapshot: Snapshot, tree: Tree, calls: Calls) -> Found | None:
    """What `counted` finds in a snapshot with the times of `clocks.trusted`; None if everything must be
    looked at.
    """
    calls.know(step.last.written)
    snapshot = without_lost_ends(snapshot, tree)
    come = None if tree.cycles or _is_unusual(step, tree) else _come(step, snapshot, tree)
    tests = None if come is None else _concerned_tests(step, snapshot, tree, come.rows)
    if come is None or tests is None or not _may_call(come, step, calls):
        calls.forget()
        return None
    before = step.last.uncounted
    nested = _nested(come, before.nested if before else None)
    idle = _idle(come, tests, calls, before.idle if before else None)
    if nested is None and idle is None:
        return snapshot, None
    rows = distinct(np.concatenate((come.rows, step.touched, tests)))
    return _put_together(step, snapshot, nested, idle, rows)


class _Come(Struct, frozen=True, eq=False):
    """The spans `tops` that are new or have found their parents, and with everything below them: `rows`."""

    snapshot: Snapshot
    tree: Tree
    tops: Rows
    rows: Rows

    def of(self, *roles: Role) -> Rows:
        """Those with some roles."""
        of_roles: Rows = self.rows[among(self.snapshot.role[self.rows], roles)]
        return of_roles


def _is_unusual(step: Step, tree: Tree) -> bool:
    """Whether an old span has changed its kind, or left its parent."""
    rows, before, now = step.rows, step.last.written, step.written
    above, is_phase = step.last.tree.parent[rows], before.role[rows] == Role.PHASE
    unusual = before.role[rows] != now.role[rows]
    unusual |= (before.name_id[rows] != now.name_id[rows]) & is_phase
    unusual |= (above >= 0) & (above != tree.parent[rows])
    return bool(unusual.any())


def _come(step: Step, snapshot: Snapshot, tree: Tree) -> _Come | None:
    homed = step.rows[step.last.tree.parent[step.rows] != tree.parent[step.rows]]
    tops = np.concatenate((homed, step.new))
    if _are_many(tops, tree):
        return None
    return _Come(snapshot, tree, tops, subtrees(tops, tree))


def _are_many(tops: Rows, tree: Tree) -> bool:
    return bool(tree.size[tops].sum() > 1000 + len(tree.size) // _LARGEST_PART)


def _concerned_tests(step: Step, snapshot: Snapshot, tree: Tree, come: Rows) -> Rows | None:
    """The tests that are new, were written to, or got a phase."""
    phases = come[snapshot.role[come] == Role.PHASE]
    above = tree.parent[phases]
    rows = distinct(np.concatenate((come, step.rows, above[above >= 0])))
    tests: Rows = rows[snapshot.role[rows] == Role.TEST]
    return None if _are_many(tests, tree) else tests


def _nested(come: _Come, before: Mask | None) -> Mask | None:
    role, tree = come.snapshot.role, come.tree
    is_test = role == Role.TEST
    tests, runs = come.of(Role.TEST), come.of(Role.SUITE, Role.WORKER)
    inside = [
        tests[marked_above(is_test, tree, tests) >= 0],
        runs[marked_above(is_test | (role == Role.HOOK), tree, runs) >= 0],
    ]
    if before is not None:
        above = tree.parent[come.tops]
        known = np.flatnonzero((above >= 0) & (above < len(before)))
        inside.append(come.tops[known[before[above[known]]]])
    return _changed(before, come.rows, subtrees(np.concatenate(inside), tree), len(role))


def _may_call(come: _Come, step: Step, calls: Calls) -> bool:
    """Note which suites call tests now; whether none of them has idle ones."""
    phases = come.of(Role.PHASE)
    calls.name(come.snapshot, phases)
    before = step.last.uncounted
    idle = before.idle_tests if before else _NO_ROWS
    if len(idle) and not calls.are_told:
        return False
    called = calls.tests_with("call", phases, come.snapshot, come.tree)
    return calls.note(come.snapshot, come.tree, called, come.tree.position[idle])


def _idle(come: _Come, tests: Rows, calls: Calls, before: Mask | None) -> Mask | None:
    snapshot, tree = come.snapshot, come.tree
    idle = tests[:0]
    if calls.are_told:
        below = subtrees(tests, tree)
        phases = below[snapshot.role[below] == Role.PHASE]
        set_up, called = (calls.tests_with(kind, phases, snapshot, tree) for kind in ("setup", "call"))
        idle = tests[np.isin(tests, set_up) & ~np.isin(tests, called)]
        idle = idle[snapshot.outcome[idle] == Outcome.PASSED]
        idle = calls.without(snapshot, tree, idle)
    return _changed(before, tests, idle, len(snapshot))


def _changed(before: Mask | None, rows: Rows, marked: Rows, count: int) -> Mask | None:
    """`before` with, of `rows`, only the `marked` ones marked; None if nothing is marked."""
    if before is None and not len(marked):
        return None
    mask = np.zeros(count, np.bool_)
    if before is not None:
        mask[: len(before)] = before
    mask[rows] = False
    mask[marked] = True
    return mask if mask.any() else None


def _put_together(
    step: Step, snapshot: Snapshot, nested: Mask | None, idle: Mask | None, rows: Rows
) -> Found:
    """The result if everything but `rows` counts as before."""
    last, before = step.last, step.last.uncounted
    nothing = np.zeros(len(snapshot), np.bool_)
    nested, idle = nothing if nested is None else nested, nothing if idle is None else idle
    role = np.empty(len(snapshot), np.uint8)
    role[: step.first] = last.snapshot.role
    role[rows] = np.where(nested[rows] | idle[rows], np.uint8(Role.OTHER), snapshot.role[rows])
    is_test = (snapshot.role[rows] == Role.TEST) & (snapshot.outcome[rows] != Outcome.RERUN)
    uncounted = Uncounted(
        nested,
        idle,
        _followed(before.tests if before else _NO_ROWS, rows, rows[is_test & nested[rows]]),
        _followed(before.idle_tests if before else _NO_ROWS, rows, rows[idle[rows]]),
    )
    return replace(snapshot, role=role), uncounted


def _followed(before: NDArray[np.intp], rows: Rows, now: Rows) -> NDArray[np.intp]:
    """The ascending rows `before`, without `rows` and with `now`."""
    places = np.searchsorted(before, rows)
    known = places < len(before)
    known[known] = before[places[known]] == rows[known]
    merged = np.concatenate((np.delete(before, places[known]), now.astype(np.intp)))
    return np.sort(merged, kind="stable")  # Which of what is in order already takes one look.

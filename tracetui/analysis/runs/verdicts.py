"""What failed, over all runs: the one place that decides it. Lists, counts and outcomes of runs ask here."""

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.tree.tree import Tree, marked_above
from tracetui.model.numbers.distinct import among, without
from tracetui.model.role import BAD, BILLED, HookKind, Outcome, Role
from tracetui.store.snapshot import Snapshot

Rows = NDArray[np.intp]
_PASSED = (Outcome.PASSED, Outcome.XPASSED, Outcome.RUNNING)
"""Outcomes of tests that say nothing of a hook that failed in them."""


def top_suites(snapshot: Snapshot, tree: Tree) -> Rows:
    """The rows of suites without a suite above them."""
    is_suite = snapshot.role == Role.SUITE
    rows = np.flatnonzero(is_suite)
    return rows[marked_above(is_suite, tree, rows) < 0]


def failing(snapshot: Snapshot, tree: Tree, suites: Rows) -> Rows:
    """The rows of what failed by itself; `suites` are the top ones, ascending.

    These are tests that failed, broke or were cut off; the outermost hooks and archivers that failed, and
    that no test or suite answers for; the innermost suites that failed though none of these did in them; and
    of the top `suites` those that failed by more than that.
    """
    wrong = np.flatnonzero(among(snapshot.outcome, (*BAD, Outcome.CUT_OFF)))
    role, bad = snapshot.role[wrong], among(snapshot.outcome[wrong], BAD)
    tests = wrong[role == Role.TEST]
    beside = wrong[bad & among(role, BILLED)]
    if len(beside):
        beside = _unanswered(snapshot, tree, beside, wrong[bad & (role == Role.TEST)])
    nested = without(wrong[bad & (role == Role.SUITE)], suites)
    within = _innermost(tree, nested, np.concatenate((tests, beside)))
    broken = broken_suites(snapshot, tree, suites, np.concatenate((tests, within)))
    broken = broken[~_hold(tree, broken, beside)]  # What failed in it tells more.
    return np.sort(np.concatenate((tests, beside, within, broken)))


def _unanswered(snapshot: Snapshot, tree: Tree, beside: Rows, bad: Rows) -> Rows:
    """The outermost of the hooks and archivers `beside` that nothing else answers for, not the `bad` tests.

    A test that did not pass has what failed in it in its own outcome: it failed too, was expected to, or ran
    again. A fixture fails whoever needs it, so that a test or a suite which passed all the same answers for
    the fixtures in it (somebody expected them to fail), and so do the tests of a suite that failed.
    """
    role, outcome = snapshot.role, snapshot.outcome
    tests = (role == Role.TEST) & (outcome != Outcome.UNKNOWN)
    for_hooks, for_fixtures = tests & ~among(outcome, _PASSED), tests
    suites = np.flatnonzero(role == Role.SUITE)
    for_fixtures[suites] = (outcome[suites] == Outcome.PASSED) | _hold(tree, suites, bad)
    for_hooks[beside] = for_fixtures[beside] = True
    is_fixture = snapshot.hook_kind[beside] >= HookKind.FIXTURE
    above = [marked_above(answers, tree, beside) for answers in (for_hooks, for_fixtures)]
    left: Rows = beside[np.where(is_fixture, above[1], above[0]) < 0]
    return _collected_once(snapshot, tree, left)


def _collected_once(snapshot: Snapshot, tree: Tree, hooks: Rows) -> Rows:
    """The `hooks`, and of collecting the same in one suite the first: each worker collects all of it."""
    collects = hooks[snapshot.hook_kind[hooks] == HookKind.COLLECTION]
    suite = marked_above(snapshot.role == Role.SUITE, tree, collects).astype(np.int64)
    _, first = np.unique(suite * len(snapshot.texts) + snapshot.title_id[collects], return_index=True)
    return np.union1d(hooks[snapshot.hook_kind[hooks] != HookKind.COLLECTION], collects[first])


def _innermost(tree: Tree, nested: Rows, failed: Rows) -> Rows:
    """Those of the `nested` suites, which all failed, with neither such a suite nor anything `failed` below:
    packages that could not be built.
    """
    if not len(nested):
        return nested
    innermost: Rows = nested[~_hold(tree, nested, failed) & ~_hold(tree, nested, nested, beside_itself=True)]
    return innermost


def broken_suites(snapshot: Snapshot, tree: Tree, suites: Rows, tests: Rows) -> Rows:
    """The top `suites` that failed by more than the failed `tests`: a hook, collection, an exit status.

    A suite that broke (`ERROR`) is always among them: failed tests only make it fail.
    """
    outcome = snapshot.outcome[suites]
    broke = outcome == Outcome.ERROR
    unexplained = among(outcome, (Outcome.FAILED, Outcome.CUT_OFF))
    if unexplained.any():
        unexplained &= ~_hold(tree, suites, tests)
    broken: Rows = suites[broke | unexplained]
    return broken


def _hold(tree: Tree, suites: Rows, rows: Rows, *, beside_itself: bool = False) -> NDArray[np.bool_]:
    """For each of `suites` whether any of `rows` is below it, or is it (unless `beside_itself`)."""
    places, begin = np.sort(tree.position[rows]), tree.position[suites]
    end = np.searchsorted(places, begin + tree.size[suites])
    holds: NDArray[np.bool_] = np.searchsorted(places, begin + beside_itself) < end
    return holds

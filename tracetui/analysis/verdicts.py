"""What failed, over all runs: the one place that judges it. Lists, counts and outcomes of runs ask here."""

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.distinct import among
from tracetui.analysis.tree import Tree, marked_above
from tracetui.model.role import Outcome, Role
from tracetui.store.snapshot import Snapshot

Rows = NDArray[np.intp]

BAD = (Outcome.FAILED, Outcome.ERROR)


def top_suites(snapshot: Snapshot, tree: Tree) -> Rows:
    """The rows of suites without a suite above them."""
    is_suite = snapshot.role == Role.SUITE
    rows = np.flatnonzero(is_suite)
    return rows[marked_above(is_suite, tree, rows) < 0]


def failing(snapshot: Snapshot, tree: Tree, suites: Rows) -> Rows:
    """The rows of what failed by itself: tests that failed, broke or were cut off; the outermost hooks and
    archivers that failed outside of any such test; and of the top `suites` those that say they failed though
    no test in them did, or that say more than that.
    """
    wrong = np.flatnonzero(among(snapshot.outcome, (*BAD, Outcome.CUT_OFF)))
    role, bad = snapshot.role[wrong], among(snapshot.outcome[wrong], BAD)
    tests = wrong[role == Role.TEST]
    beside = wrong[bad & among(role, (Role.HOOK, Role.ARCHIVER))]
    if len(beside):
        marked = np.zeros(len(snapshot), np.bool_)
        marked[tests] = marked[beside] = True
        beside = beside[marked_above(marked, tree, beside) < 0]
    return np.sort(np.concatenate((tests, beside, _by_themselves(snapshot, tree, suites, tests))))


def _by_themselves(snapshot: Snapshot, tree: Tree, suites: Rows, tests: Rows) -> Rows:
    """A suite that broke (`ERROR`), always: tests that fail only make it fail."""
    outcome = snapshot.outcome[suites]
    broke = outcome == Outcome.ERROR
    unexplained = among(outcome, (Outcome.FAILED, Outcome.CUT_OFF))
    if unexplained.any():
        failed = np.sort(tree.position[tests])
        begin = tree.position[suites]
        unexplained &= np.searchsorted(failed, begin) == np.searchsorted(failed, begin + tree.size[suites])
    found: Rows = suites[broke | unexplained]
    return found

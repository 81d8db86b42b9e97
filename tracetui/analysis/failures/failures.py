"""What needs attention: what failed, and the spans that say why."""

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.study.run_facts import RunFacts
from tracetui.analysis.tree.tree import Rows, Tree, marked_above
from tracetui.model.numbers.distinct import among
from tracetui.model.role import BAD, BILLED, Outcome, Role
from tracetui.store.snapshot import Snapshot

MOST_EVIDENCE = 8


def failed_tests(snapshot: Snapshot, only: NDArray[np.bool_] | None = None) -> NDArray[np.intp]:
    """The rows of tests that failed; `only` marks, by row, what counts."""
    bad = among(snapshot.outcome, BAD) & (snapshot.role == Role.TEST)
    return np.flatnonzero(bad if only is None else bad & only)


def failures(facts: RunFacts, only: NDArray[np.bool_] | None = None) -> NDArray[np.intp]:
    """The rows of what failed by itself (see `verdicts.failing`), by end.

    `only` marks, by row, what a run or a filter includes; without it everything counts.
    """
    rows = facts.runs.failing
    rows = rows if only is None else rows[only[rows]]
    return rows[np.lexsort((facts.tree.position[rows], facts.times.end[rows]))]


def evidence(facts: RunFacts, row: int, most: int = MOST_EVIDENCE) -> tuple[int, ...]:
    """The rows whose spans may say why `row` failed, innermost first: what failed inside, phases, itself.

    A phase may have no outcome and hold the exception all the same (resmoke's do). A suite's tests do not say
    why it failed, nor do tests that ran inside a test say why that failed.
    """
    snapshot, tree = facts.snapshot, facts.tree
    below = tree.subtree(row)
    telling = among(snapshot.outcome[below], BAD) | (snapshot.role[below] == Role.PHASE)
    if snapshot.role[row] == Role.SUITE:
        is_test = snapshot.role == Role.TEST
        telling &= ~among(snapshot.role[below], (Role.TEST, Role.PHASE))
        telling[telling] = marked_above(is_test, tree, below[telling]) < 0
    if facts.uncounted is not None:
        telling &= ~facts.uncounted.nested[below]
    rows = below[telling]
    innermost = rows[np.argsort(-tree.depth[rows], kind="stable")]
    return (*innermost[innermost != row][: most - 1].tolist(), row)


def failed_inside(snapshot: Snapshot, tree: Tree, row: int, most: int = 5) -> tuple[int, ...]:
    """The first phases, hooks and archivers that failed below a failed test: they hold its exceptions.

    Also for an attempt that was not the last: they are why there was another.
    """
    outcome = Outcome(int(snapshot.outcome[row]))
    if snapshot.role[row] != Role.TEST or not (outcome.bad or outcome is Outcome.RERUN):
        return ()
    below = tree.subtree(row)[1:]
    bad = among(snapshot.outcome[below], BAD)
    return tuple(below[bad][:most].tolist())


def failed_beside(facts: RunFacts, row: int) -> Rows:
    """The hooks and archivers that failed inside `row`."""
    snapshot, below = facts.snapshot, facts.tree.subtree(row)[1:]
    beside = among(snapshot.role[below], BILLED)
    return below[beside & among(snapshot.outcome[below], BAD)]


def archivers(facts: RunFacts, row: int) -> Rows:
    """The archivers inside `row`."""
    below = facts.tree.subtree(row)
    rows: Rows = below[facts.snapshot.role[below] == Role.ARCHIVER]
    return rows

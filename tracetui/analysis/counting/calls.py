"""What phases say about tests, from study to study: their names, and which suites have called a test."""

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.counting.counting import MOST_PHASE_NAMES
from tracetui.analysis.tree.tree import Rows, Tree, marked_above
from tracetui.model.numbers.distinct import distinct
from tracetui.model.role import Role
from tracetui.store.snapshot import Snapshot


class Calls:
    """The names of phases in a snapshot, and for some suites whether any of their tests was called."""

    def __init__(self) -> None:
        self._is_known = False
        self._names: set[int] = set()
        self._numbers: dict[str, int] = {}
        self._suites: dict[int, bool] = {}

    def forget(self) -> None:
        """Forget everything: rows have changed, or were not looked at for some time."""
        self._is_known = False
        self._names, self._suites = set(), {}

    def know(self, snapshot: Snapshot) -> None:
        """Learn the names of a snapshot's phases, if none are known."""
        if not self._is_known:
            self._is_known = True
            self.name(snapshot, np.flatnonzero(snapshot.role == Role.PHASE))

    def name(self, snapshot: Snapshot, phases: NDArray[np.integer]) -> None:
        """Add the names of more phases."""
        self._names.update(np.flatnonzero(np.bincount(snapshot.name_id.take(phases))).tolist())
        self._numbers = {snapshot.texts[number]: number for number in self._names}

    @property
    def are_told(self) -> bool:
        """Whether the names of phases say their kind, and some are setups: else no test counts as idle."""
        return len(self._numbers) <= MOST_PHASE_NAMES and "setup" in self._numbers

    def tests_with(self, kind: str, phases: Rows, snapshot: Snapshot, tree: Tree) -> Rows:
        """The tests that have one of `phases` of a kind, each once."""
        above = tree.parent[phases[snapshot.name_id[phases] == self._numbers.get(kind, -1)]]
        above = above[above >= 0]
        return distinct(above[snapshot.role[above] == Role.TEST])

    def note(self, snapshot: Snapshot, tree: Tree, called: Rows, idle: Rows) -> bool:
        """Note that tests were called; False if one of their suites has tests at the positions `idle`.

        Those are then no longer idle.
        """
        for suite in _suites_above(snapshot, tree, called):
            if self._suites.get(suite):
                continue
            begin = int(tree.position[suite])
            if ((idle > begin) & (idle < begin + int(tree.size[suite]))).any():
                return False
            self._suites[suite] = True
        return True

    def without(self, snapshot: Snapshot, tree: Tree, tests: Rows) -> Rows:
        """Those of `tests` that are in a suite without a call."""
        suites = [
            suite for suite in _suites_above(snapshot, tree, tests) if not self._has(suite, snapshot, tree)
        ]
        if not suites:
            return tests[:0]
        marked = np.zeros(len(snapshot), np.bool_)
        marked[suites] = True
        kept: Rows = tests[marked_above(marked, tree, tests) >= 0]
        return kept

    def _has(self, suite: int, snapshot: Snapshot, tree: Tree) -> bool:
        known = self._suites.get(suite)
        if known is None:
            below = tree.subtree(suite)
            phases = below[snapshot.role[below] == Role.PHASE]
            known = self._suites[suite] = len(self.tests_with("call", phases, snapshot, tree)) > 0
        return known


def _suites_above(snapshot: Snapshot, tree: Tree, rows: Rows) -> list[int]:
    """All suites above some rows."""
    is_suite, suites = snapshot.role == Role.SUITE, list[int]()
    while len(rows):
        above = distinct(marked_above(is_suite, tree, rows))
        rows = above[above >= 0]
        suites += rows.tolist()
    return list(dict.fromkeys(suites))

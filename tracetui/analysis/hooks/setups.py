"""How long each test's set-up and teardown took."""

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.hooks.derived import derived_hooks
from tracetui.analysis.study.run_facts import RunFacts
from tracetui.model.numbers.distinct import distinct
from tracetui.model.role import Role


def setups(facts: RunFacts) -> NDArray[np.int64]:
    """By row of a test its set-up time in ns: set-up phases, and hooks derived before it."""
    return _around(facts, "setup", is_after=False)


def teardowns(facts: RunFacts) -> NDArray[np.int64]:
    """The same for its teardown."""
    return _around(facts, "teardown", is_after=True)


def _around(facts: RunFacts, ending: str, *, is_after: bool) -> NDArray[np.int64]:
    snapshot, tree, times = facts.snapshot, facts.tree, facts.times
    took = np.zeros(len(snapshot), np.int64)
    phases = np.flatnonzero(snapshot.role == Role.PHASE)
    names = distinct(snapshot.name_id[phases])
    kinds = [number for number in names.tolist() if snapshot.texts[number].endswith(ending)]
    meant = phases[np.isin(snapshot.name_id[phases], kinds) & (tree.parent[phases] >= 0)]
    np.add.at(took, tree.parent[meant], times.total[meant])
    gaps = derived_hooks(snapshot, tree, times)
    there = gaps.is_after == is_after
    np.add.at(took, gaps.host[there], (gaps.end - gaps.start)[there])
    return took

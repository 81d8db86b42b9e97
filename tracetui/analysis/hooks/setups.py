"""What was set up before each test."""

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.hooks.derived import derived_hooks
from tracetui.analysis.study.run_facts import RunFacts
from tracetui.model.role import Role


def setups(facts: RunFacts) -> NDArray[np.int64]:
    """By row of a test what was set up before it, in ns: its set-up phases, and hooks derived before it."""
    snapshot, tree, times = facts.snapshot, facts.tree, facts.times
    took = np.zeros(len(snapshot), np.int64)
    phases = np.flatnonzero(snapshot.role == Role.PHASE)
    names = np.unique(snapshot.name_id[phases])
    kinds = [number for number in names.tolist() if snapshot.texts[number].endswith("setup")]
    of_setup = phases[np.isin(snapshot.name_id[phases], kinds) & (tree.parent[phases] >= 0)]
    np.add.at(took, tree.parent[of_setup], times.total[of_setup])
    gaps = derived_hooks(snapshot, tree, times)
    before = ~gaps.is_after
    np.add.at(took, gaps.host[before], (gaps.end - gaps.start)[before])
    return took

"""Which spans whose end was lost are to be closed again: something that says when has changed.

A run that was killed leaves some in each process, and they stay: what they cost must not grow with them.
"""

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.study.step import Step
from tracetui.analysis.tree.tree import Rows, Tree
from tracetui.model.numbers.distinct import distinct
from tracetui.model.role import Outcome
from tracetui.store.snapshot import Snapshot

DAY_NS = 86_400_000_000_000
"""A sign of life that is farther ahead than this is none."""


def to_close(open_: Rows, changed: Rows, step: Step, snapshot: Snapshot, tree: Tree) -> Rows:
    """`changed`, and of the rows `open_`, which had no end, those that run or may have another end now.

    Ascending. All clocks are right.
    """
    runs = snapshot.outcome[open_] == Outcome.RUNNING
    lost = open_[~runs]
    changed = distinct(np.concatenate((changed, open_[runs], lost[_are_heard_of(lost, step)])))
    old = changed[changed < step.first]
    other = _are_above(changed, lost, tree) | _are_above(old, lost, step.last.tree)
    return distinct(np.concatenate((changed, lost[other])))


def _are_heard_of(rows: Rows, step: Step) -> NDArray[np.bool_]:
    """Whose writer has given another sign of life since, or one that may count from now on."""
    snapshot, latest_ns = step.written, step.last.now_ns + DAY_NS
    heard = set(step.heard)
    if snapshot.latest_beat_ns > latest_ns:
        heard |= {source for source, beat in snapshot.heartbeats.items() if beat.time_ns > latest_ns}
    is_heard = np.zeros(len(snapshot.sources), np.bool_)
    is_heard[list(heard)] = True
    return is_heard[snapshot.sources_of(rows)]


def _are_above(rows: Rows, lost: Rows, tree: Tree) -> NDArray[np.bool_]:
    """Which of `lost` are one of `rows`, or above one."""
    positions, begin = np.sort(tree.position[rows]), tree.position[lost]
    first = np.searchsorted(positions, begin)
    above: NDArray[np.bool_] = first < np.searchsorted(positions, begin + tree.size[lost])
    return above

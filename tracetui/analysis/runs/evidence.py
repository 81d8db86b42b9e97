"""The input for finding runs and jobs: spans, their tree and times, and facts about each whole tree."""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.analysis.counting.counting import Uncounted
from tracetui.analysis.runs.verdicts import failing, top_suites
from tracetui.analysis.time.times import Times
from tracetui.analysis.timeline.durations import durations_only
from tracetui.analysis.tree.tree import Tree
from tracetui.analysis.tree.trees import Counts, Trees, ends_of
from tracetui.store.snapshot import Snapshot


class Evidence(Struct, frozen=True, eq=False):
    """`ends` has each tree's end, or its start if only durations are known.

    `suites` and `failed` are rows, as in `verdicts`.
    """

    snapshot: Snapshot
    tree: Tree
    times: Times
    trees: Trees
    ends: Counts
    suites: NDArray[np.intp]
    failed: NDArray[np.intp]
    uncounted: Uncounted | None

    @property
    def nested(self) -> NDArray[np.bool_] | None:
        """By row, whether it counts nowhere; None if all count."""
        return self.uncounted.nested if self.uncounted else None


def evidence(
    snapshot: Snapshot,
    tree: Tree,
    times: Times,
    uncounted: Uncounted | None,
    trees: Trees,
    open_: NDArray[np.signedinteger],
) -> Evidence:
    """The evidence, given that the rows `open_` have no end."""
    suites = top_suites(snapshot, tree)
    failed = failing(snapshot, tree, suites)
    ends, untimed = ends_of(trees, tree, times, open_), durations_only(snapshot)
    if untimed is not None:
        ends = np.where(untimed[tree.roots], trees.start_ns, ends)
    return Evidence(snapshot, tree, times, trees, ends, suites, failed, uncounted)

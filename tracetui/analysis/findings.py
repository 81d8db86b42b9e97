"""What a screen or a report needs of one revision, worked out once, away from the screen's thread."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.ranking import Ranking, rank
from tracetui.analysis.running import Running, running_now
from tracetui.analysis.runs import Summary, summarise
from tracetui.analysis.times import Times, measure
from tracetui.analysis.tree import Tree, build
from tracetui.store.snapshot import Snapshot


@dataclass(frozen=True, eq=False)
class Findings:
    """One revision, understood; `now_ns` is the time, since the epoch, up to which running spans count."""

    snapshot: Snapshot
    now_ns: int
    tree: Tree
    times: Times
    summary: Summary
    running: tuple[Running, ...]

    def rank(self, by: str = "test", since_ns: int = 0, only: NDArray[np.bool_] | None = None) -> Ranking:
        """The ranking of this revision, of spans that started no earlier than `since_ns` and `only` marks."""
        return rank(self.snapshot, self.tree, self.times, by, since_ns, only)


def study(snapshot: Snapshot, now_ns: int) -> Findings:
    """The findings of a snapshot at `now_ns`: O(n log n)."""
    tree = build(snapshot)
    times = measure(snapshot, tree, now_ns)
    summary = summarise(snapshot, tree, times)
    return Findings(snapshot, now_ns, tree, times, summary, running_now(snapshot, tree))

"""What a screen or a report needs of one revision, worked out once, away from the screen's thread."""

from dataclasses import dataclass

from tracetui.analysis.ranking import Ranking, rank
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

    def rank(self, by: str = "test") -> Ranking:
        """The ranking of this revision, see `analysis.ranking`."""
        return rank(self.snapshot, self.tree, self.times, by)


def study(snapshot: Snapshot, now_ns: int) -> Findings:
    """The findings of a snapshot at `now_ns`: O(n log n)."""
    tree = build(snapshot)
    times = measure(snapshot, tree, now_ns)
    return Findings(snapshot, now_ns, tree, times, summarise(snapshot, tree, times))

"""What a screen or a report needs of one revision, computed once, away from the screen's thread."""

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from tracetui.analysis.counting.counting import Uncounted, counted
from tracetui.analysis.ranking.ranked_rows import Subject
from tracetui.analysis.ranking.ranking import Ranking
from tracetui.analysis.ranking.ranking_growth import MOST_OWN_TIME, RankingGrowth
from tracetui.analysis.ranking.ranking_order import By
from tracetui.analysis.runs.run_finding import find_runs
from tracetui.analysis.runs.runs import NEWEST, Runs
from tracetui.analysis.study.run_facts import RunFacts
from tracetui.analysis.time.clocks import Clocks, trusted
from tracetui.analysis.time.times import Times, measure
from tracetui.analysis.tree.tree import Tree, build
from tracetui.model.numbers.both import MANY, Both, in_turn, on_two_threads
from tracetui.store.snapshot import Snapshot

if TYPE_CHECKING:
    from tracetui.analysis.overview.baseline import Baseline
    from tracetui.analysis.overview.overview import Overview

PARTS = ("summary", "within", "running", "history", "lanes", "progress", "overview")
"""What is worked out of each revision for all screens, each part from those before it."""


class Findings(RunFacts, frozen=True, eq=False, dict=True, weakref=True):
    """The facts of one revision and what follows from them: the overview, and rankings."""

    def work_out(self) -> None:
        """Compute now what screens ask for."""
        for name in PARTS:
            getattr(self, name)

    def chosen(self, choice: int) -> "Findings":
        """The same with another run shown."""
        return replace(self, choice=choice)

    @cached_property
    def overview(self) -> "Overview":
        """What matters about it at a glance."""
        from tracetui.analysis.overview.overview import overview

        return overview(self)

    def rank(
        self,
        by: str = "test",
        only: NDArray[np.bool_] | None = None,
        order: By = MOST_OWN_TIME,
        growth: RankingGrowth | None = None,
    ) -> Ranking:
        """The ranking of the spans that `only` marks, or of all.

        With a `growth` it is updated from the last one that `growth` made.
        """
        subject = Subject(self.snapshot, self.tree, self.times, self.runs, self.choice)
        return (growth or RankingGrowth())(subject, by, only, order)


class Parts:
    """How each part of a study is computed: here from scratch."""

    both: ClassVar[Both] = staticmethod(in_turn)

    def tree(self, snapshot: Snapshot) -> Tree:
        """See `tree.build`."""
        return build(snapshot, self.both)

    def trusted(self, snapshot: Snapshot, tree: Tree, now_ns: int) -> tuple[Snapshot, Clocks | None]:
        """See `clocks.trusted`."""
        return trusted(snapshot, tree, now_ns)

    def counted(self, snapshot: Snapshot, tree: Tree) -> tuple[Snapshot, Uncounted | None]:
        """See `counting.counted`."""
        return counted(snapshot, tree)

    def times(self, snapshot: Snapshot, tree: Tree, now_ns: int, clocks: Clocks | None) -> Times:
        """See `times.measure`."""
        return measure(snapshot, tree, now_ns, clocks, self.both)

    def runs(self, snapshot: Snapshot, tree: Tree, times: Times, uncounted: Uncounted | None) -> Runs:
        """See `run_finding.find_runs`."""
        return find_runs(snapshot, tree, times, uncounted)


class OnTwoThreads(Parts):
    """The same, where two passes need nothing of each other on two threads."""

    both = staticmethod(on_two_threads)


ANEW = Parts()


def anew(spans: int, jobs: int) -> Parts:
    """How so many spans are studied from scratch by so many threads."""
    return OnTwoThreads() if jobs > 1 and spans >= MANY else ANEW


def study(
    snapshot: Snapshot,
    now_ns: int,
    choice: int = NEWEST,
    parts: Parts = ANEW,
    baseline: "Baseline | None" = None,
) -> Findings:
    """The findings of a snapshot at `now_ns`: O(n log n) from scratch."""
    tree = parts.tree(snapshot)
    seen, clocks = parts.trusted(snapshot, tree, now_ns)
    seen, uncounted = parts.counted(seen, tree)
    times = parts.times(seen, tree, now_ns, clocks)
    runs = parts.runs(seen, tree, times, uncounted)
    return Findings(seen, now_ns, tree, times, runs, snapshot, clocks, uncounted, choice, baseline)

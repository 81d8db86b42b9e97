"""Studies one snapshot after the other, each building on the last result.

Each part has a module of its own (`*_growth`), whose `grown` gives exactly the result from scratch, or None
if everything must be looked at.
"""

from msgspec.structs import replace

from tracetui.analysis.counting import counting_growth
from tracetui.analysis.counting.calls import Calls
from tracetui.analysis.counting.counting import Uncounted
from tracetui.analysis.lanes.lanes_growth import LanesGrowth
from tracetui.analysis.overview.baseline import Baseline
from tracetui.analysis.runs.runs import NEWEST, Runs
from tracetui.analysis.runs.runs_growth import RunsGrowth
from tracetui.analysis.study.change import Change, change
from tracetui.analysis.study.findings import Findings, Parts, study
from tracetui.analysis.study.glance import Glance
from tracetui.analysis.study.step import Step, between
from tracetui.analysis.time import times_growth
from tracetui.analysis.time.clocks import Clocks
from tracetui.analysis.time.clocks_growth import Trust
from tracetui.analysis.time.times import Times
from tracetui.analysis.time.times_growth import Covers
from tracetui.analysis.tree import tree_growth
from tracetui.analysis.tree.tree import Rows, Tree
from tracetui.model.numbers.revisions import Revisions
from tracetui.store.snapshot import Snapshot


class Study:
    """Called with one revision after the other of one table, it gives what `findings.study` gives for
    each.
    """

    def __init__(self) -> None:
        self.baseline: Baseline | None = None
        """Earlier runs from elsewhere, from the next call on."""
        self._last: Findings | None = None
        self._kept = _Kept()
        self._glance = Glance()
        self._lanes = LanesGrowth()

    def __call__(self, snapshot: Snapshot, now_ns: int, choice: int = NEWEST) -> Findings:
        """The findings of a snapshot at `now_ns`."""
        step = between(self._last, snapshot)
        parts = _Grown(step, self._kept) if step else Parts()
        findings = study(snapshot, now_ns, choice, parts, self.baseline)
        if step is None:
            self._kept.forget()
        if (grown := self._lanes(step, findings)) is not None:
            findings.put("lanes", grown)
        self._glance(findings, parts.change(findings) if isinstance(parts, _Grown) else None)
        self._kept.revisions.tidy()
        self._last = replace(findings)  # Without what screens have it work out: that would be kept as well.
        for name in _KEPT:
            self._last.put(name, getattr(findings, name))
        return findings


_KEPT = ("within", "tests", "history")
"""What of the last findings the next need; the newest reading has these anyway."""


class _Kept:
    """What parts keep from study to study."""

    def __init__(self) -> None:
        self.covers = Covers()
        self.trust = Trust()
        self.calls = Calls()
        self.runs = RunsGrowth()
        self.revisions = Revisions()

    def forget(self) -> None:
        """Forget everything: rows have changed, or were not looked at for some time."""
        for kept in (self.covers, self.trust, self.calls, self.runs):
            kept.forget()
        self.revisions = Revisions()


class _Grown(Parts):
    """Each part updated from the last one; from scratch where that is impossible."""

    def __init__(self, step: Step, kept: _Kept) -> None:
        self._step = step
        self._kept = kept
        self._changed: Rows | None = None

    def change(self, findings: Findings) -> Change | None:
        """What has changed in `findings`; None if unknown."""
        if self._changed is None:
            return None
        return change(self._step.last, findings, self._changed, runs_grew=self._kept.runs.grew)

    def tree(self, snapshot: Snapshot) -> Tree:
        """See `tree_growth`."""
        last = self._step.last
        grown = tree_growth.grown(last.tree, last.written, snapshot, self._kept.revisions)
        return grown or super().tree(snapshot)

    def trusted(self, snapshot: Snapshot, tree: Tree, now_ns: int) -> tuple[Snapshot, Clocks | None]:
        """See `clocks_growth`."""
        if self._kept.trust.holds(self._step, tree, now_ns):
            return snapshot, None
        return super().trusted(snapshot, tree, now_ns)

    def counted(self, snapshot: Snapshot, tree: Tree) -> tuple[Snapshot, Uncounted | None]:
        """See `counting_growth`."""
        grown = counting_growth.grown(self._step, snapshot, tree, self._kept.calls)
        return super().counted(snapshot, tree) if grown is None else grown

    def times(self, snapshot: Snapshot, tree: Tree, now_ns: int, clocks: Clocks | None) -> Times:
        """See `times_growth`."""
        grown = times_growth.grown(
            self._step, snapshot, tree, now_ns, clocks, self._kept.covers, self._kept.revisions
        )
        if grown is None:
            self._kept.covers.forget()
            return super().times(snapshot, tree, now_ns, clocks)
        times, self._changed = grown
        return times

    def runs(self, snapshot: Snapshot, tree: Tree, times: Times, uncounted: Uncounted | None) -> Runs:
        """See `runs_growth`."""
        return self._kept.runs.runs(self._step, snapshot, tree, times, uncounted)

"""Studies one snapshot after the other: what is known of one is added to for the next."""

from dataclasses import replace
from functools import partial

from tracetui.analysis import times_growth, tree_growth
from tracetui.analysis.clocks import Clocks
from tracetui.analysis.findings import Findings, study
from tracetui.analysis.runs import NEWEST
from tracetui.analysis.times import Times, measure
from tracetui.analysis.times_growth import Covers, Seen
from tracetui.analysis.tree import Tree, build
from tracetui.store.snapshot import Snapshot


class Study:
    """Called with one revision after the other of one table, it finds what `findings.study` finds of each."""

    def __init__(self) -> None:
        self._last: Findings | None = None
        self._covers = Covers()

    def __call__(self, snapshot: Snapshot, now_ns: int, choice: int = NEWEST) -> Findings:
        """The findings of a snapshot at `now_ns`."""
        last = self._last
        tree = (tree_growth.grown(last.tree, last.written, snapshot) if last else None) or build(snapshot)
        found = study(snapshot, now_ns, choice, tree, partial(self._measure, snapshot))
        self._last = replace(found)  # Without what screens have it work out: that would be kept as well.
        return found

    def _measure(
        self, written: Snapshot, seen: Snapshot, tree: Tree, now_ns: int, clocks: Clocks | None
    ) -> Times:
        last = self._last
        if last and clocks is None and last.clocks is None:
            earlier = Seen(last.written, last.snapshot, last.tree)
            now = Seen(written, seen, tree)
            grown = times_growth.grown(last.times, earlier, now, now_ns, self._covers)
            if grown:
                return grown
        self._covers.forget()
        return measure(seen, tree, now_ns, clocks)

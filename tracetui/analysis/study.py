"""Studies one snapshot after the other: what is known of one is added to for the next."""

from dataclasses import replace

from tracetui.analysis import times_growth, tree_growth
from tracetui.analysis.clocks import trusted
from tracetui.analysis.findings import Findings
from tracetui.analysis.runs import NEWEST, find_runs
from tracetui.analysis.times import measure
from tracetui.analysis.times_growth import Covers
from tracetui.analysis.tree import build
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
        seen, clocks = trusted(snapshot, tree, now_ns)
        times = None
        if last and not clocks and not last.clocks:
            earlier = last.written, last.tree
            times = times_growth.grown(last.times, earlier, (snapshot, tree), now_ns, self._covers)
        if times is None:
            self._covers.forget()
            times = measure(seen, tree, now_ns, clocks.wrong if clocks else None)
        found = Findings(seen, now_ns, tree, times, find_runs(seen, tree, times), snapshot, clocks, choice)
        self._last = replace(found)  # Without what screens have it work out: that would be kept as well.
        return found

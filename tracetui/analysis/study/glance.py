"""What screens ask for of each revision, from study to study: what of that has a growth of its own."""

from tracetui.analysis.history import history_growth
from tracetui.analysis.overview import overview_growth, progress_growth
from tracetui.analysis.overview.basis import Basis, basis
from tracetui.analysis.overview.overview import overview
from tracetui.analysis.overview.progress import Done, done
from tracetui.analysis.study.change import Change
from tracetui.analysis.study.findings import Findings


class Glance:
    """What is known of the history, the progress and the overview of the last findings."""

    def __init__(self) -> None:
        self._done: Done | None = None
        self._basis: Basis | None = None

    def __call__(self, found: Findings, change: Change | None) -> None:
        """Works these out; `change` leads from the last findings to those that are `found`."""
        if change:
            found.put("tests", change.tests)
            if history := history_growth.grown(change):
                found.put("history", history)
        if change and self._done and self._basis:
            self._done = progress_growth.grown(self._done, change)
            self._basis = overview_growth.grown(self._basis, change)
        else:
            self._done = done(found.snapshot, found.times, found.history, found.tests)
            self._basis = basis(found)
        found.put("progress", found.progress_of(self._done))
        found.put("overview", overview(found, self._basis))

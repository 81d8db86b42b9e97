"""What screens ask for of each revision, updated from study to study."""

from tracetui.analysis.history import history_growth
from tracetui.analysis.history.history import History
from tracetui.analysis.overview import overview_growth, progress_growth
from tracetui.analysis.overview.basis import Basis, basis
from tracetui.analysis.overview.overview import overview
from tracetui.analysis.overview.pace import Pace
from tracetui.analysis.overview.progress import Done, done
from tracetui.analysis.study.change import Change
from tracetui.analysis.study.findings import Findings


class Glance:
    """What is kept of the history, the progress and the overview of the last findings."""

    def __init__(self) -> None:
        self._done: Done | None = None
        self._basis: Basis | None = None
        self._pace: tuple[History, int, Pace] | None = None

    def __call__(self, findings: Findings, change: Change | None) -> None:
        """Compute these for `findings`; `change` leads there from the last ones."""
        if change:
            findings.put("tests", change.tests)
            if history := history_growth.grown(change):
                findings.put("history", history)
        if change and self._done and self._basis:
            self._done = progress_growth.grown(self._done, change)
            self._basis = overview_growth.grown(self._basis, change)
        else:
            self._done = done(findings.snapshot, findings.times, findings.history, findings.tests)
            self._basis = basis(findings)
        self._keep_pace(findings)
        findings.put("progress", findings.progress_of(self._done))
        findings.put("overview", overview(findings, self._basis))

    def _keep_pace(self, findings: Findings) -> None:
        """Compute the pace of earlier runs only once: while they, and the name of the run, are the same."""
        if not findings.summary.is_live:
            return
        runs = findings.runs
        title = int(runs.snapshot.title_id[runs.title_row[runs.number(findings.choice)]])
        if self._pace and self._pace[0] is findings.history and self._pace[1] == title:
            findings.put("pace", self._pace[2])
        else:
            self._pace = findings.history, title, findings.pace

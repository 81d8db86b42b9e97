"""The contents of a page: each part comes from the function that other pages and documents use."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.analysis.advice.advice import advise
from tracetui.analysis.compare.comparison import Comparison
from tracetui.analysis.critical_path.path import critical_path
from tracetui.analysis.failures.decoding import Causes, SpanOf
from tracetui.analysis.failures.failure_facts import FailureFacts, gather
from tracetui.analysis.history.over_runs import HistoryValue
from tracetui.analysis.lanes.lanes import Lanes
from tracetui.analysis.ledger.ledger import Ledger, ledger
from tracetui.analysis.query.filters.lens import Lens
from tracetui.analysis.ranking.ranking import Ranking
from tracetui.analysis.runs.runs import NEWEST
from tracetui.analysis.study.findings import Findings
from tracetui.analysis.timeline.window import Window
from tracetui.report import lanes as lanes_report
from tracetui.report.deciding import advise as advice_report
from tracetui.report.deciding import critical_path as path_report
from tracetui.report.deciding import ledger as ledger_report
from tracetui.report.still import StallValue, stall

MOST_NAMES = 12
"""So many names on each account of the ledger."""


class Contents(Struct, frozen=True, eq=False, dict=True):
    """One run; with a `lens` timeline, ranking and failures have only what matches it.

    `history` is that of the directory, None if there are no other runs.
    """

    findings: Findings
    span_of: SpanOf
    lens: Lens | None = None
    comparison: Comparison | None = None
    history: HistoryValue | None = None

    @cached_property
    def meant(self) -> NDArray[np.bool_] | None:
        """By row, whether it belongs to the run and matches the filter; None if all rows do."""
        within, matched = self.findings.within, self.lens.matched if self.lens else None
        return matched if within is None else within if matched is None else within & matched

    @cached_property
    def _ledger(self) -> Ledger:
        return ledger(self.findings)

    @cached_property
    def costs(self) -> ledger_report.LedgerValue:
        """Where the time of all lanes went."""
        return ledger_report.value(self._ledger, MOST_NAMES)

    @cached_property
    def path(self) -> path_report.PathValue:
        """The critical path."""
        return path_report.value(self.findings, critical_path(self.findings, self._ledger))

    @cached_property
    def lanes(self) -> Lanes:
        """What each worker did."""
        return self.findings.lanes_of(self.lens.matched if self.lens else None)

    @cached_property
    def window(self) -> Window:
        """The time of the whole run."""
        summary, drawn = self.findings.summary, self.lanes.axis
        if self.lanes.is_elapsed or not self.lanes.lanes:
            return Window(summary.start_ns, summary.end_ns)
        return Window(min(drawn.start_ns, summary.start_ns), max(drawn.end_ns, summary.end_ns))

    @cached_property
    def lane_rows(self) -> lanes_report.LanesValue:
        """The same in numbers."""
        return lanes_report.value(self.findings, self.lanes)

    @cached_property
    def stalls(self) -> Sequence[StallValue]:
        """When no worker made progress."""
        return [stall(self.findings, still) for still in self.findings.overview.still]

    @cached_property
    def slowest(self) -> Ranking:
        """Tests by own time."""
        return self.findings.rank("test", only=self.meant).sorted("own_ns", descending=True)

    @cached_property
    def failed(self) -> list[int]:
        """The rows of failures, in order of their end."""
        rows = self.findings.overview.failed
        shown: list[int] = (rows if self.lens is None else rows[self.lens.matched[rows]]).tolist()
        return shown

    @cached_property
    def _causes(self) -> Causes:
        return Causes(self.span_of)

    def failure(self, row: int) -> FailureFacts:
        """The facts about one of these."""
        return gather(self.findings, row, self._causes, self.span_of)

    @cached_property
    def advice(self) -> advice_report.AdviceValue:
        """What would help."""
        findings = self.findings
        return advice_report.value(
            findings, advise(findings), lambda row: self.span_of(findings.snapshot, row).attributes
        )


def looked_at(findings: Findings) -> Findings:
    """The same, with the newest of several runs chosen by its key if none was chosen: a page has only one."""
    if findings.choice != NEWEST or len(findings.runs) < 2:
        return findings
    return findings.chosen(int(findings.runs.key[findings.runs.newest]))

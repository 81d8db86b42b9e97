"""What would help a finished run: proposals by their saving, computed away from the screen."""

from collections.abc import Sequence
from typing import NamedTuple

from tracetui.analysis.advice.advice import Advice, Proposal, advise, basis
from tracetui.analysis.forecasts.checks import Accuracy, Forecast, accuracy, measured
from tracetui.analysis.runs.runs import ALL
from tracetui.analysis.study.findings import Findings
from tracetui.ingest import Ingest
from tracetui.ingest.forecasts.log import kept
from tracetui.report.deciding.advise import nothing, row_of, short_saving
from tracetui.report.deciding.forecasts import short
from tracetui.text import fit, sanitize
from tracetui.ui.feed.reading import Door, Reading
from tracetui.ui.lists.draw_panel import Bit, Heading, Item
from tracetui.ui.lists.panel import whole
from tracetui.ui.overview.run_more import StudiedPanel

MOST_TESTS = 20_000
"""A larger run is simulated when somebody asks for it (`tracetui advise`), not by itself."""
_SAVING_CELLS = 10
_COLOURS = {"sure": "outcome-passed", "likely": "foreground", "guess": "quiet"}


class Helped(NamedTuple):
    """The advice for a run, the row each proposal is about, and the accuracy of forecasts."""

    advice: Advice
    rows: Sequence[int]
    forecasts: Accuracy


class HelpPanel(StudiedPanel[Helped | None]):
    """Two lines for each proposal: what to do and what it saves, and why; each leads to what it is about."""

    def __init__(self, ingest: Ingest) -> None:
        super().__init__(self._helped)
        self._ingest = ingest
        self._simulated: tuple[bytes, Advice] | None = None

    @staticmethod
    def is_for(findings: Findings) -> bool:
        """Whether there can be proposals: not for a live run, nor for several at once."""
        is_over = findings.choice != ALL and findings.summary.state != "live"
        return is_over and 0 < len(findings.tests) <= MOST_TESTS

    def heading(self, reading: Reading) -> Heading:
        """The title, with the error of the last forecasts."""
        said = short(self.studied.forecasts) if self.studied else ""
        return Heading("what would help", [*whole(reading, "  "), Bit(said, "quiet")])

    def made(self) -> list[Item]:
        """The proposals."""
        if self.studied is None:
            return []
        pairs = zip(self.studied.advice.proposals, self.studied.rows, strict=True)
        return [_item(proposal, row, self.size.width) for proposal, row in pairs]

    def nothing(self, reading: Reading) -> str:
        """Why there are no proposals: not yet known, nothing worth doing, or nothing to simulate."""
        if reading.findings.no_timeline:
            return sanitize(reading.findings.no_timeline)
        if self.studied is None:
            return "being simulated"
        return nothing().partition(";")[0]

    def _ask(self) -> None:
        """Simulate nothing while more is being read at once: it would be another run's advice."""
        if self.reading is None or not self.reading.busy:
            super()._ask()

    def _helped(self, findings: Findings) -> Helped | None:
        if not self.is_for(findings):
            return None
        advice = self._advice(findings)
        rows = [row_of(findings, proposal.where) for proposal in advice.proposals]
        return Helped(advice, rows, accuracy(self._forecasts(), measured(findings)))

    def _advice(self, findings: Findings) -> Advice:
        """Simulated once for each run: readings that bring nothing of it repeat nothing."""
        of = basis(findings)
        if self._simulated is None or self._simulated[0] != of:
            self._simulated = of, advise(findings)
        return self._simulated[1]

    def _forecasts(self) -> list[Forecast]:
        return kept(self._ingest.paths)


def _item(proposal: Proposal, row: int, width: int) -> Item:
    saving = short_saving(proposal).rjust(_SAVING_CELLS)
    room = max(1, width - _SAVING_CELLS - 3)
    first = [
        Bit(f" {saving}  ", _COLOURS[proposal.sure], bold=True),
        Bit(fit(sanitize(proposal.what), room)),
    ]
    why = proposal.why if proposal.sure == "sure" else f"{proposal.sure}: {proposal.doubt or proposal.why}"
    second = [Bit(" " * (_SAVING_CELLS + 3)), Bit(fit(sanitize(why), room), "quiet")]
    return Item((proposal.kind, proposal.what), [first, second], Door("waterfall", row) if row >= 0 else None)

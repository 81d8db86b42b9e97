"""The panels of the overview."""

from abc import abstractmethod

import numpy as np
from numpy.typing import NDArray

from tracetui import units
from tracetui.analysis.failures.decoding import Causes
from tracetui.analysis.ledger.run_costs import RunCosts
from tracetui.report.drawing.eta import eta_words
from tracetui.report.drawing.style import many
from tracetui.text import Safe, sanitize
from tracetui.ui.feed.latest_only import away
from tracetui.ui.feed.reading import Reading
from tracetui.ui.lists.draw_panel import Bit, Heading, Item
from tracetui.ui.lists.panel import Panel, whole
from tracetui.ui.overview.draw_remarks import remark_items
from tracetui.ui.overview.draw_run_items import failed_items, has_bars, lane_items, slowest_items
from tracetui.ui.overview.draw_running_items import running_items

MOST_CAUSES = 24
"""As many of the newest failures are read at once."""

_LONG_STILL_NS = 10 * units.S


class CausePanel(Panel):
    """Base class of panels that say why something failed: the first line of it, read away from the screen."""

    def __init__(self, causes: Causes) -> None:
        super().__init__()
        self._causes = causes
        self._told: dict[int, Safe] = {}

    @abstractmethod
    def failed(self, reading: Reading) -> NDArray[np.intp]:
        """The rows that are shown."""

    def watch_reading(self) -> None:
        """Update the failures; their causes follow soon."""
        super().watch_reading()
        if self.reading is not None and len(self.failed(self.reading)):
            self._read(self.reading)

    @away
    def _read(self, reading: Reading) -> None:
        rows = [int(row) for row in self.failed(reading)[::-1][:MOST_CAUSES]]
        first_lines = {row: self._first_line(reading, row) for row in rows}
        self.app.call_from_thread(self._tell, first_lines)

    def _first_line(self, reading: Reading, row: int) -> Safe:
        return sanitize(self._causes.of(reading.findings, row).headline)

    def _tell(self, first_lines: dict[int, Safe]) -> None:
        if first_lines != self._told:
            self._told = first_lines
            self.freshen()


class NowPanel(CausePanel):
    """What is running; for a finished run, what mattered."""

    def __init__(self, causes: Causes) -> None:
        super().__init__(causes)
        self._spent = RunCosts()
        self._of = (-1, -1)

    def take(self, spent: RunCosts) -> None:
        """Take over where the time of the run went, which another panel computes."""
        if spent is not self._spent:
            self._spent = spent
            self.freshen()

    def watch_reading(self) -> None:
        """Forget where the time went, if another run is shown."""
        if self.reading is not None:
            findings = self.reading.findings
            of = findings.choice, findings.summary.start_ns
            if of != self._of:
                self._of, self._spent = of, RunCosts()
        super().watch_reading()

    def failed(self, reading: Reading) -> NDArray[np.intp]:
        """Suites that failed by themselves: failed tests have a panel of their own."""
        return reading.findings.overview.broken

    def heading(self, reading: Reading) -> Heading:
        """The title, with the ETA, or else how long the run has been stalled."""
        findings = reading.findings
        if findings.summary.state != "live":
            return Heading("what mattered", whole(reading))
        ends = findings.progress.ends
        since = reading.now_ns() - int(ends[-1]) if len(ends) else 0
        if since < _LONG_STILL_NS:
            eta = eta_words(findings.progress)
            return Heading("running now", [Bit(f"over in {eta}", "quiet")] if eta else [])
        return Heading("running now", [Bit(f"nothing ended for {units.seconds(since)}", "warning")])

    def items(self, reading: Reading) -> list[Item]:
        """Running spans and idle lanes; or remarks."""
        if reading.findings.summary.state == "live":
            return running_items(reading, self.size.width)
        return remark_items(reading.findings, self.size.width, self._told.get, self._spent)

    def nothing(self, reading: Reading) -> str:
        """Why nothing is running: before the first test, between two, or in a run that writes only what has
        ended.
        """
        if reading.findings.summary.state != "live":
            return "nothing"
        if not len(reading.findings.tests):
            return "no test has started yet"
        tells = reading.findings.snapshot.heartbeats
        return "no test is running" if tells else "this runner reports a test only when it ends"


class FailedPanel(CausePanel):
    """Failures, the newest first, with the first line of each cause."""

    def failed(self, reading: Reading) -> NDArray[np.intp]:
        """All failures that the filter matches."""
        return reading.overview.failed

    def heading(self, reading: Reading) -> Heading:
        """The title, with the number of failures."""
        failed = len(reading.overview.failed)
        return Heading("failed", [Bit(units.count(failed), "outcome-failed", bold=True)] if failed else [])

    def items(self, reading: Reading) -> list[Item]:
        """Two lines for each."""
        return failed_items(reading, self.size.width, self._told.get)

    def nothing(self, reading: Reading) -> str:
        """That nothing failed; so far, while it is live."""
        if reading.lens and len(reading.findings.overview.failed):
            return "nothing matches the filter"
        return "none so far" if reading.findings.summary.state == "live" else "none"


class LanesPanel(Panel):
    """A strip per lane."""

    def heading(self, reading: Reading) -> Heading:
        """The title, with that of the column for how busy each lane was."""
        count = len(reading.findings.lanes.lanes)
        busy = [Bit(f"{many(count, 'lane')}, busy", "quiet")] if count else []
        return Heading("lanes", [*whole(reading, "  "), *busy])

    def items(self, reading: Reading) -> list[Item]:
        """Strips, then sums."""
        return lane_items(reading, self.size.width)

    def nothing(self, reading: Reading) -> str:
        """That there are no blocks, or none that has a place in time."""
        if reading.findings.no_timeline:
            return sanitize(reading.findings.no_timeline)
        return "no tests, hooks or archivers yet" if reading.followed else "no tests, hooks or archivers"


class SlowestPanel(Panel):
    """The slowest tests."""

    def heading(self, reading: Reading) -> Heading:
        """The title; so far, while it is live."""
        live = reading.findings.summary.state == "live"
        drawn = has_bars(reading.findings, reading.overview.slowest.tolist(), self.size.width)
        aside = "own, bars on a square-root scale" if drawn else "own"
        return Heading("slowest so far" if live else "slowest", [Bit(aside, "quiet")])

    def items(self, reading: Reading) -> list[Item]:
        """A line for each."""
        return slowest_items(reading, self.size.width)

    def nothing(self, reading: Reading) -> str:
        """That there are no tests."""
        if reading.lens and len(reading.findings.tests):
            return "nothing matches the filter"
        return "no tests yet" if reading.followed else "no tests"

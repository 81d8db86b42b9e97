"""Panels of the overview that need room: where the time went, tests over time, earlier runs."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar
from weakref import ReferenceType, ref

from textual import events
from textual.message import Message

from tracetui import units
from tracetui.analysis.ledger.run_costs import RunCosts, run_costs
from tracetui.analysis.overview.durations import Stretch, stretches
from tracetui.analysis.study.findings import Findings
from tracetui.text import sanitize
from tracetui.ui.feed.latest_only import LatestOnly
from tracetui.ui.feed.reading import Door, Go, Reading
from tracetui.ui.lists.draw_panel import Bit, Heading, Item
from tracetui.ui.lists.panel import Panel, whole
from tracetui.ui.overview.draw_cost_items import cost_items
from tracetui.ui.overview.draw_duration_items import duration_items
from tracetui.ui.overview.draw_history_items import alike, history_items, titles
from tracetui.ui.overview.draw_time_chart import AIR, chart, counted, ended_at, most_at_once

_REST, LEAST_REST_S = 200.0, 2.0
"""What is behind sums and charts changes slowly: it gets a two-hundredth of the time (`LatestOnly`)."""

_MIGHT, _FEWEST = 6, 3
"""Lines for durations and for costs before they are known: for what grows there may be room later."""

Study = TypeVar("Study")


class Studies(Generic[Study]):
    """Results for `panels`, of which whichever is visible asks; those of the same findings are found once."""

    def __init__(self, panel: "StudiedPanel[Study]", study: Callable[[Findings], Study]) -> None:
        self.panels = [panel]
        self._study = study
        self._last: tuple[ReferenceType[Findings], Study] | None = None
        self._latest = LatestOnly(panel, self._found, self._take, _REST, LEAST_REST_S)

    def ask(self, reading: Reading) -> None:
        """Ask for those of a reading."""
        self._latest.ask(reading.findings, rested=reading.grows)

    def _found(self, findings: Findings) -> Study:
        if self._last is None or self._last[0]() is not findings:
            self._last = ref(findings), self._study(findings)
        return self._last[1]

    def _take(self, studied: Study) -> None:
        for panel in self.panels:
            panel.take(studied)


class StudiedPanel(Panel, Generic[Study]):
    """Base class of panels whose contents are computed away from the screen, while they are visible."""

    def __init__(self, study: Callable[[Findings], Study]) -> None:
        super().__init__()
        self.studied: Study | None = None
        self._made: Sequence[Item] | None = None
        self._made_for = self.size
        self._studies = Studies(self, study)

    def share(self, other: "StudiedPanel[Study]") -> None:
        """Show the results of another panel of the same screen, which take long."""
        self._studies = other._studies
        self._studies.panels.append(self)

    def watch_reading(self) -> None:
        """Update the numbers, soon."""
        super().watch_reading()
        self._ask()

    def on_show(self) -> None:
        """Compute what was not computed while hidden."""
        self._ask()

    def _ask(self) -> None:
        if self.reading is not None and self.display:
            self._studies.ask(self.reading)

    def items(self, reading: Reading) -> Sequence[Item]:  # noqa: ARG002
        """Those of the last result: they stay the same until there is another."""
        if self._made is None or self.size != self._made_for:
            self._made, self._made_for = self.made(), self.size
        return self._made

    @abstractmethod
    def made(self) -> list[Item]:
        """The items of what was `studied`."""

    class Studied(Message):
        """The result is there."""

    def take(self, studied: Study) -> None:
        """Show another result."""
        before, self.studied, self._made = self.wanted, studied, None
        self.post_message(self.Studied())
        self.freshen()
        if self.wanted != before:
            self.post_message(self.Fitted())


class SpentPanel(StudiedPanel[RunCosts]):
    """The run's ledger: where the time of all lanes went, and the names behind that."""

    def __init__(self) -> None:
        super().__init__(run_costs)

    @property
    def least(self) -> int:
        """How many lines it needs at least, or might; none without lanes."""
        if self.reading is None or not self.reading.findings.lanes.lanes:
            return 0
        return 1 + (_FEWEST if self.studied is None else len(self.studied.costs))

    @property
    def wanted(self) -> int:
        """How many lines would show everything."""
        return self.least + sum(map(len, self.studied.behind.values() if self.studied else ()))

    def heading(self, reading: Reading) -> Heading:
        """The title, with what shares are of."""
        return Heading("where the time went", [*whole(reading, "  "), Bit("of all lanes' time", "quiet")])

    def made(self) -> list[Item]:
        """Costs, and names behind them."""
        return cost_items(self.studied or RunCosts(), self.size.width, self.size.height - 1)

    def nothing(self, reading: Reading) -> str:  # noqa: ARG002
        """That there are no blocks."""
        return "nothing yet"


class DurationPanel(StudiedPanel[Sequence[Stretch]]):
    """How many tests take how long, and their share of the time of all tests."""

    def __init__(self) -> None:
        super().__init__(stretches)

    @property
    def wanted(self) -> int:
        """How many lines would show everything, or might."""
        return 1 + (_MIGHT if self.studied is None else len(self.studied))

    def heading(self, reading: Reading) -> Heading:
        """The title, with the meaning of the columns."""
        return Heading("how long tests take", [*whole(reading, "  "), Bit("tests, and their time", "quiet")])

    def made(self) -> list[Item]:
        """A line for each decade."""
        return duration_items(self.studied or (), self.size.width)

    def nothing(self, reading: Reading) -> str:  # noqa: ARG002
        """That no test has ended."""
        return "no test has ended yet"


class ChartPanel(Panel):
    """How many tests ended when; a click goes to that moment in Lanes."""

    def __init__(self) -> None:
        super().__init__()
        self._rates = ""

    def heading(self, reading: Reading) -> Heading:
        """The title, with the rate, and the value of the highest column."""
        return Heading("tests over time", [*whole(reading, "  "), Bit(self._rates, "quiet")])

    def items(self, reading: Reading) -> list[Item]:
        """One item of many lines."""
        width, height, progress = *self.size, reading.findings.progress
        if not progress.done or height < 3 or reading.findings.no_timeline:
            self._rates = ""
            return []
        ended = counted(reading, width)
        peak = most_at_once(reading, ended)
        self._rates = f"avg {units.rate(progress.average, peak)}, peak {units.rate(peak, progress.average)}"
        return [Item("chart", chart(reading, ended, width, height - 1), Door("lanes"))]

    def nothing(self, reading: Reading) -> str:
        """That no test has ended, or that nobody knows when."""
        return sanitize(reading.findings.no_timeline) or "no test has ended yet"

    async def _on_click(self, event: events.Click) -> None:
        if self.reading and event.y:
            window, cells = self.reading.axis(), max(1, self.size.width - AIR)
            moment = window.start_ns + window.length * (2 * (event.x - 2) + 1) // (2 * cells)
            self.post_message(Go(Door("lanes", ended_at(self.reading.findings, moment))))


class HistoryPanel(Panel):
    """This run among those of the same name; each leads to that run."""

    def __init__(self) -> None:
        super().__init__()
        self._numbers: Sequence[int] = ()

    @property
    def wanted(self) -> int:
        """How many lines would show everything; 0 without another run."""
        return 1 + len(self._numbers) if self._numbers else 0

    def watch_reading(self) -> None:
        """Update the runs."""
        self._numbers = alike(self.reading.findings) if self.reading else ()
        super().watch_reading()

    def heading(self, reading: Reading) -> Heading:  # noqa: ARG002
        """The title, with the meaning of the columns."""
        return Heading("runs with this name", [Bit(titles(self.size.width), "quiet")])

    def items(self, reading: Reading) -> list[Item]:
        """A line for each run."""
        return history_items(reading, self._numbers, self.size.width - 1)

    def nothing(self, reading: Reading) -> str:  # noqa: ARG002
        """That there is no other run."""
        return "no others"

"""The mode Run: a run at a glance, live or over; every line leads to where more is said."""

import time
from collections.abc import Sequence
from typing import NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.reactive import reactive

from tracetui.analysis.failures.decoding import Causes
from tracetui.ingest import Ingest
from tracetui.ui.advice.panel import HelpPanel
from tracetui.ui.feed.reading import Reading
from tracetui.ui.frame.blank import Blank
from tracetui.ui.frame.mode import ModeScreen
from tracetui.ui.lists.panel import Panel
from tracetui.ui.overview.panel_layout import Division, Wanted, divided, help_lines
from tracetui.ui.overview.run_more import ChartPanel, DurationPanel, HistoryPanel, SpentPanel, StudiedPanel
from tracetui.ui.overview.run_panels import FailedPanel, LanesPanel, NowPanel, SlowestPanel
from tracetui.ui.overview.time_spent import TimeSpent
from tracetui.ui.painting.kept_paint import KeptContainer

FRAMES_A_SECOND = 1
"""How often times go on by themselves, where no reading brings newer ones."""

_ALL = 999
_UPPER = (10, _ALL, 14)
"""What runs, what failed, and lanes get what they want, up to so many lines."""


class _Needs(NamedTuple):
    """Lines that panels want, and what else decides how many they get; `advice` is None where there is none.

    `spent` is without names, and with all.
    """

    run: tuple[int, str, bool]
    room: int
    gap: int
    upper: tuple[int, ...]
    spent: tuple[int, int]
    runs: int
    durations: int
    advice: int | None

    @property
    def is_under_way(self) -> bool:
        """Whether the run still grows, or what is read of it."""
        _number, state, is_loading = self.run
        return is_loading or state == "live"


class RunScreen(ModeScreen):
    """Two columns of panels, one on a narrow screen."""

    MODE = "run"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - as Textual declares it
    DEFAULT_CSS = """
    RunScreen #columns { height: 1fr; layout: vertical; }
    RunScreen .column { height: 1fr; }
    RunScreen.-wide #columns { layout: horizontal; }
    RunScreen.-wide .column { width: 1fr; height: 100%; }
    RunScreen.-wide #left { width: 6fr; margin-right: 1; }
    RunScreen.-wide #right { width: 5fr; }
    RunScreen.-wide .column Panel { margin-bottom: 1; }
    RunScreen.blank #columns, RunScreen.blank TimeSpent { display: none; }
    RunScreen Blank { display: none; }
    RunScreen.blank Blank { display: block; }
    """

    frame: reactive[Reading | None] = reactive(None, repaint=False)
    """What all panels show: the reading at one moment, so that a time that two of them tell is the same."""

    def __init__(self, title: str, ingest: Ingest) -> None:
        super().__init__(title, ingest)
        self._causes = Causes(ingest.span)
        self._now = NowPanel(self._causes)
        self._upper: Sequence[Panel] = (self._now, FailedPanel(self._causes), LanesPanel())
        self._spent, self._chart, self._runs = SpentPanel(), ChartPanel(), HistoryPanel()
        self._durations, self._advice, self._time_spent = DurationPanel(), HelpPanel(ingest), TimeSpent()
        self._time_spent.share(self._spent)
        self._columns, self._left = KeptContainer(id="columns"), KeptContainer(id="left", classes="column")
        self._divided: _Needs | None = None
        self._most = [0, 0, 0]
        self._most_spent = 0, 0
        self._drawn_at = 0.0

    def body(self) -> ComposeResult:
        """The widgets between tabs and footer."""
        yield Blank().data_bind(ModeScreen.reading)
        with self._columns:
            with self._left:
                for panel in (*self._upper[:2], self._spent, self._chart, self._runs, self._durations):
                    yield panel.data_bind(reading=RunScreen.frame)
            with KeptContainer(id="right", classes="column"):
                for panel in (self._upper[2], self._advice, SlowestPanel()):
                    yield panel.data_bind(reading=RunScreen.frame)
        yield self._time_spent.data_bind(reading=RunScreen.frame)

    @property
    def home(self) -> NowPanel:
        """The first panel."""
        return self._now

    def on_mount(self) -> None:
        """Focus the first panel; keep times growing."""
        self.add_class("blank")
        self.home.focus()
        self.set_interval(1 / FRAMES_A_SECOND, self._tick)

    def _tick(self) -> None:
        is_new = time.monotonic() - self._drawn_at < 1 / FRAMES_A_SECOND
        if self.reading and self.reading.grows and self.is_current and not is_new:
            self.frame = self.reading.at_once()
            self._divide()

    def watch_reading(self) -> None:
        """Divide the room again if the run has ended."""
        self.settled = self.reading
        self.frame = self.reading.at_once() if self.reading else None
        if self.reading is not None:
            self._drawn_at = time.monotonic()
            blank = not len(self.reading.findings.snapshot)
            if blank != self.has_class("blank"):
                self.set_class(blank, "blank")
                self.call_after_refresh(self._settle)
            self.call_later(self._divide)  # Once the panels have the reading too.

    def on_resize(self) -> None:
        """Divide the new room."""
        self._divide()

    @on(StudiedPanel.Studied)
    def _studied(self) -> None:
        """Give the visible ledger's result to the remarks."""
        spent = (self._time_spent if self._time_spent.display else self._spent).studied
        if spent is not None:
            self.home.take(spent)
            self._divide()

    @on(Panel.Fitted)
    def _fitted(self) -> None:
        self._divide()

    def _settle(self) -> None:
        if self.focused is None:
            self.home.focus()

    def _divide(self) -> None:
        """Give panels that show everything exactly that; those of a run under way only grow.

        What nothing has changed of stays as it is: this is asked with each reading.
        """
        if self.reading is None:
            return
        needs, before = self._needs(self.reading), self._divided
        if needs == before:
            return
        self._divided = needs
        most = max(3, needs.room * 2 // 3)
        limited = zip(needs.upper, _UPPER, strict=True)
        wanted, below = [min(lines, limit, most) for lines, limit in limited], needs.spent
        if before and needs.run == before.run and needs.is_under_way:
            wanted = [min(most, max(pair)) for pair in zip(wanted, self._most, strict=True)]
            below = max(below[0], self._most_spent[0]), max(below[1], self._most_spent[1])
        self._most, self._most_spent = wanted, below
        given = self._fill(needs, wanted[0] + wanted[1])
        # A height that is set to another, or to none, lays out the screen: each is set once.
        heights = wanted[0], wanted[1] if given.spent else "1fr", wanted[2]
        for panel, height in zip(self._upper, heights, strict=True):
            panel.styles.height = height
        self._help(needs, needs.room - wanted[2])

    def _needs(self, reading: Reading) -> _Needs:
        """What a division depends on, besides what was wanted before."""
        findings, is_loading = reading.findings, reading.busy and not reading.grows
        return _Needs(
            # Names that stood in a part of a recording may not be among those of the whole.
            run=(int(findings.runs.number(findings.choice)), findings.summary.state, is_loading),
            room=max(4, self._room),
            gap=int(self.has_class("-wide")),
            upper=tuple(panel.wanted for panel in self._upper),
            spent=(self._spent.least, self._spent.wanted),
            runs=self._runs.wanted,
            durations=self._durations.wanted,
            advice=self._advice.wanted if self._advice.is_for(findings) else None,
        )

    def _help(self, needs: _Needs, room: int) -> None:
        """Place *What would help* between lanes and the slowest tests, if there is room for it."""
        gap = needs.gap
        lines = 0 if needs.advice is None else help_lines(room - gap, needs.advice, gap)
        self._advice.display = bool(lines)
        self._advice.styles.height = lines

    @property
    def _room(self) -> int:
        """The lines of a column, without those that may be below."""
        spent = self._time_spent
        height = self._columns.size.height + (spent.size.height if spent.display else 0)
        return height // (1 if self.has_class("-wide") else 2)

    def _fill(self, needs: _Needs, above: int) -> Division:
        """Fill the left column below its first panels with others, or else with two lines."""
        gap = needs.gap
        wanted = Wanted(above + 2 * gap, *self._most_spent, needs.runs, needs.durations)
        given = divided(needs.room, wanted, gap)
        panels: tuple[Panel, ...] = (self._spent, self._chart, self._runs, self._durations)
        for panel, height in zip(panels, given, strict=True):
            panel.display = bool(height)
            panel.styles.height = height
        self._time_spent.display = not given.spent
        self._left.styles.height = "1fr" if gap or given.spent else min(needs.room, above)
        return given

"""The mode Run: a run at a glance, live or over; every line leads to where more is said."""

import time

from textual import on
from textual.app import ComposeResult
from textual.containers import Container

from tracetui.analysis.failures.decoding import Causes
from tracetui.analysis.study.findings import Findings
from tracetui.ingest import Ingest
from tracetui.ui.advice.panel import HelpPanel
from tracetui.ui.frame.blank import Blank
from tracetui.ui.frame.mode import ModeScreen
from tracetui.ui.lists.panel import Panel
from tracetui.ui.overview.panel_layout import Division, Wanted, divided, help_lines
from tracetui.ui.overview.run_more import ChartPanel, DurationPanel, HistoryPanel, SpentPanel, StudiedPanel
from tracetui.ui.overview.run_panels import FailedPanel, LanesPanel, NowPanel, SlowestPanel
from tracetui.ui.overview.time_spent import TimeSpent

FRAMES_A_SECOND = 1
"""How often times go on by themselves, where no reading brings newer ones."""
_WHOLE_FRAMES = 2
"""Every so many of these frames all panels go on; in between only what runs now."""

_ALL = 999
_UPPER: dict[type[Panel], int] = {NowPanel: 10, FailedPanel: _ALL, LanesPanel: 14}
"""Panels that get what they want, up to so many lines."""


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

    def __init__(self, title: str, ingest: Ingest) -> None:
        super().__init__(title, ingest)
        self._causes = Causes(ingest.span)
        self._divided: tuple[int, str] = (-1, "")
        self._most = [0, 0, 0]
        self._most_spent = 0, 0
        self._drawn_at = 0.0
        self._frame = 0

    def body(self) -> ComposeResult:
        """The widgets between tabs and footer."""
        yield Blank().data_bind(ModeScreen.reading)
        with Container(id="columns"):
            with Container(id="left", classes="column"):
                yield NowPanel(self._causes).data_bind(ModeScreen.reading)
                yield FailedPanel(self._causes).data_bind(ModeScreen.reading)
                for kind in (SpentPanel, ChartPanel, HistoryPanel, DurationPanel):
                    yield kind().data_bind(ModeScreen.reading)
            with Container(id="right", classes="column"):
                yield LanesPanel().data_bind(ModeScreen.reading)
                yield HelpPanel(self._ingest).data_bind(ModeScreen.reading)
                yield SlowestPanel().data_bind(ModeScreen.reading)
        yield TimeSpent().data_bind(ModeScreen.reading)

    @property
    def home(self) -> NowPanel:
        """The first panel."""
        return self.query_one(NowPanel)

    def on_mount(self) -> None:
        """Focus the first panel; keep times growing."""
        self.add_class("blank")
        self.home.focus()
        self.set_interval(1 / FRAMES_A_SECOND, self._tick)

    def _tick(self) -> None:
        is_new = time.monotonic() - self._drawn_at < 1 / FRAMES_A_SECOND
        if not (self.reading and self.reading.grows and self.is_current) or is_new:
            return
        self._frame += 1
        if self._frame % _WHOLE_FRAMES:
            self.home.freshen()
        else:
            for panel in self.query(".panel"):
                if isinstance(panel, Panel):
                    panel.freshen()
        self._divide()

    def watch_reading(self) -> None:
        """Divide the room again if the run has ended."""
        self.settled = self.reading
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
        spent = self.query_one(TimeSpent if self.query_one(TimeSpent).display else SpentPanel).studied
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
        """Give panels that show everything exactly that; they shrink only with another run, or its end."""
        if self.reading is None:
            return
        findings = self.reading.findings
        run = int(findings.runs.number(findings.choice)), findings.summary.state
        upper = [self.query_one(kind) for kind in _UPPER]
        room = max(4, self._room)
        most = max(3, room * 2 // 3)
        wanted = [min(panel.wanted, limit, most) for panel, limit in zip(upper, _UPPER.values(), strict=True)]
        spent = self.query_one(SpentPanel)
        below = spent.least, spent.wanted
        if run == self._divided:
            wanted = [min(most, max(pair)) for pair in zip(wanted, self._most, strict=True)]
            below = max(below[0], self._most_spent[0]), max(below[1], self._most_spent[1])
        self._divided, self._most, self._most_spent = run, wanted, below
        given = self._fill(room, wanted[0] + wanted[1])
        # A height that is set to another, or to none, lays out the screen: each is set once.
        heights = wanted[0], wanted[1] if given.spent else "1fr", wanted[2]
        for panel, height in zip(upper, heights, strict=True):
            panel.styles.height = height
        self._help(findings, room - wanted[2])

    def _help(self, findings: Findings, room: int) -> None:
        """Place *What would help* between lanes and the slowest tests, if there is room for it."""
        panel, gap = self.query_one(HelpPanel), int(self.has_class("-wide"))
        lines = help_lines(room - gap, panel.wanted, gap) if panel.is_for(findings) else 0
        panel.display = bool(lines)
        panel.styles.height = lines

    @property
    def _room(self) -> int:
        """The lines of a column, without those that may be below."""
        spent, columns = self.query_one(TimeSpent), self.query_one("#columns")
        height = columns.size.height + (spent.size.height if spent.display else 0)
        return height // (1 if self.has_class("-wide") else 2)

    def _fill(self, room: int, above: int) -> Division:
        """Fill the left column below its first panels with others, or else with two lines."""
        spent, runs = self.query_one(SpentPanel), self.query_one(HistoryPanel)
        durations, gap = self.query_one(DurationPanel), int(self.has_class("-wide"))
        wanted = Wanted(above + 2 * gap, *self._most_spent, runs.wanted, durations.wanted)
        given = divided(room, wanted, gap)
        panels: tuple[Panel, ...] = (spent, self.query_one(ChartPanel), runs, durations)
        for panel, height in zip(panels, given, strict=True):
            panel.display = bool(height)
            panel.styles.height = height
        self.query_one(TimeSpent).display = not given.spent
        self.query_one("#left").styles.height = "1fr" if gap or given.spent else min(room, above)
        return given

"""The mode Compare: the shown run against the one before it, or another."""

import numpy as np
from textual import on
from textual.app import ComposeResult
from textual.reactive import reactive

from tracetui.analysis.compare.comparison import Row
from tracetui.analysis.runs.runs import NEWEST
from tracetui.ui.compare.draw_compare_row import summary_content, told_content
from tracetui.ui.compare.rows import CompareRows, CompareTitles
from tracetui.ui.dialogs.push_modal import push_modal
from tracetui.ui.dialogs.runs_screen import RunsScreen
from tracetui.ui.feed.reading import Door, Go
from tracetui.ui.frame.mode import ModeScreen
from tracetui.ui.keys.deciding_keys import COMPARE
from tracetui.ui.keys.key import bindings
from tracetui.ui.painting.auto_height_text import Told

MARGIN = 4
LOW = 30
"""On fewer lines only the first remark has room."""


class CompareScreen(ModeScreen):
    """The verdict above, tests below it by what they add, and one of them in full."""

    MODE = "compare"
    BINDINGS = bindings(COMPARE)
    DEFAULT_CSS = """
    CompareScreen #summary { height: auto; max-height: 8; padding: 0 2 1 2; }
    CompareScreen #told {
        height: auto; min-height: 3; max-height: 5; padding: 0 2; background: $surface;
        border-top: solid $panel;
    }
    """

    base: reactive[int | None] = reactive(None, repaint=False)
    """The run to compare with (see `Findings.choice`); None for the one before."""
    shows_all: reactive[bool] = reactive(default=False, repaint=False)

    def body(self) -> ComposeResult:
        """The widgets between tabs and footer."""
        yield Told(id="summary")
        yield CompareTitles()
        yield CompareRows().data_bind(ModeScreen.reading, CompareScreen.base, CompareScreen.shows_all)
        yield Told(id="told")

    def on_mount(self) -> None:
        """Focus the list."""
        self._list.focus()

    def on_resize(self) -> None:
        """Fit what is told of the row too."""
        super().on_resize()
        self._list.highlighted()

    @property
    def _list(self) -> CompareRows:
        return self.query_one(CompareRows)

    def enter(self, door: Door) -> None:
        """Enter with a run to compare with, or at a row."""
        if door.base is not None:
            self.base = door.base
        super().enter(door)

    @on(CompareRows.Arranged)
    def _arranged(self, message: CompareRows.Arranged) -> None:
        self.query_one(CompareTitles).shown = message.shown
        if message.comparison is not None:
            is_low = self.size.height < LOW
            content = summary_content(message.comparison, self.size.width - MARGIN, brief=is_low)
            self.query_one("#summary", Told).put(content)

    @on(CompareRows.Chosen)
    def _chosen(self, message: CompareRows.Chosen) -> None:
        if message.comparison is not None:
            content = told_content(message.comparison, message.row, self.size.width - MARGIN)
            self.query_one("#told", Told).put(content)

    def action_toggle_all(self) -> None:
        """Show all rows, or only what stands out."""
        self.shows_all = not self.shows_all

    async def action_choose_base(self) -> None:
        """Choose the run to compare with."""
        picker = RunsScreen(NEWEST if self.base is None else self.base, "compare with")
        await push_modal(self.app, picker, self._take_base)
        picker.newest = picker.reading = self.reading

    def _take_base(self, choice: int | None) -> None:
        if choice is not None:
            self.base = choice

    def action_choose(self) -> None:
        """Show the test in the waterfall; if it is gone, in the run that had it."""
        row, comparison = self._list.row, self._list.comparison
        if row is None or comparison is None:
            return
        for heads, is_shown in ((comparison.new, True), (comparison.base, False)):
            for head in reversed(heads):
                if (place := self._place(row, head.key)) >= 0:
                    self.post_message(Go(Door("waterfall", place, choice=None if is_shown else head.key)))
                    return
        self.notify("There is no span of it: its time was worked out from gaps.", markup=False)

    def _place(self, row: Row, choice: int) -> int:
        """The longest span of a row's subject in a run; -1 if there is none."""
        if self.reading is None:
            return -1
        findings = self.reading.findings
        snapshot, within = findings.snapshot, findings.runs.mask(choice)
        names = np.array([text == row.subject.name for text in snapshot.texts], np.bool_)
        meant = names[snapshot.title_id] & (snapshot.role == row.subject.role)
        rows = np.flatnonzero(meant if within is None else meant & within)
        return int(rows[np.argmax(findings.times.own[rows])]) if len(rows) else -1

"""The mode History: what became slower or faster over all runs, and each test run by run."""

import numpy as np
from textual import on
from textual.app import ComposeResult
from textual.reactive import reactive

from tracetui.ui.feed.reading import Door, Go
from tracetui.ui.frame.mode import ModeScreen
from tracetui.ui.history.draw_history_row import SORTS, summary_content, told_content
from tracetui.ui.history.point_rows import PointRows
from tracetui.ui.history.rows import Order, TrendRows, TrendTitles
from tracetui.ui.keys.deciding_keys import HISTORY
from tracetui.ui.keys.key import bindings
from tracetui.ui.lists.row_list import RowList
from tracetui.ui.painting.auto_height_text import Told

BY = ("test", "fixture", "hook", "file")
MARGIN = 4
LOW = 30
"""On fewer lines the figures are not explained."""


class HistoryScreen(ModeScreen):
    """The verdict above, tests below it with a cell for each run, and one of them in full.

    One test run by run takes the place of all tests, until the user goes back.
    """

    MODE = "history"
    BINDINGS = bindings(HISTORY)
    DEFAULT_CSS = """
    HistoryScreen #summary { height: auto; max-height: 5; padding: 0 2 1 2; }
    HistoryScreen #told {
        height: auto; min-height: 2; max-height: 6; padding: 0 2; background: $surface;
        border-top: solid $panel;
    }
    HistoryScreen PointRows { display: none; }
    HistoryScreen.one PointRows { display: block; }
    HistoryScreen.one TrendRows, HistoryScreen.one TrendTitles { display: none; }
    """

    order: reactive[Order] = reactive(Order("test", SORTS[0]))

    def body(self) -> ComposeResult:
        """The widgets between tabs and footer."""
        yield Told(id="summary")
        yield TrendTitles()
        yield TrendRows().data_bind(ModeScreen.reading, HistoryScreen.order)
        yield PointRows()
        yield Told(id="told")

    def on_mount(self) -> None:
        """Focus the list."""
        self._trends.focus()

    def on_resize(self) -> None:
        """Fit what is told of the test too."""
        super().on_resize()
        self._trends.highlighted()

    @property
    def _trends(self) -> TrendRows:
        return self.query_one(TrendRows)

    @property
    def _points(self) -> PointRows:
        return self.query_one(PointRows)

    @property
    def rows(self) -> RowList:
        """All tests, or the runs of one."""
        return self._points if self.has_class("one") else self._trends

    @on(TrendRows.Arranged)
    def _arranged(self, message: TrendRows.Arranged) -> None:
        self.query_one(TrendTitles).shown = (message.history, message.shown, self.order.sorted_by)
        is_low = self.size.height < LOW
        content = summary_content(message.history, self.size.width - MARGIN, brief=is_low)
        self.query_one("#summary", Told).put(content)

    @on(TrendRows.Chosen)
    def _chosen(self, message: TrendRows.Chosen) -> None:
        if not self.has_class("one"):
            content = told_content(message.history, message.trend, self.size.width - MARGIN)
            self.query_one("#told", Told).put(content)

    def action_choose(self) -> None:
        """Show the runs of a test; for one of these, the run itself."""
        value, trend = self._trends.history, self._trends.trend
        if self.has_class("one"):
            self._go_to_run()
        elif value is not None and trend is not None:
            self.add_class("one")
            self._points.tell(value, trend)
            self._points.focus()

    def _go_to_run(self) -> None:
        """Show the run under the cursor in the waterfall, at the test."""
        trend, point = self._points.trend, self._points.point
        if self.reading is None or trend is None or point is None:
            return
        snapshot, runs = self.reading.findings.snapshot, self.reading.findings.runs
        of_run = runs.of == runs.number(point.head.key)
        names = np.array([text == trend.name for text in snapshot.texts], np.bool_)
        rows = np.flatnonzero(of_run & names[snapshot.title_id])
        row = int(rows[-1]) if len(rows) else -1
        self.post_message(Go(Door("waterfall", row=row, choice=point.head.key)))

    def action_back(self) -> None:
        """Show all tests again."""
        if self.has_class("one"):
            self.remove_class("one")
            self._trends.focus()

    def action_sort(self) -> None:
        """Change the sort order."""
        place = SORTS.index(self.order.sorted_by) + 1
        self.order = self.order._replace(sorted_by=SORTS[place % len(SORTS)])

    def action_by(self, step: int) -> None:
        """Follow the next subject: tests, files, hooks or fixtures."""
        self.action_back()
        self.order = self.order._replace(by=BY[(BY.index(self.order.by) + step) % len(BY)])

    def action_branch(self) -> None:
        """Follow only the next branch; after the last all of them."""
        if (value := self._trends.history) is not None:
            self.action_back()
            known = ("", *value.branches)
            place = known.index(value.branch) + 1 if value.branch in known else 0
            self.order = self.order._replace(branch=known[place % len(known)])

    def let_go(self) -> None:
        """Go back to all tests: the runs of one are gone with their reading."""
        super().let_go()
        self.remove_class("one")

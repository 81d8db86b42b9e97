"""Tests over all runs, with a cursor; computed away from the screen's thread."""

from collections.abc import Sequence
from typing import NamedTuple

from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from tracetui.analysis.history.change_points import Trend
from tracetui.analysis.history.over_runs import HistoryValue, value
from tracetui.analysis.history.run_records import records
from tracetui.text import Safe
from tracetui.ui.feed.latest_only import LatestOnly
from tracetui.ui.feed.reading import Reading
from tracetui.ui.history.draw_history_row import (
    Extent,
    Layout,
    extent,
    layout,
    titles_row,
    trend_row,
)
from tracetui.ui.lists.row_list import RowList
from tracetui.ui.painting.kept_lines import KeptLines
from tracetui.ui.theme.themes import Paint


class Order(NamedTuple):
    """What is followed over the runs, and the sort order."""

    by: str
    sorted_by: str
    branch: str = ""

    @property
    def followed(self) -> tuple[str, str]:
        """The part that needs a new computation when it changes: what is followed, and on which branch."""
        return self.by, self.branch


class Question(NamedTuple):
    """What is asked."""

    reading: Reading
    order: Order


class Answer(NamedTuple):
    """What there is to tell, and what its rows need."""

    history: HistoryValue
    needed: Extent
    question: Question


class TrendTitles(KeptLines):
    """The titles of the columns."""

    DEFAULT_CSS = "TrendTitles { height: 1; background: $surface; }"

    shown: reactive[tuple[HistoryValue | None, Layout, str] | None] = reactive(None)

    def render_line(self, y: int) -> Strip:
        """The only line."""
        if y or self.shown is None:
            return Strip.blank(self.size.width, self.rich_style)
        history, made, sorted_by = self.shown
        paint = Paint(self.app.theme_variables)
        return titles_row(history, made, sorted_by, paint).adjust_cell_length(
            self.size.width, paint.style("quiet", "surface")
        )


class TrendRows(RowList):
    """Rows of the runs in `reading`, in an order. The cursor stays on its name.

    Only finished runs count: while none is added, newer readings change nothing and cost nothing.
    """

    DEFAULT_CSS = "TrendRows { height: 1fr; min-height: 3; }"

    reading: reactive[Reading | None] = reactive(None, init=False, repaint=False)
    order: reactive[Order] = reactive(Order("test", "change"), init=False)

    class Arranged(Message):
        """Rows or width have changed."""

        def __init__(self, history: HistoryValue | None, shown: Layout) -> None:
            super().__init__()
            self.history = history
            self.shown = shown

    class Chosen(Message):
        """The cursor moved to another row, or there is none."""

        def __init__(self, history: HistoryValue | None, trend: Trend | None) -> None:
            super().__init__()
            self.history = history
            self.trend = trend

    def __init__(self) -> None:
        super().__init__()
        self._latest = LatestOnly[Question, Answer](self, _answer, self._take)
        self._history: HistoryValue | None = None
        self._rows: list[Trend] = []
        self._runs: object = None
        self._paint = Paint({})
        self._extent = Extent()
        self._layout = layout(self._extent, 0)

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    @property
    def trend(self) -> Trend | None:
        """The row under the cursor."""
        return self.under(self._rows)

    @property
    def history(self) -> HistoryValue | None:
        """The value that the rows are of."""
        return self._history

    def watch_reading(self, reading: Reading | None) -> None:
        """Compute again if more runs have finished."""
        if reading is None:
            return
        if self._history is not None and self._runs == _over(reading):
            self.post_message(self.Settled(reading))
        else:
            self._latest.ask(Question(reading, self.order), rested=self._history is not None)

    def watch_order(self, before: Order, order: Order) -> None:
        """Sort at once; compute again if something else is followed."""
        if self._history is not None and before.followed == order.followed:
            self._lay_out(to_top=True)
        elif self.reading is not None:
            self._latest.ask(Question(self.reading, order))

    def _take(self, answer: Answer) -> None:
        history, needed, question = answer
        if question.order.followed != self.order.followed or self.reading is None:
            return
        is_other = (
            self._history is None or (self._history.by, self._history.branch) != question.order.followed
        )
        self._history, self._extent, self._runs = history, needed, _over(question.reading)
        self._lay_out(to_top=is_other)
        self.post_message(self.Settled(question.reading))

    def _lay_out(self, *, to_top: bool) -> None:
        """Lay out the rows; the cursor stays on its name, unless the order changed."""
        before = self.trend
        rows = list(self._history.rows) if self._history else []
        self._rows = sorted(rows, key=_KEYS[self.order.sorted_by]) if self.order.sorted_by in _KEYS else rows
        place = 0
        if before is not None and not to_top:
            same = (at for at, trend in enumerate(self._rows) if trend.name == before.name)
            place = next(same, self.cursor)
        self.anchored(place, 0 if to_top else self.top)
        self.highlighted()

    def labels(self) -> Sequence[str]:
        """The names, in this order."""
        return [trend.name for trend in self._rows]

    def reframe(self) -> None:
        """The colours and the columns."""
        self._paint = Paint(self.app.theme_variables)
        self._layout = layout(self._extent, self.room)
        self.post_message(self.Arranged(self._history, self._layout))

    def draw(self, index: int, *, selected: bool) -> Strip:
        """One row."""
        return trend_row(self._rows[index], self._layout, self._paint, selected=selected)

    def empty(self) -> list[Safe]:
        """Why there are no rows."""
        if self._history is None:
            return [Safe("holding the runs against each other …")]
        if not self._history.runs:
            return [Safe("No run is over yet: there is nothing to hold against each other.")]
        return [Safe(f"No {self.order.by} in these runs; b follows something else.")]

    def highlighted(self) -> None:
        """Post which row the cursor is on."""
        self.post_message(self.Chosen(self._history, self.trend))

    def clicked(self, index: int, x: int) -> None:
        """Nothing: a click only moves the cursor."""

    def let_go(self) -> None:
        """Drop the rows; they are computed again."""
        self._history, self._runs, self._rows = None, None, []


_KEYS = {
    "last": lambda trend: (-trend.last_ns, trend.name),
    "name": lambda trend: trend.name,
}
"""Orders other than that of the value itself: what changed a run most first."""


def _answer(question: Question) -> Answer:
    by, branch = question.order.followed
    answer_value = value(records(question.reading.findings), by, "", branch)
    return Answer(answer_value, extent(answer_value), question)


def _over(reading: Reading) -> object:
    """A value that identifies the finished runs of a reading."""
    jobs = reading.findings.runs.jobs
    return reading.renewals, jobs.row[~jobs.live].tobytes(), jobs.spans[~jobs.live].tobytes()

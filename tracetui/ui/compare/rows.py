"""The tests of a comparison, with a cursor; computed away from the screen's thread."""

from collections.abc import Sequence
from typing import NamedTuple

from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from tracetui.analysis.compare.comparison import Comparison, Row, compare
from tracetui.analysis.compare.earlier import of_one
from tracetui.text import Safe
from tracetui.ui.compare.draw_compare_row import STANDS_OUT, Layout, compare_row, layout, titles_row
from tracetui.ui.feed.latest_only import LatestOnly
from tracetui.ui.feed.reading import Reading
from tracetui.ui.lists.row_list import RowList
from tracetui.ui.painting.kept_lines import KeptLines
from tracetui.ui.theme.themes import Paint


class Question(NamedTuple):
    """A comparison to make: the shown run against a base, None for the run before it."""

    reading: Reading
    base: int | None


class Answer(NamedTuple):
    """The comparison; None if there is nothing to compare with."""

    comparison: Comparison | None
    question: Question


class CompareTitles(KeptLines):
    """The titles of the columns."""

    DEFAULT_CSS = "CompareTitles { height: 1; background: $surface; }"

    shown: reactive[Layout | None] = reactive(None)

    def render_line(self, y: int) -> Strip:
        """The only line."""
        if y or self.shown is None:
            return Strip.blank(self.size.width, self.rich_style)
        paint = Paint(self.app.theme_variables)
        return titles_row(self.shown, paint).adjust_cell_length(
            self.size.width, paint.style("quiet", "surface")
        )


class CompareRows(RowList):
    """Rows of the run in `reading` against `base`: what stands out, or all. The cursor stays on its name."""

    DEFAULT_CSS = "CompareRows { height: 1fr; min-height: 3; }"

    reading: reactive[Reading | None] = reactive(None, init=False, repaint=False)
    base: reactive[int | None] = reactive(None, init=False, repaint=False)
    shows_all: reactive[bool] = reactive(default=False, init=False, repaint=False)

    class Arranged(Message):
        """Rows or width have changed."""

        def __init__(self, comparison: Comparison | None, shown: Layout) -> None:
            super().__init__()
            self.comparison = comparison
            self.shown = shown

    class Chosen(Message):
        """The cursor moved to another row, or there is none."""

        def __init__(self, comparison: Comparison | None, row: Row | None) -> None:
            super().__init__()
            self.comparison = comparison
            self.row = row

    def __init__(self) -> None:
        super().__init__()
        self._latest = LatestOnly[Question, Answer](self, _answer, self._take)
        self._comparison: Comparison | None = None
        self._rows: list[Row] = []
        self._of: object = None
        self._paint = Paint({})
        self._layout = layout([], 0)

    @property
    def count(self) -> int:
        """The number of rows."""
        return len(self._rows)

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        return self.under(self._rows)

    @property
    def comparison(self) -> Comparison | None:
        """The comparison that the rows are of."""
        return self._comparison

    def watch_reading(self, reading: Reading | None) -> None:
        """Compare again if the run has changed."""
        if reading is None:
            return
        if self._of == _what(reading, self.base):
            self.post_message(self.Settled(reading))
        else:
            self._latest.ask(Question(reading, self.base), rested=self._of is not None)

    def watch_base(self, base: int | None) -> None:
        """Compare with another run."""
        if self.reading is not None:
            self._latest.ask(Question(self.reading, base))

    def watch_shows_all(self) -> None:
        """Show more rows, or fewer."""
        self._lay_out()

    def _take(self, answer: Answer) -> None:
        if answer.question.base != self.base or self.reading is None:
            return
        self._comparison, self._of = answer.comparison, _what(*answer.question)
        self._lay_out()
        self.post_message(self.Settled(answer.question.reading))

    def _lay_out(self) -> None:
        """Lay out the rows; the cursor stays on its name."""
        before = self.row
        rows = self._comparison.rows if self._comparison else ()
        self._rows = [row for row in rows if self.shows_all or row.verdict in STANDS_OUT]
        same = (at for at, row in enumerate(self._rows) if before and row.subject == before.subject)
        self.anchored(next(same, 0), self.top)
        self.highlighted()

    def labels(self) -> Sequence[str]:
        """The names, in this order."""
        return [row.subject.name for row in self._rows]

    def reframe(self) -> None:
        """Update colours and columns."""
        self._paint = Paint(self.app.theme_variables)
        self._layout = layout(self._rows, self.room)
        self.post_message(self.Arranged(self._comparison, self._layout))

    def draw(self, index: int, *, selected: bool) -> Strip:
        """One row."""
        return compare_row(self._rows[index], self._layout, self._paint, selected=selected)

    def empty(self) -> list[Safe]:
        """Why there are no rows."""
        if self._of is None:
            return [Safe("comparing …")]
        if self._comparison is None:
            return [
                Safe("There is no earlier run of this name to compare with."),
                Safe("c chooses another run; tracetui compare BASE -- NEW compares recordings."),
            ]
        if not self._comparison.rows:
            return [Safe("No tests, hooks or fixtures here.")]
        return [Safe(f"Nothing stands out; v shows all {len(self._comparison.rows)} rows.")]

    def highlighted(self) -> None:
        """Post which row the cursor is on."""
        self.post_message(self.Chosen(self._comparison, self.row))

    def clicked(self, index: int, x: int) -> None:
        """Nothing: a click only moves the cursor."""

    def let_go(self) -> None:
        """Drop the rows; they are computed again."""
        self._comparison, self._of, self._rows = None, None, []


def _answer(question: Question) -> Answer:
    pair = of_one(question.reading.findings, question.base)
    return Answer(compare(*pair) if pair else None, question)


def _what(reading: Reading, base: int | None) -> object:
    """What identifies a question: the run, how far it is, and the base."""
    findings = reading.findings
    summary = findings.summary
    return reading.renewals, findings.choice, summary.start_ns, summary.spans, summary.state, base

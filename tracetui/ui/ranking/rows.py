"""The ranking: what costs most, sortable by each column, filtered by names."""

from collections.abc import Sequence
from typing import NamedTuple

from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip

from tracetui.analysis.ranking.ranking import Rank, Ranking
from tracetui.analysis.ranking.ranking_growth import RankingGrowth
from tracetui.analysis.ranking.ranking_order import By
from tracetui.text import Safe
from tracetui.ui.chance.known_flaky import FlakyTests, KnownFlaky
from tracetui.ui.feed.latest_only import LatestOnly
from tracetui.ui.feed.reading import Reading
from tracetui.ui.lists.row_list import RowList
from tracetui.ui.painting.kept_lines import KeptLines
from tracetui.ui.ranking.draw_rank_row import Layout, column_at, layout, rank_row, titles_row
from tracetui.ui.theme.themes import Paint


class Question(NamedTuple):
    """What to rank, in which order; and the name under the cursor by now, which is looked for then."""

    reading: Reading
    order: "Order"
    name: str


class RankTitles(KeptLines):
    """The titles of the columns; a click sorts."""

    DEFAULT_CSS = "RankTitles { height: 1; background: $surface; }"

    class Sort(Message):
        """The user wants another order."""

        def __init__(self, field: str) -> None:
            super().__init__()
            self.field = field

    shown: reactive[Layout | None] = reactive(None)

    def render_line(self, y: int) -> Strip:
        """The only line."""
        if y or self.shown is None:
            return Strip.blank(self.size.width, self.rich_style)
        paint = Paint(self.app.theme_variables)
        return titles_row(self.shown, paint).adjust_cell_length(
            self.size.width, paint.style("quiet", "surface")
        )

    async def on_click(self, event: events.Click) -> None:
        """Sort by the clicked column."""
        if self.shown:
            self.post_message(self.Sort(column_at(event.x, self.shown)))


class Order(NamedTuple):
    """What is ranked, in which order, and the text that names must contain."""

    by: str
    sorted_by: str
    descending: bool
    narrow: str


class Standing(NamedTuple):
    """The name (foreign) under the cursor, empty at the top, and its visible line."""

    name: str
    line: int


class Slowest(RowList):
    """Ranks of `reading` in an order. The cursor stays on its name while numbers change.

    Ranking, sorting and filtering happen away from the screen's thread.
    """

    reading: reactive[Reading | None] = reactive(None, init=False, repaint=False)
    order: reactive[Order | None] = reactive(None, init=False)

    class Arranged(Message):
        """Columns or the number of rows have changed: titles and counts must agree with them."""

        def __init__(self, shown: Layout, rows: int, hidden: int) -> None:
            super().__init__()
            self.shown = shown
            self.rows = rows
            self.hidden = hidden

    def __init__(self) -> None:
        super().__init__()
        self._latest = LatestOnly[Question, tuple[Ranking, Question]](self, self._ranked, self._take)
        self._ranking: Ranking | None = None
        self._of: Order | None = None
        self._growth = RankingGrowth()
        self._paint = Paint({})
        self._layout: Layout | None = None
        self._wanted: str | None = None
        self._left: Standing | None = None
        self._known = KnownFlaky(self, self._mark)
        self._flaky: FlakyTests = {}

    @property
    def count(self) -> int:
        """How many ranks there are."""
        return len(self._ranking) if self._ranking else 0

    @property
    def rank(self) -> Rank | None:
        """The rank under the cursor."""
        return self._ranking[self.cursor] if self._ranking and self.cursor < self.count else None

    @property
    def fields(self) -> tuple[str, ...]:
        """The sortable fields, from left to right."""
        return self._layout.fields if self._layout else ("name",)

    def watch_reading(self) -> None:
        """Update the numbers."""
        self._ask(rested=True)
        if self.reading is not None:
            self._known.ask(self.reading)

    def watch_order(self) -> None:
        """Rank in another order; the cursor starts at the top."""
        self._ask(rested=False)

    def _mark(self, flaky: FlakyTests) -> None:
        self._flaky = flaky
        self.changed()

    def _ask(self, *, rested: bool) -> None:
        if self.reading is not None and self.order is not None:
            name, _ = self._left or self._standing()
            self._latest.ask(Question(self.reading, self.order, name), rested=rested)

    def _ranked(self, question: Question) -> tuple[Ranking, Question]:
        reading, order, name = question
        by = By(order.sorted_by, order.descending)
        ranking = reading.findings.rank(order.by, reading.meant, by, self._growth).narrowed(order.narrow)
        ranking.work_out(name)
        return ranking, question

    def _take(self, answer: tuple[Ranking, Question]) -> None:
        """Take a ranking, if it is still wanted; a cursor below the top keeps its line."""
        ranking, (reading, order, _) = answer
        if order != self.order or self.reading is None:
            return
        name, line = (self._left or self._standing()) if order == self._of else ("", 0)
        self._ranking, self._of, self._left = ranking, order, None
        place = ranking.place(name) if name else 0
        self.anchored(place, max(0, place - line))
        if self._wanted is not None:
            self.show(self._wanted)
        self.post_message(self.Settled(reading))

    def _standing(self) -> Standing:
        return Standing(self.rank.name if self.rank and self.cursor else "", self.cursor - self.top)

    def let_go(self) -> None:
        """Keep only the name under the cursor."""
        if self._ranking:
            self._left = self._standing()
        self._ranking = self._last = None
        self._growth = RankingGrowth()  # The columns that it ranked would stay, and not be written to again.

    def show(self, name: str) -> None:
        """Go to the rank of a name, as soon as there is one."""
        self._wanted = name
        if self._ranking and self.count and self._of == self.order:
            place = self._ranking.place(name)
            if self._ranking[place].name == name:
                self._wanted = None
                self.reveal(place)

    def labels(self) -> Sequence[str]:
        """The names, in this order."""
        ranking = self._ranking
        return [ranking.names.texts[group] for group in ranking.order.tolist()] if ranking else ()

    def reframe(self) -> None:
        """The colours and the columns."""
        self._paint = Paint(self.app.theme_variables)
        if self.order is not None:
            by, sorted_by, descending, _ = self.order
            self._layout = layout(self._ranking, by, sorted_by, descending, self.room)
            hidden = self._ranking.hidden if self._ranking else 0
            self.post_message(self.Arranged(self._layout, self.count, hidden))

    def draw(self, index: int, *, selected: bool) -> Strip:
        """One row."""
        if self._ranking is None or self._layout is None:
            return Strip.blank(self.room)
        rank = self._ranking[index]
        is_flaky = self._layout.by == "test" and rank.name in self._flaky
        return rank_row(rank, self._layout, self._paint, selected=selected, is_flaky=is_flaky)

    def empty(self) -> list[Safe]:
        """Why there are no rows."""
        if self._ranking is None or self._of is None:
            return []
        if self._of.narrow:
            return [Safe("No names match. Esc shows all rows again.")]
        return [Safe(f"Nothing to rank by {self._of.by} here; b ranks something else.")]

    def highlighted(self) -> None:
        """Nothing: nothing else depends on the cursor here."""

    def clicked(self, index: int, x: int) -> None:
        """Nothing: a click only moves the cursor."""

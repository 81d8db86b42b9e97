"""The ranking: what costs most, sortable by each column."""

from textual import events, work
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from tracetui.analysis.ranking import Rank, Ranking
from tracetui.ui.reading import Reading
from tracetui.ui.renderables.rank_row import column_at, rank_row, titles_row
from tracetui.ui.themes import Paint
from tracetui.ui.widgets.row_list import RowList


class RankTitles(Widget):
    """The titles of the columns; a click sorts."""

    DEFAULT_CSS = "RankTitles { height: 1; background: $surface; }"

    class Sort(Message):
        """The reader wants another order."""

        def __init__(self, field: str) -> None:
            super().__init__()
            self.field = field

    by: reactive[str] = reactive("test")
    sorted_by: reactive[str] = reactive("own_ns")
    descending = reactive(default=True)

    def render_line(self, y: int) -> Strip:
        """The only line."""
        if y:
            return Strip.blank(self.size.width, self.rich_style)
        paint = Paint(self.app.theme_variables)
        return titles_row(self.by, self.sorted_by, self.descending, self.size.width, paint)

    async def on_click(self, event: events.Click) -> None:
        """Sorts by the column that was clicked."""
        self.post_message(self.Sort(column_at(event.x, self.size.width)))


class Slowest(RowList):
    """Ranks of `reading` `by` something. The cursor stays on its name while numbers change."""

    reading: reactive[Reading | None] = reactive(None, init=False)
    by: reactive[str] = reactive("test", init=False)
    sorted_by: reactive[str] = reactive("own_ns", init=False)
    descending = reactive(default=True, init=False)

    def __init__(self) -> None:
        super().__init__()
        self._ranking: Ranking | None = None
        self._paint = Paint({})

    @property
    def count(self) -> int:
        """How many ranks there are."""
        return len(self._ranking) if self._ranking else 0

    @property
    def rank(self) -> Rank | None:
        """The rank under the cursor."""
        return self._ranking[self.cursor] if self._ranking and self.count else None

    def watch_reading(self) -> None:
        """Newer numbers."""
        self._rank_anew()

    def watch_by(self) -> None:
        """Another kind of thing; the cursor starts at the top."""
        self._ranking = None
        self._rank_anew()

    def watch_sorted_by(self) -> None:
        """Another order; the cursor starts at the top."""
        self._ranking = None
        self._rank_anew()

    def watch_descending(self) -> None:
        """The other way round; the cursor starts at the top."""
        self._ranking = None
        self._rank_anew()

    def _rank_anew(self) -> None:
        if self.reading is not None:
            self._compute(self.reading, self.by, self.sorted_by, self.descending)

    @work(thread=True, exclusive=True)
    def _compute(self, reading: Reading, by: str, field: str, descending: bool) -> None:
        ranking = reading.findings.rank(by, reading.meant).sorted(field, descending=descending)
        self.app.call_from_thread(self._take, ranking, (by, field, descending))

    def _take(self, ranking: Ranking, order: tuple[str, str, bool]) -> None:
        """Takes a ranking that is still wanted; what was chosen below the top keeps its line."""
        if order != (self.by, self.sorted_by, self.descending):
            return
        chosen = self.rank if self.cursor else None
        line = self.cursor - self.scroll_offset.y if self._ranking else 0
        self._ranking = ranking
        place = ranking.place(chosen.name) if chosen else 0
        self.anchored(place, max(0, place - line))

    def reframe(self) -> None:
        """The colours."""
        self._paint = Paint(self.app.theme_variables)

    def draw(self, index: int, *, selected: bool) -> Strip:
        """One row."""
        assert self._ranking is not None
        return rank_row(self._ranking[index], self.sorted_by, self.room, self._paint, selected=selected)

    def highlighted(self) -> None:
        """Nothing else depends on the cursor here."""

    def clicked(self, index: int, x: int) -> None:
        """Nothing in a row does anything by itself."""

"""The slowest mode: the ranking, and its titles."""

from textual import on
from textual.app import ComposeResult
from textual.reactive import reactive

from tracetui.analysis.ranking import GROUPINGS
from tracetui.ui.keys import SLOWEST, bindings
from tracetui.ui.reading import SpanChosen
from tracetui.ui.renderables.rank_row import SORTABLE
from tracetui.ui.screens.mode import ModeScreen
from tracetui.ui.widgets.slowest import RankTitles, Slowest


class SlowestScreen(ModeScreen):
    """Titles above, ranks below; what is ranked, and in which order, goes down to both."""

    MODE = "slowest"
    BINDINGS = bindings(SLOWEST)

    by: reactive[str] = reactive("test")
    sorted_by: reactive[str] = reactive("own_ns")
    descending: reactive[bool] = reactive(default=True)

    def body(self) -> ComposeResult:
        """What is between tabs and footer."""
        order = (SlowestScreen.by, SlowestScreen.sorted_by, SlowestScreen.descending)
        yield RankTitles().data_bind(*order)
        yield Slowest().data_bind(ModeScreen.reading, *order)

    def on_mount(self) -> None:
        """Keys go to the list."""
        self.query_one(Slowest).focus()

    @on(RankTitles.Sort)
    def _sort(self, message: RankTitles.Sort) -> None:
        self.sort(message.field)

    def sort(self, field: str) -> None:
        """Sorts by a column; again, the other way round. Names start at A, numbers at the largest."""
        if field == self.sorted_by:
            self.descending = not self.descending
        else:
            self.descending = field != "name"
            self.sorted_by = field

    def action_sort(self, step: int) -> None:
        """Sorts by the next column."""
        self.sort(SORTABLE[(SORTABLE.index(self.sorted_by) + step) % len(SORTABLE)])

    def action_reverse(self) -> None:
        """Turns the order round."""
        self.descending = not self.descending

    def action_by(self, step: int) -> None:
        """Ranks something else."""
        self.by = GROUPINGS[(GROUPINGS.index(self.by) + step) % len(GROUPINGS)]

    def action_choose(self) -> None:
        """Shows the costliest occurrence in the waterfall."""
        rank = self.query_one(Slowest).rank
        if rank:
            self.post_message(SpanChosen(rank.row))

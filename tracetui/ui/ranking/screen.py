"""The mode Slowest: the ranking, its titles, and the line that filters it."""

from textual import on
from textual.app import ComposeResult
from textual.reactive import reactive

from tracetui.analysis.ranking.ranking import GROUPINGS
from tracetui.ui.feed.reading import Door, SpanChosen
from tracetui.ui.frame.mode import ModeScreen
from tracetui.ui.keys.key import bindings
from tracetui.ui.keys.mode_keys import SLOWEST
from tracetui.ui.lists.narrowing import Narrowing
from tracetui.ui.ranking.rows import Order, RankTitles, Slowest


class SlowestScreen(ModeScreen):
    """Titles above, ranks below; both are bound to what is ranked, and in which order."""

    MODE = "slowest"
    BINDINGS = bindings(SLOWEST)

    order: reactive[Order] = reactive(Order("test", "own_ns", descending=True, narrow=""))

    def body(self) -> ComposeResult:
        """The widgets between tabs and footer."""
        yield RankTitles()
        yield Slowest().data_bind(ModeScreen.reading, SlowestScreen.order)
        yield Narrowing()

    def on_mount(self) -> None:
        """Focus the list."""
        self._list.focus()

    def enter(self, door: Door) -> None:
        """Rank what the door is about, and go to the name it leads to."""
        if not door.by:
            super().enter(door)
            return
        self.action_widen()
        self.order = self.order._replace(by=door.by, narrow="")
        if door.name:
            self._list.show(door.name)

    def show(self, row: int) -> None:
        """Goes to the rank of a test."""
        if self.reading:
            self.enter(Door(self.MODE, by="test", name=self.reading.findings.snapshot.title(row)))

    @property
    def _list(self) -> Slowest:
        return self.query_one(Slowest)

    @on(Slowest.Arranged)
    def _arranged(self, message: Slowest.Arranged) -> None:
        self.query_one(RankTitles).shown = message.shown
        self.query_one(Narrowing).tell(message.rows, message.hidden)

    @on(RankTitles.Sort)
    def _sort(self, message: RankTitles.Sort) -> None:
        self.sort(message.field)

    @on(Narrowing.Typed)
    def _typed(self, message: Narrowing.Typed) -> None:
        self.order = self.order._replace(narrow=message.text)

    @on(Narrowing.Done)
    def _done(self) -> None:
        self._list.focus()

    def sort(self, field: str) -> None:
        """Sort by a column; again, reversed. Names start at A, numbers at the largest."""
        again = field == self.order.sorted_by
        descending = not self.order.descending if again else field != "name"
        self.order = self.order._replace(sorted_by=field, descending=descending)

    def action_sort(self, step: int) -> None:
        """Sort by the next visible column."""
        fields = self._list.fields
        place = fields.index(self.order.sorted_by) if self.order.sorted_by in fields else 0
        self.sort(fields[(place + step) % len(fields)])

    def action_reverse(self) -> None:
        """Reverse the order."""
        self.order = self.order._replace(descending=not self.order.descending)

    def action_by(self, step: int) -> None:
        """Rank something else."""
        by = GROUPINGS[(GROUPINGS.index(self.order.by) + step) % len(GROUPINGS)]
        self.order = self.order._replace(by=by)

    def action_narrow(self) -> None:
        """Show only names that contain what is typed."""
        self.query_one(Narrowing).begin()

    def action_widen(self) -> None:
        """Show all rows again."""
        self.query_one(Narrowing).action_widen()

    def action_choose(self) -> None:
        """Show the costliest occurrence in the waterfall."""
        rank = self._list.rank
        if rank:
            self.post_message(SpanChosen(rank.row))

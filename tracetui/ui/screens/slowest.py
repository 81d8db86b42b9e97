"""The slowest mode: the ranking, and its titles."""

from textual import on
from textual.app import ComposeResult

from tracetui.ui.screens.mode import ModeScreen
from tracetui.ui.widgets.slowest import RankTitles, Slowest


class SlowestScreen(ModeScreen):
    """Titles above, ranks below."""

    MODE = "slowest"

    def body(self) -> ComposeResult:
        """What is between tabs and footer."""
        yield RankTitles()
        yield Slowest().data_bind(ModeScreen.reading)

    def on_mount(self) -> None:
        """The titles follow the list; keys go to the list."""
        slowest, titles = self.query_one(Slowest), self.query_one(RankTitles)
        slowest.focus()
        for name in ("by", "sorted_by", "descending"):
            self.watch(slowest, name, lambda value, name=name: setattr(titles, name, value))

    @on(RankTitles.Sort)
    def _sort(self, message: RankTitles.Sort) -> None:
        self.query_one(Slowest).sort(message.field)

"""The mode History: tests over all runs."""

from textual.app import ComposeResult

from tracetui.ui.frame.blank import Blank
from tracetui.ui.frame.mode import ModeScreen


class HistoryScreen(ModeScreen):
    """Nothing yet."""

    MODE = "history"

    def body(self) -> ComposeResult:
        """What is between tabs and footer."""
        yield Blank().data_bind(ModeScreen.reading)

    def watch_reading(self) -> None:
        """The header says what the screen shows."""
        self.settled = self.reading

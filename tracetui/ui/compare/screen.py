"""The mode Compare: this run against another."""

from textual.app import ComposeResult

from tracetui.ui.frame.blank import Blank
from tracetui.ui.frame.mode import ModeScreen


class CompareScreen(ModeScreen):
    """Nothing yet."""

    MODE = "compare"

    def body(self) -> ComposeResult:
        """What is between tabs and footer."""
        yield Blank().data_bind(ModeScreen.reading)

    def watch_reading(self) -> None:
        """The header says what the screen shows."""
        self.settled = self.reading

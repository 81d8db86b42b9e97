"""The mode What if: what would change the run's wall time."""

from textual.app import ComposeResult

from tracetui.ui.frame.blank import Blank
from tracetui.ui.frame.mode import ModeScreen


class WhatIfScreen(ModeScreen):
    """Nothing yet."""

    MODE = "what_if"

    def body(self) -> ComposeResult:
        """What is between tabs and footer."""
        yield Blank().data_bind(ModeScreen.reading)

    def watch_reading(self) -> None:
        """The header says what the screen shows."""
        self.settled = self.reading

"""What every mode has: header, tabs, footer, and the newest reading."""

from abc import abstractmethod
from typing import ClassVar

from textual.app import ComposeResult
from textual.reactive import reactive
from textual.screen import Screen
from textual.widgets import Footer

from tracetui.ui.reading import Reading
from tracetui.ui.widgets.header import ModeTabs, RunHeader


class ModeScreen(Screen[None]):
    """Base of the modes; `reading` goes down to the widgets by data binding."""

    MODE: ClassVar[str]

    reading: reactive[Reading | None] = reactive(None)

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title

    def compose(self) -> ComposeResult:
        """The frame around a mode."""
        yield RunHeader(self._title).data_bind(ModeScreen.reading)
        yield ModeTabs(self.MODE)
        yield from self.body()
        yield Footer(show_command_palette=False)

    @abstractmethod
    def body(self) -> ComposeResult:
        """What is between tabs and footer."""

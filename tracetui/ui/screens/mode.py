"""What every mode has: header, tabs, footer, and the newest reading."""

from abc import abstractmethod
from typing import ClassVar

from textual.app import ComposeResult
from textual.reactive import reactive
from textual.screen import Screen
from textual.widgets import Footer

from tracetui.ingest import Ingest
from tracetui.ui.reading import Reading
from tracetui.ui.widgets.header import RunHeader
from tracetui.ui.widgets.tabs import ModeTabs


class ModeScreen(Screen[None]):
    """Base of the modes; `reading` goes down to the widgets by data binding."""

    MODE: ClassVar[str]
    """Its name in the table of modes."""

    reading: reactive[Reading | None] = reactive(None)
    newest: reactive[Reading | None] = reactive(None)
    """Another one than `reading` only while the view is paused."""

    def __init__(self, title: str, ingest: Ingest) -> None:
        super().__init__()
        self._title = title
        self._ingest = ingest

    def compose(self) -> ComposeResult:
        """The frame around a mode."""
        yield RunHeader(self._title).data_bind(ModeScreen.reading, ModeScreen.newest)
        yield ModeTabs(self.MODE)
        yield from self.body()
        yield Footer(show_command_palette=False)

    @abstractmethod
    def body(self) -> ComposeResult:
        """What is between tabs and footer."""

    def show(self, row: int) -> None:
        """Goes to what this mode shows of a row."""

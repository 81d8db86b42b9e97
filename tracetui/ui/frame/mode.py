"""The frame of every mode: header, tabs, footer, and the newest reading."""

from abc import abstractmethod
from typing import Any, ClassVar

from textual import on
from textual.app import App, ComposeResult
from textual.reactive import reactive
from textual.widget import Widget

from tracetui.analysis.query.search import Finds
from tracetui.ingest import Ingest
from tracetui.settings import Settings
from tracetui.ui.app.appearance import Appearance
from tracetui.ui.compat import SteadyScreen
from tracetui.ui.dialogs.filter_bar import FilterBar
from tracetui.ui.dialogs.find_bar import FindBar
from tracetui.ui.feed.holding import Holding
from tracetui.ui.feed.latest_only import let_go
from tracetui.ui.feed.reading import Door, Reading
from tracetui.ui.frame.footer import KeyFooter
from tracetui.ui.frame.header import RunHeader
from tracetui.ui.frame.tabs import ModeTabs
from tracetui.ui.frame.too_small import TooSmall
from tracetui.ui.lists.findable import Findable
from tracetui.ui.lists.row_list import RowList
from tracetui.ui.painting.kept_paint import KeptPaint


class ModeScreen(SteadyScreen, KeptPaint):
    """Base class of the modes; `reading` is passed to the widgets by data binding."""

    DEFAULT_CSS = "ModeScreen { layers: default above; }"
    AUTO_FOCUS: ClassVar[str | None] = ""
    MODE: ClassVar[str]
    """Its name in the table of modes."""

    reading: reactive[Reading | None] = reactive(None, repaint=False)
    settled: reactive[Reading | None] = reactive(None, repaint=False)
    """What the rows show, which take their time: the header tells of that, and not of what is to come."""
    newest: reactive[Reading | None] = reactive(None, repaint=False)
    """While the view is paused, what could be seen; else None."""

    def __init__(self, title: str, ingest: Ingest) -> None:
        super().__init__()
        self._title = title
        self._ingest = ingest
        self._shows_finds = False

    @property
    def settings(self) -> Settings:
        """The user's settings."""
        return self.app.settings if isinstance(self.app, Appearance) else Settings()

    def compose(self) -> ComposeResult:
        """The frame around a mode."""
        header = RunHeader(self._title, self.settings.limit)
        yield header.data_bind(ModeScreen.newest, reading=ModeScreen.settled)
        yield ModeTabs(self.MODE)
        yield FilterBar()
        yield from self.body()
        yield FindBar()
        yield KeyFooter()
        yield TooSmall()

    def _watch_reading(self) -> None:
        """Update the header, also before there are any rows and while a recording is read."""
        if self.reading and (self.settled is None or self.reading.busy):
            self.settled = self.reading

    def let_go(self) -> None:
        """Keep only the user's position, and what is on the screen, until there is another reading."""
        self.reading = self.settled = self.newest = None
        for widget in self.query("*"):
            if isinstance(widget, Holding):
                widget.let_go()
        let_go(self)

    @on(Findable.Settled)
    def _rows_have_settled(self, message: Findable.Settled) -> None:
        settled = message.take()
        if self.reading:
            self.settled = settled

    def on_resize(self) -> None:
        """Check that the screen is large enough."""
        self.query_one(TooSmall).fit()

    @abstractmethod
    def body(self) -> ComposeResult:
        """The widgets between tabs and footer."""

    def enter(self, door: Door) -> None:
        """Go to the target of a door into this mode."""
        if door.row >= 0:
            self.show(door.row)

    def show(self, row: int) -> None:
        """Go to what this mode shows of a row."""

    @property
    def rows(self) -> RowList | None:
        """The list of this mode, which is searched; None without one."""
        return next((widget for widget in self.query("RowList") if isinstance(widget, RowList)), None)

    @property
    def home(self) -> Widget | None:
        """The widget with the first focus, and after dialogs."""
        return self.rows

    @property
    def is_finding(self) -> bool:
        """Whether the user searches, or is about to."""
        return any(not bar.has_class("off") for bar in self.query(FindBar))

    @property
    def is_filtering(self) -> bool:
        """Whether a filter is being typed."""
        return any(bar.has_class("editing") for bar in self.query(FilterBar))

    def show_filter(self, text: str, reading: Reading) -> None:
        """Show the active filter, and its result for a reading."""
        for bar in self.query_children(FilterBar):  # None while the screen is still being put together.
            bar.show(text, reading)

    def show_finds(self, finds: Finds | None) -> None:
        """Show what was found, or that searching has ended."""
        if finds is None and not self._shows_finds:
            return  # As with most readings: widgets are not looked for.
        self._shows_finds = finds is not None
        if rows := self.rows:
            rows.show_finds(finds)
        self._count_finds(finds)

    def end_find(self) -> None:
        """Close the search line, and focus the rows."""
        self.query(FindBar).add_class("off")
        self.set_focus(self.home)

    def to_match(self, step: int) -> None:
        """Go to the next or previous match."""
        if self.rows:
            self.rows.to_match(step)

    def _count_finds(self, finds: Finds | None) -> None:
        rows = self.rows
        place, count = (rows.matching.number(rows.here), len(rows.matching.places)) if rows else (0, 0)
        for bar in self.query(FindBar):
            bar.show(finds, place, count)

    @on(Findable.Matched)
    def _matched(self) -> None:
        self._count_finds(self.rows.finds if self.rows else None)

    @on(FindBar.Done)
    @on(FilterBar.Done)
    def _to_the_rows(self) -> None:
        self.set_focus(self.home)


def mode_screen(app: App[Any]) -> ModeScreen | None:
    """The current mode, even under another screen."""
    return next((screen for screen in app.screen_stack if isinstance(screen, ModeScreen)), None)

"""Finding and filtering: one search text and one filter for all modes."""

from collections.abc import Callable

from tracetui.analysis.query.filters.completion import Vocabulary
from tracetui.analysis.query.filters.errors import FilterError
from tracetui.analysis.query.filters.vocabulary import sample, vocabulary
from tracetui.analysis.query.search import Finds
from tracetui.errors import InputError
from tracetui.ingest import Ingest
from tracetui.settings.state import recall
from tracetui.ui.app.appearance import Appearance
from tracetui.ui.dialogs.filter_bar import FilterBar
from tracetui.ui.dialogs.filters_screen import FiltersScreen
from tracetui.ui.dialogs.find_bar import FindBar
from tracetui.ui.dialogs.finder import Finder
from tracetui.ui.dialogs.push_modal import push_modal
from tracetui.ui.feed.active_filter import ActiveFilter, Looked
from tracetui.ui.feed.latest_only import LatestOnly
from tracetui.ui.feed.reading import Reading
from tracetui.ui.feed.shown_run import ShownRun
from tracetui.ui.frame.mode import ModeScreen, mode_screen


class Search:
    """Belongs to the thread of `app`'s screens, which show the reading in `shown_run`."""

    ACTIONS = frozenset({"end_find"})
    """Those that are not always possible."""

    def __init__(self, app: Appearance, ingest: Ingest, shown_run: ShownRun) -> None:
        self.filter = ActiveFilter(app, ingest.read_at, self._seen)
        self.finder = Finder(app, ingest.read_at, self._show_finds)
        self.shown: Reading | None = None
        """What the screens show, seen through the filter."""
        self._app = app
        self._ingest = ingest
        self._shown_run = shown_run
        self._finds: Finds | None = None
        self._vocabulary = LatestOnly(app, self._words, self._know)

    def allows(self, _action: str) -> bool:
        """Whether escape ends searching: only while searching; else it is passed on."""
        screen = self._app.screen
        return isinstance(screen, ModeScreen) and screen.is_finding and not screen.is_filtering

    def _seen(self, reading: Reading) -> None:
        self.shown = reading
        if screen := mode_screen(self._app):
            screen.newest = self._shown_run.newest if self._shown_run.is_held else None
            screen.reading = reading
            screen.show_filter(self.filter.filter.text, reading)
            screen.show_finds(self._finds)
        self.finder.see(reading)

    def _show_finds(self, finds: Finds | None) -> None:
        self._finds = finds
        if screen := mode_screen(self._app):
            screen.show_finds(finds)

    def show_progress(self, message: Looked) -> None:
        """Show the progress of a scan through all bytes."""
        for bar in self._filter_bars():
            bar.progress(message.done, message.total)

    def set_filter(self, bar: FilterBar, text: str) -> None:
        """Apply a filter typed in `bar`, which shows its errors."""
        try:
            self.filter.set(text)
        except FilterError as error:
            bar.mistaken(error)
            return
        bar.mistaken(None)
        if not text.strip() and not bar.has_class("editing"):
            bar.add_class("off")

    def _filter_bars(self) -> list[FilterBar]:
        screen = mode_screen(self._app)
        return list(screen.query(FilterBar)) if screen else []

    def _with_rows(self, then: Callable[[ModeScreen], None]) -> None:
        """Call `then` in the current mode, or in the waterfall if that has no rows; never under another
        screen.

        A mode that is still being composed takes the call as its first.
        """
        screen = mode_screen(self._app)
        if screen and screen is self._app.screen:
            screen.call_later(self._in_rows, screen, then)

    async def _in_rows(self, screen: ModeScreen, then: Callable[[ModeScreen], None]) -> None:
        if screen.rows is None:
            await self._app.run_action("app.mode('waterfall')")
        shown = mode_screen(self._app)
        if shown and shown.rows is not None:
            then(shown)

    def open_find(self) -> None:
        """Open the line in which to type what to find."""
        self._with_rows(lambda screen: screen.query_one(FindBar).open(self.finder.needle))

    async def to_match(self, step: int) -> None:
        """Go to the next or previous match; from a mode without a list, in the waterfall."""
        screen = mode_screen(self._app)
        if screen is None or screen is not self._app.screen or not self.finder.needle:
            return
        if screen.rows is None:
            await self._app.run_action("app.mode('waterfall')")
        else:
            screen.to_match(step)

    def end_find(self) -> None:
        """Stop searching."""
        self.finder.find("")
        if screen := mode_screen(self._app):
            screen.end_find()

    def open_filter(self) -> None:
        """Open the line in which to type a filter."""
        self._with_rows(self._open_filter)

    def _open_filter(self, screen: ModeScreen) -> None:
        screen.query_one(FilterBar).open(self.filter.filter.text)
        if self.shown:
            self._vocabulary.ask(self.shown)

    def _words(self, reading: Reading) -> Vocabulary:
        """What can be typed in a filter: for a thread of its own."""
        keys: set[str] = set()
        for row in sample(reading.findings):
            try:
                span = self._ingest.span(reading.findings.snapshot, row)
            except InputError:
                continue
            keys.update(span.attributes, span.resource.attributes)
        return vocabulary(reading.findings, keys)

    def _know(self, words: Vocabulary) -> None:
        for bar in self._filter_bars():
            bar.know(words)

    async def open_filters(self) -> None:
        """Show the saved filters."""
        if self._app.screen is mode_screen(self._app):
            named = self._app.settings.filters
            await push_modal(self._app, FiltersScreen(self.filter.filter.text, named, recall().filters))

    def put_filter(self, text: str) -> None:
        """Apply a saved filter, in the current mode."""
        if screen := mode_screen(self._app):
            screen.call_later(self._put_filter, screen, text)

    def _put_filter(self, screen: ModeScreen, text: str) -> None:
        bar = screen.query_one(FilterBar)
        bar.put(text)
        self.set_filter(bar, text)

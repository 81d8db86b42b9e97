"""The app's part in finding and filtering: one text to find and one filter for all modes."""

from collections.abc import Callable, Mapping
from typing import ClassVar

from textual import on

from tracetui.analysis.query.filters.errors import FilterError
from tracetui.analysis.query.filters.vocabulary import sample, vocabulary
from tracetui.analysis.query.search import Finds
from tracetui.errors import InputError
from tracetui.ingest import Ingest
from tracetui.settings.state import keep, recall
from tracetui.text import sanitize
from tracetui.ui.app.appearance import Appearance
from tracetui.ui.dialogs.filter_bar import FilterBar
from tracetui.ui.dialogs.filters_screen import FiltersScreen
from tracetui.ui.dialogs.find_bar import FindBar
from tracetui.ui.dialogs.finder import Finder
from tracetui.ui.dialogs.push_modal import push_modal
from tracetui.ui.feed.active_filter import ActiveFilter, Looked
from tracetui.ui.feed.latest_only import away
from tracetui.ui.feed.reading import Reading
from tracetui.ui.feed.shown_run import ShownRun
from tracetui.ui.frame.mode import ModeScreen
from tracetui.ui.keys.key import bindings
from tracetui.ui.keys.keys import FINDING


class Searching(Appearance):
    """An app whose readings go through `lenses`, and in which `finder` finds."""

    BINDINGS: ClassVar = bindings(FINDING)

    lenses: ActiveFilter
    finder: Finder
    finds: Finds | None = None
    look: ShownRun
    shown: Reading | None = None

    def set_up_searching(self, ingest: Ingest) -> None:
        """What finding and filtering need of `ingest`."""
        self._ingest = ingest
        self.lenses = ActiveFilter(self, ingest.read_at, self.seen)
        self.finder = Finder(self, ingest.read_at, self._found)

    @property
    def mode_screen(self) -> ModeScreen | None:
        """The mode that is on, though something may lie over it."""
        screens = [screen for screen in self.screen_stack if isinstance(screen, ModeScreen)]
        return screens[0] if screens else None

    def seen(self, reading: Reading) -> None:
        """A reading, seen through the filter, is shown."""
        self.shown = reading
        screen = self.mode_screen
        if screen:
            screen.newest = self.look.newest if self.look.is_held else None
            screen.reading = reading
            screen.show_filter(self.lenses.filter.text, reading)
            screen.show_finds(self.finds)
        self.finder.see(reading)

    def _found(self, finds: Finds | None) -> None:
        self.finds = finds
        screen = self.mode_screen
        if screen:
            screen.show_finds(finds)

    @on(Looked)
    def _looked(self, message: Looked) -> None:
        screen = self.mode_screen
        if screen:
            for bar in screen.query(FilterBar):
                bar.progress(message.done, message.total)

    @on(FindBar.Typed)
    def _find(self, message: FindBar.Typed) -> None:
        self.finder.find(message.text)

    @on(FilterBar.Typed)
    def _filter(self, message: FilterBar.Typed) -> None:
        try:
            self.lenses.set(message.text)
        except FilterError as error:
            message.bar.mistaken(error)
        else:
            message.bar.mistaken(None)
            if not message.text.strip() and not message.bar.has_class("editing"):
                message.bar.add_class("off")

    def _with_rows(self, then: Callable[[ModeScreen], None]) -> None:
        """Calls `then` in the mode that is on, or the waterfall where that has no rows; never below another.

        A mode that is still being put together takes the call as its first.
        """
        screen = self.mode_screen
        if screen and screen is self.screen:
            screen.call_later(self._in_rows, screen, then)

    async def _in_rows(self, screen: ModeScreen, then: Callable[[ModeScreen], None]) -> None:
        if screen.rows is not None:
            then(screen)
            return
        await self.run_action("app.mode('waterfall')")
        if self.mode_screen and self.mode_screen.rows is not None:
            then(self.mode_screen)

    def action_find(self) -> None:
        """The line in which to type what to find."""
        self._with_rows(lambda screen: screen.query_one(FindBar).open(self.finder.needle))

    async def action_match(self, step: int) -> None:
        """The next or previous match; from a mode without a list, in the waterfall."""
        screen = self.mode_screen
        if screen is None or screen is not self.screen or not self.finder.needle:
            return
        if screen.rows is None:
            await self.run_action("app.mode('waterfall')")
        else:
            screen.to_match(step)

    def action_end_find(self) -> None:
        """Nothing is looked for any more."""
        self.finder.find("")
        if screen := self.mode_screen:
            screen.end_find()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Escape ends finding only while something is looked for, and goes on to others otherwise."""
        if action == "end_find":
            screen = self.screen
            return isinstance(screen, ModeScreen) and screen.is_finding and not screen.is_filtering
        return super().check_action(action, parameters)

    def action_filter(self) -> None:
        """The line in which to type a filter."""
        self._with_rows(self._open_filter)

    def _open_filter(self, screen: ModeScreen) -> None:
        screen.query_one(FilterBar).open(self.lenses.filter.text)
        if self.shown:
            self._tell_vocabulary(self.shown)

    @away
    def _tell_vocabulary(self, reading: Reading) -> None:
        keys: set[str] = set()
        for row in sample(reading.findings):
            try:
                span = self._ingest.span(reading.findings.snapshot, row)
            except InputError:
                continue
            keys.update(span.attributes, span.resource.attributes)
        words = vocabulary(reading.findings, keys)
        self.call_from_thread(self._know, words)

    def _know(self, words: Mapping[str, list[str]]) -> None:
        screen = self.mode_screen
        if screen:
            for bar in screen.query(FilterBar):
                bar.know(words)

    async def action_filters(self) -> None:
        """The filters that have a name."""
        if self.screen is self.mode_screen:
            filters = FiltersScreen(self.lenses.filter.text, self.settings.filters, recall().filters)
            await push_modal(self, filters)

    @on(FiltersScreen.Chosen)
    def _chosen_filter(self, message: FiltersScreen.Chosen) -> None:
        screen = self.mode_screen
        if screen:
            screen.call_later(self._put_filter, screen, message.text)

    def _put_filter(self, screen: ModeScreen, text: str) -> None:
        bar = screen.query_one(FilterBar)
        bar.put(text)
        self._filter(FilterBar.Typed(bar, text))

    @on(FiltersScreen.Kept)
    def _keep_filters(self, message: FiltersScreen.Kept) -> None:
        try:
            keep(filters=message.filters)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            self.notify(sanitize(f"filter not saved: {reason}"), severity="warning", markup=False)

"""The app: modes, themes, the palette, and the reading thread; everything else has its own module."""

from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on, work

from tracetui.analysis.runs.runs import NEWEST
from tracetui.ingest import Ingest
from tracetui.settings import Settings
from tracetui.text import sanitize
from tracetui.ui.app.modes import NAMES
from tracetui.ui.dialogs.filter_bar import FilterBar
from tracetui.ui.dialogs.filters_screen import FiltersScreen
from tracetui.ui.dialogs.find_bar import FindBar
from tracetui.ui.dialogs.help_screen import HelpScreen
from tracetui.ui.dialogs.push_modal import push_modal
from tracetui.ui.dialogs.runs_screen import RunsScreen
from tracetui.ui.dialogs.search import Search
from tracetui.ui.feed.active_filter import Looked
from tracetui.ui.feed.clock import WALL, Clock
from tracetui.ui.feed.feed import Feed, Find
from tracetui.ui.feed.fitting_mode import SpanIds
from tracetui.ui.feed.handover import Handover, Read
from tracetui.ui.feed.latest_only import away
from tracetui.ui.feed.player import AllRead, Played, Player
from tracetui.ui.feed.reading import Door, Go, Reading, Revised, SpanChosen
from tracetui.ui.feed.shown_run import ShownRun
from tracetui.ui.frame.mode import ModeScreen
from tracetui.ui.frame.mode_screens import ModeScreens
from tracetui.ui.frame.terminal_app import TerminalApp
from tracetui.ui.keys.key import bindings
from tracetui.ui.keys.keys import EVERYWHERE, FINDING, REPLAY


class TracetuiApp(TerminalApp):
    """Shows what `ingest` reads; follows `follow` if given.

    It starts in `mode`; by default in the first, or in the waterfall for a recording that is no test run.
    Once all is read it goes to the span `at`. `clock` is the time on its screens. Raises `SettingError` for a
    setting that no screen knows.
    """

    BINDINGS: ClassVar = bindings((*EVERYWHERE, *REPLAY, *FINDING))

    def __init__(
        self,
        ingest: Ingest,
        title: str,
        follow: Path | None = None,
        settings: Settings | None = None,
        clock: Clock = WALL,
        mode: str | None = None,
        find: Find | None = None,
        at: SpanIds | None = None,
    ) -> None:
        super().__init__(settings or Settings())
        self.shown_run = ShownRun()
        self.search = Search(self, ingest, self.shown_run)
        self.player = Player(self, lambda: self.shown_run.newest)
        self._screens = ModeScreens(self, title, ingest, mode, at)
        tell = partial(self.call_later, partial(self.notify, severity="warning", markup=False))
        self._feed = Feed(ingest, follow, clock, Handover(self.post_message).put, find, tell)

    async def on_mount(self) -> None:
        """First the screen, then the data."""
        self.begin()
        await self.switch_mode(self._screens.first)
        self._read()

    @work(thread=True, name="feed")
    def _read(self) -> None:
        self._feed.run()
        self.post_message(AllRead())

    def on_unmount(self) -> None:
        """End the reading thread."""
        self._feed.stop()
        self.player.stop()
        self.end()

    @property
    def reading(self) -> Reading | None:
        """What the screens show."""
        return self.search.shown

    def now_ns(self) -> int:
        """The time on the screen, in ns since the epoch."""
        return shown.now_ns() if (shown := self.shown_run.shown) else super().now_ns()

    @on(Read)
    @on(Revised)
    def _revised(self, message: Read | Revised) -> None:
        if reading := message.take():
            self._revise(reading)

    def _revise(self, reading: Reading) -> None:
        if reading.findings.choice == self.shown_run.choice:
            self._take(reading)
        else:
            self._work_out(reading, self.shown_run.choice)

    @away
    def _work_out(self, reading: Reading, choice: int) -> None:
        worked_out = reading.chosen(choice)
        newest = self.shown_run.newest  # What came meanwhile may know more, and nothing may come after it.
        if newest is None or newest.findings.written.revision <= reading.findings.written.revision:
            self.post_message(Revised(worked_out))

    def _take(self, reading: Reading) -> None:
        if news := self.shown_run.take(reading):
            self.notify(news, markup=False, timeout=6)
        self._show()
        if door := self._screens.fitting(reading):
            self.post_message(Go(door))

    def _show(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, RunsScreen):
                screen.newest = screen.reading = self.shown_run.newest
        if self.shown_run.shown:
            self.search.filter.see(self.shown_run.shown)

    @on(SpanChosen)
    async def _chosen(self, message: SpanChosen) -> None:
        await self._go(Go(Door("waterfall", message.row)))

    @on(Go)
    async def _go(self, message: Go) -> None:
        if message.door.choice is not None:
            self._choose(message.door.choice)
        await self.action_mode(message.door.mode)
        if isinstance(self.screen, ModeScreen):
            self.screen.enter(message.door)

    async def action_mode(self, mode: str) -> None:
        """Switch to another mode, if it exists."""
        if mode in NAMES:
            self._screens.is_chosen = True
            left = self.screen
            await self.switch_mode(mode)
            self._show()
            if isinstance(left, ModeScreen):
                self._screens.share(left)

    async def action_runs(self) -> None:
        """Open the run picker."""
        await push_modal(self, RunsScreen(self.shown_run.choice), self._choose)
        self._show()

    def _choose(self, choice: int | None) -> None:
        if choice is not None and self.shown_run.newest:
            self.shown_run.choose(choice)
            self._feed.choice = choice
            self._revise(self.shown_run.newest)

    def action_pause(self) -> None:
        """Pause or resume the view, or the player; reading always goes on."""
        if self.player.replay:
            self.player.toggle()
            return
        self.shown_run.pause()
        self._show()

    async def action_help(self) -> None:
        """Show the keys."""
        await push_modal(self, HelpScreen(self.current_mode, self.own_keys))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether an action is possible now: actions of finding and playing are not always."""
        if action in Search.ACTIONS:
            return self.search.allows(action)
        if action in Player.ACTIONS:
            return self.player.allows(action)
        return super().check_action(action, parameters)

    def action_find(self) -> None:
        """Open the line in which to type what to find."""
        self.search.open_find()

    async def action_match(self, step: int) -> None:
        """Go to the next or previous match."""
        await self.search.to_match(step)

    def action_end_find(self) -> None:
        """Stop searching."""
        self.search.end_find()

    def action_filter(self) -> None:
        """Open the line in which to type a filter."""
        self.search.open_filter()

    async def action_filters(self) -> None:
        """Show the saved filters."""
        await self.search.open_filters()

    @on(Looked)
    def _looked(self, message: Looked) -> None:
        self.search.show_progress(message)

    @on(FindBar.Typed)
    def _find(self, message: FindBar.Typed) -> None:
        self.search.finder.find(message.text)

    @on(FilterBar.Typed)
    def _filter(self, message: FilterBar.Typed) -> None:
        self.search.set_filter(message.bar, message.text)

    @on(FiltersScreen.Chosen)
    def _chosen_filter(self, message: FiltersScreen.Chosen) -> None:
        self.search.put_filter(message.text)

    def action_play(self) -> None:
        """Play the recording, pause or resume; results have no time to play."""
        if self.reading is not None and self.reading.findings.no_timeline:
            self.notify(sanitize(self.reading.findings.no_timeline), timeout=4, markup=False)
        else:
            self.player.toggle()

    def action_speed(self, steps: int) -> None:
        """Play faster or slower."""
        self.player.change_speed(steps)

    def action_seek(self, steps: int) -> None:
        """Go forward or back."""
        self.player.seek(steps)

    def action_seek_end(self, end: int) -> None:
        """Go to the start (0) or the end (1)."""
        self.player.seek_end(end=bool(end))

    @on(AllRead)
    def _all_is_read(self) -> None:
        self.player.all_is_read()

    @on(Played)
    async def _played(self, message: Played) -> None:
        if self.player.begins_anew(message.reading):
            self.shown_run.choose(NEWEST)
            await self._screens.begin_anew()
        self._revise(message.reading)

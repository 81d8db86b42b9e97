"""The app: modes, themes, the palette, and the thread that reads; everything else has its own home."""

import asyncio
import os
import signal
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor as Executor
from functools import partial
from pathlib import Path
from pkgutil import resolve_name
from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.app import SystemCommand
from textual.driver import Driver
from textual.events import Resize
from textual.screen import Screen

from tracetui.ingest import Ingest
from tracetui.settings import Settings
from tracetui.ui.app.commands import Palette, system_commands
from tracetui.ui.app.crash import Circumstances, crash_report, kept
from tracetui.ui.app.modes import FIRST, MODES, NAMES, Mode
from tracetui.ui.app.signal_handling import SignalHandling
from tracetui.ui.app.tty import is_a_job, keyboard
from tracetui.ui.dialogs.help_screen import HelpScreen
from tracetui.ui.dialogs.push_modal import push_modal
from tracetui.ui.dialogs.runs_screen import RunsScreen
from tracetui.ui.dialogs.searching import Searching
from tracetui.ui.feed.clock import WALL, Clock
from tracetui.ui.feed.feed import Feed
from tracetui.ui.feed.fitting_mode import fitting_mode
from tracetui.ui.feed.latest_only import away
from tracetui.ui.feed.reading import Door, Go, Reading, Revised, SpanChosen
from tracetui.ui.feed.replaying import AllRead, Replaying
from tracetui.ui.feed.shown_run import ShownRun
from tracetui.ui.frame.mode import ModeScreen
from tracetui.ui.keys.key import bindings
from tracetui.ui.keys.keys import EVERYWHERE

LONG = 100_000
"""A run of so many spans takes tens of megabytes for each reading."""


class TracetuiApp(Searching, Replaying):
    """Shows what `ingest` reads, in `mode` at first; follows `follow` where it is given.

    Without a `mode` it begins with the first, and goes on to the waterfall with a recording that is no test
    run, unless the reader has chosen another by then. `clock` is the time on its screens. Raises
    `SettingError` for a setting that no screen knows.
    """

    TITLE = "tracetui"
    BINDINGS: ClassVar = bindings(EVERYWHERE)

    threads: Executor | None = None
    """Who works away from the screen; None for whom the event loop has."""

    CSS = """
    Screen { background: $background; }
    ModalScreen { background: $background 60%; &:ansi { background: transparent; } }
    * {
        scrollbar-size-vertical: 1; scrollbar-color: $scroll-thumb; scrollbar-background: $surface;
        scrollbar-color-hover: $quiet; scrollbar-background-hover: $surface;
        scrollbar-color-active: $accent; scrollbar-background-active: $surface;
    }
    """

    def __init__(
        self,
        ingest: Ingest,
        title: str,
        follow: Path | None = None,
        settings: Settings | None = None,
        clock: Clock = WALL,
        mode: str | None = None,
    ) -> None:
        super().__init__(settings or Settings())
        self.look = ShownRun()
        self._endings: SignalHandling | None = None
        self._feed = Feed(ingest, follow, clock, self._publish)
        self._first = mode or FIRST
        self._mode_is_settled = mode is not None
        self.set_up_searching(ingest)
        self._made: list[ModeScreen] = []
        for each in MODES:
            self.add_mode(each.name, partial(self._make, each, title, ingest))

    def _make(self, mode: Mode, title: str, ingest: Ingest) -> ModeScreen:
        screen: ModeScreen = resolve_name(mode.screen)(title, ingest)
        self._made.append(screen)
        return screen

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette: Textual's own, then every key of the table that is on."""
        yield from super().get_system_commands(screen)
        yield from system_commands(self, screen)

    def get_driver_class(self) -> type[Driver]:
        """Ours, where Textual would take that of a terminal."""
        found = super().get_driver_class()
        if found.__name__ != "LinuxDriver":
            return found
        from tracetui.ui.app.driver import TerminalDriver  # Not where there is no terminal of that kind.

        return TerminalDriver

    async def action_interrupt(self) -> None:
        """The end, though somebody types."""
        await self.action_quit()

    def action_suspend_process(self) -> None:
        """Back to the shell, with all that belongs to the same job; where there is none the app stays."""
        if not self.can_suspend:
            return  # No terminal is drawn on, and whoever started this must not be stopped.
        keys = keyboard()
        if keys is None or not is_a_job(keys):
            self.notify("There is no shell to suspend to", severity="warning", timeout=2, markup=False)
            return
        os.killpg(os.getpgrp(), signal.SIGTSTP)

    @on(Driver.SignalResume)
    def _resumed(self) -> None:
        """The shell has written over everything."""
        self.refresh(layout=True)

    @on(Resize)
    def _resized(self) -> None:
        """All is drawn anew once it has its new place: the window may have changed while a shell had it."""
        self.call_after_refresh(self.refresh)

    async def on_mount(self) -> None:
        """First the screen, then the data; signals end the app as it would end itself."""
        self._endings = SignalHandling(lambda code: self.exit(return_code=code))
        self._endings.install()
        if self.threads:
            asyncio.get_running_loop().set_default_executor(self.threads)
        await self.switch_mode(self._first)
        self._read()

    @work(thread=True, name="feed")
    def _read(self) -> None:
        self._feed.run()
        self.post_message(AllRead())

    def on_unmount(self) -> None:
        """The reading thread ends with the app, and signals are again what they were."""
        self._feed.stop()
        self.stop_playing()
        if self._endings:
            self._endings.restore()

    def _publish(self, reading: Reading) -> None:
        self.post_message(Revised(reading))

    @property
    def reading(self) -> Reading | None:
        """What the screens show."""
        return self.shown

    @on(Revised)
    def _revised(self, message: Revised) -> None:
        if message.reading.findings.choice == self.look.choice:
            self._take(message.reading)
        else:
            self._work_out(message.reading, self.look.choice)

    @away
    def _work_out(self, reading: Reading, choice: int) -> None:
        worked_out = reading.chosen(choice)
        newest = self.look.newest  # What came meanwhile may know more, and nothing may come after it.
        if newest is None or newest.findings.written.revision <= reading.findings.written.revision:
            self.post_message(Revised(worked_out))

    def _take(self, reading: Reading) -> None:
        if news := self.look.take(reading):
            self.notify(news, markup=False, timeout=6)
        self._show()
        if not self._mode_is_settled and (mode := fitting_mode(reading)):
            self._mode_is_settled = True
            if mode != self.current_mode and self.mode_screen is self.screen:
                self.post_message(Go(Door(mode)))

    def _show(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, RunsScreen):
                screen.newest = screen.reading = self.look.newest
        if self.look.shown:
            self.lenses.see(self.look.shown)

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
        """Another mode, if there is one of that name."""
        if mode in NAMES:
            self._mode_is_settled = True
            left = self.screen
            await self.switch_mode(mode)
            self._show()
            if isinstance(left, ModeScreen):
                self._share(left)

    def _share(self, left: ModeScreen) -> None:
        """All modes that are not shown have the reading of the one that was `left`: each takes megabytes.

        Of a long run they have none.
        """
        reading = left.reading
        is_long = reading is not None and len(reading.findings.snapshot) >= LONG
        for screen in self._made:
            if screen is not self.screen and is_long:
                screen.let_go()
            elif screen.reading and reading and screen not in (left, self.screen):
                screen.reading = reading

    async def action_runs(self) -> None:
        """Which run is shown."""
        await push_modal(self, RunsScreen(self.look.choice), self._choose)
        self._show()

    def _choose(self, choice: int | None) -> None:
        if choice is not None and self.look.newest:
            self.look.choose(choice)
            self._feed.choice = choice
            self._revised(Revised(self.look.newest))

    def action_pause(self) -> None:
        """The view stands still, or goes on, or the player does; reading always goes on."""
        if self.replay:
            self.action_play()
            return
        self.look.pause()
        self._show()

    def report(self, error: BaseException | None) -> Text:
        """Where it happened, and nothing of anybody's data."""
        at = Circumstances(self.current_mode, self.last_key, (self.size.width, self.size.height))
        return kept(crash_report(error, at))

    async def action_command_palette(self) -> None:  # type: ignore[override] # Textual awaits actions
        """Every action by its name."""
        if not isinstance(self.screen, Palette):
            await push_modal(self, Palette())

    async def action_help(self) -> None:
        """The keys."""
        await push_modal(self, HelpScreen(self.current_mode, self.own_keys))

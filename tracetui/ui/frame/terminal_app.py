"""An app on a terminal: signals, suspending, crash reports, threads that work away from the screen."""

import asyncio
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor as Executor

from rich.text import Text
from textual import on
from textual.app import SystemCommand
from textual.driver import Driver
from textual.events import Resize
from textual.screen import Screen

from tracetui.settings import Settings
from tracetui.ui.app.appearance import Appearance
from tracetui.ui.app.commands import Palette, system_commands
from tracetui.ui.app.crash import Circumstances, crash_report, kept
from tracetui.ui.app.signal_handling import SignalHandling
from tracetui.ui.app.tty import suspend_job
from tracetui.ui.dialogs.push_modal import push_modal


class TerminalApp(Appearance):
    """Base class of our apps. Raises `SettingError` for a setting that no screen knows."""

    TITLE = "tracetui"

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

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._endings: SignalHandling | None = None
        self._was_away = False

    def begin(self) -> None:
        """Before anything is mounted: signals end the app as quitting does."""
        self._endings = SignalHandling(lambda code: self.exit(return_code=code))
        self._endings.install()
        if self.threads:
            asyncio.get_running_loop().set_default_executor(self.threads)

    def end(self) -> None:
        """Restore signal handlers."""
        if self._endings:
            self._endings.restore()

    def action_suspend_process(self) -> None:
        """Suspend to the shell, with all processes of the job; without a shell the app stays."""
        # Where no terminal is drawn on, whoever started this must not be stopped.
        if self.can_suspend and not suspend_job():
            self.notify("There is no shell to suspend to", severity="warning", timeout=2, markup=False)

    @on(Driver.SignalResume)
    def _resumed(self) -> None:
        """Repaint: the shell has written over everything."""
        self._was_away = True
        self.refresh(layout=True)

    @on(Resize)
    def _resized(self) -> None:
        """Repaint once everything has its new place, where the window may have changed while a shell had
        it. Any other resize paints everything by itself.
        """
        if self._was_away:
            self._was_away = False
            self.call_after_refresh(self.refresh)

    async def action_interrupt(self) -> None:
        """Quit, even while the user types."""
        await self.action_quit()

    def report(self, error: BaseException | None) -> Text:
        """Where it happened, without anybody's data."""
        return kept(crash_report(error, Circumstances(self.current_mode, self.last_key, self.size)))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette: Textual's own entries, then every active key of the table."""
        yield from super().get_system_commands(screen)
        yield from system_commands(self, screen)

    async def action_command_palette(self) -> None:  # type: ignore[override] # Textual awaits actions
        """Open the palette: every action by its name."""
        if not isinstance(self.screen, Palette):
            await push_modal(self, Palette())

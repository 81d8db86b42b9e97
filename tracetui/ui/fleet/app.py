"""The app over a store of all runs."""

from typing import ClassVar

from textual import on

from tracetui.settings import Settings
from tracetui.text import sanitize
from tracetui.ui.dialogs.help_screen import HelpScreen
from tracetui.ui.dialogs.push_modal import push_modal
from tracetui.ui.fleet.answers import NOWHERE, FleetAnswers, Place, Recording
from tracetui.ui.fleet.screen import FleetScreen
from tracetui.ui.frame.terminal_app import TerminalApp
from tracetui.ui.keys.fleet_keys import ANYWHERE, FLEET_HELP
from tracetui.ui.keys.key import bindings
from tracetui.ui.keys.keys import FINDING


class FleetApp(TerminalApp):
    """Shows what `answers` returns. Ends with a recording to be `opened`; the next continues at `place`."""

    BINDINGS: ClassVar = bindings((*ANYWHERE, *FINDING))

    def __init__(
        self, answers: FleetAnswers, settings: Settings | None = None, place: Place = NOWHERE
    ) -> None:
        super().__init__(settings or Settings())
        self.opened: Recording | None = None
        self.place = place
        self.fleet = FleetScreen(answers, place)

    async def on_mount(self) -> None:
        """Show the screen, which then asks the store."""
        self.begin()
        await self.push_screen(self.fleet)
        if self.place.news:
            self.notify(sanitize(self.place.news), severity="warning", markup=False)

    def on_unmount(self) -> None:
        """Restore what was changed."""
        self.end()

    @on(FleetScreen.Opened)
    def _open(self, message: FleetScreen.Opened) -> None:
        self.opened, self.place = message.recording, self.fleet.place
        self.exit()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether an action is possible now: `end_find` only while searching, else escape is passed on."""
        if action == "end_find":
            return self.screen is self.fleet and self.fleet.is_finding
        return super().check_action(action, parameters)

    async def action_help(self) -> None:
        """Show the keys."""
        await push_modal(self, HelpScreen("", self.own_keys, FLEET_HELP))

    def action_find(self) -> None:
        """Open the line to type a search into."""
        if self.screen is self.fleet:
            self.fleet.open_find()

    def action_match(self, step: int) -> None:
        """Go to the next or previous match."""
        self.fleet.rows.to_match(step)

    def action_end_find(self) -> None:
        """Stop searching."""
        self.fleet.end_find()

"""The screens of the modes: made when they are first shown, with one reading for all of them."""

from functools import partial
from pkgutil import resolve_name
from typing import Any

from textual.app import App
from textual.screen import Screen

from tracetui.ingest import Ingest
from tracetui.ui.app.modes import FIRST, MODES, Mode
from tracetui.ui.feed.fitting_mode import SpanIds, door_to, fitting_mode
from tracetui.ui.feed.reading import Door, Reading
from tracetui.ui.frame.mode import ModeScreen, mode_screen

LONG = 100_000
"""A run of so many spans takes tens of megabytes for each reading."""
_BETWEEN = "between"


class ModeScreens:
    """The modes of `app`, which show what `ingest` reads: at first `first`, or else a fitting one; once all
    is read, the waterfall at the span `at`.
    """

    def __init__(
        self, app: App[Any], title: str, ingest: Ingest, first: str | None, at: SpanIds | None = None
    ) -> None:
        self.first = first or FIRST
        self.is_chosen = first is not None
        """Whether the reader has chosen a mode, or one that fits was found."""
        self._app = app
        self._title = title
        self._ingest = ingest
        self._at = at
        self._made: list[ModeScreen] = []
        self._add()

    def _add(self) -> None:
        for mode in MODES:
            self._app.add_mode(mode.name, partial(self._make, mode))

    def _make(self, mode: Mode) -> ModeScreen:
        screen: ModeScreen = resolve_name(mode.screen)(self._title, self._ingest)
        self._made.append(screen)
        return screen

    def fitting(self, reading: Reading) -> Door | None:
        """Where to go in a recording; None to stay."""
        mode = None if self.is_chosen else fitting_mode(reading)
        if mode is None:
            return None
        self.is_chosen = True
        door = self._door_to_span(reading) or Door(mode)
        stays = door == Door(self._app.current_mode) or mode_screen(self._app) is not self._app.screen
        return None if stays else door

    def _door_to_span(self, reading: Reading) -> Door | None:
        if self._at is None:
            return None
        door = door_to(self._at, reading)
        if door is None:
            self._app.notify("that span is no longer in these files", severity="warning", markup=False)
        return door

    def share(self, left: ModeScreen) -> None:
        """Give all hidden modes the reading of the one that was `left`, as each reading takes megabytes.

        For a long run they have none.
        """
        reading, shown = left.reading, self._app.screen
        is_long = reading is not None and len(reading.findings.snapshot) >= LONG
        for screen in self._made:
            if screen is not shown and is_long:
                screen.let_go()
            elif screen.reading and reading and screen not in (left, shown):
                screen.reading = reading

    async def begin_anew(self) -> None:
        """Replace the screens by new ones that know nothing of any row."""
        current = self._app.current_mode
        self._app.add_mode(_BETWEEN, Screen)  # One's own mode cannot be removed.
        await self._app.switch_mode(_BETWEEN)
        for mode in MODES:
            await self._app.remove_mode(mode.name)
        self._made.clear()
        self._add()
        await self._app.switch_mode(current)
        await self._app.remove_mode(_BETWEEN)

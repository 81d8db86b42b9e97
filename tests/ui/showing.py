"""The app on a screen that nobody sees: what stands on it, keys and clicks, and how to wait for it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.events import MouseEvent, MouseScrollDown, MouseScrollUp
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widget import Widget

from tests.processes import PATIENCE_S
from tracetui.analysis.waterfall.arrangement import View
from tracetui.ingest import Ingest
from tracetui.settings import Settings
from tracetui.ui.app.app import TracetuiApp
from tracetui.ui.detail.detail import Detail
from tracetui.ui.feed import latest_only
from tracetui.ui.frame.mode import ModeScreen
from tracetui.ui.lanes.rows import LaneRows
from tracetui.ui.ranking.rows import Slowest
from tracetui.ui.timeline.history import History
from tracetui.ui.waterfall.rows import Waterfall

DATA = Path(__file__).parents[1] / "data"
RESMOKE = DATA / "resmoke" / "evergreen"

STIRS = 300
"""How often a screen may change before it counts as one that never stands still."""

Size = tuple[int, int]

SIZES: list[Size] = [(80, 24), (120, 40), (200, 50)]
each_size = pytest.mark.parametrize("size", SIZES, ids="{0[0]}x{0[1]}".format)


class Shown:
    """A running app, and what a reader can do with it."""

    def __init__(self, app: TracetuiApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def lines(self) -> list[str]:
        """The text on the screen, a string per line."""
        return [strip.text for strip in self.strips]

    @property
    def strips(self) -> list[Strip]:
        """What is on the screen, line by line."""
        return self.app.screen._compositor.render_strips()

    @property
    def text(self) -> str:
        """The text on the screen."""
        return "\n".join(self.lines)

    @property
    def waterfall(self) -> Waterfall:
        """The waterfall."""
        return self.app.screen.query_one(Waterfall)

    @property
    def slowest(self) -> Slowest:
        """The ranking."""
        return self.app.screen.query_one(Slowest)

    @property
    def lanes(self) -> LaneRows:
        """The lanes."""
        return self.app.screen.query_one(LaneRows)

    @property
    def detail(self) -> Detail:
        """The detail pane."""
        return self.app.screen.query_one(Detail)

    @property
    def under_cursor(self) -> str:
        """The title of the span under the waterfall's cursor."""
        return self.title_of(self.waterfall.row)

    def title_of(self, row: int | None) -> str:
        """The title of a row."""
        assert row is not None
        assert self.app.reading is not None
        return self.app.reading.findings.snapshot.title(row)

    def line_of(self, text: str) -> int:
        """The line of the screen on which `text` first stands."""
        return next(number for number, line in enumerate(self.lines) if text in line)

    def rows(self, widget: Widget) -> list[str]:
        """The lines that `widget` takes on the screen."""
        region = widget.region
        return self.lines[region.y : region.bottom]

    async def press(self, *keys: str) -> None:
        """Presses keys, and waits for what comes of it."""
        await self.pilot.press(*keys)
        await self.settle()

    async def click(self, widget: Widget, x: int, y: int) -> None:
        """Clicks at a cell of a widget, and waits for what comes of it."""
        await self.pilot.click(widget, offset=(x, y))
        await self.settle()

    async def wheel(
        self,
        widget: Widget,
        x: int,
        y: int,
        *,
        down: bool,
        control: bool = False,
        shift: bool = False,
        notches: int = 1,
    ) -> None:
        """Turns the wheel over a cell of a widget, and waits for what comes of it."""
        turned: list[type[MouseEvent]] = [MouseScrollDown if down else MouseScrollUp] * notches
        await self.pilot._post_mouse_events(turned, widget, (x, y), shift=shift, control=control)
        await self.settle()

    async def anew(self, mode: str) -> "Shown":
        """In a mode, at its first row, whatever earlier tests of a module did that share an app."""
        assert self.app.is_running, "an earlier test has ended it"
        while not isinstance(self.app.screen, ModeScreen):
            await self.app.pop_screen()
            await self.settle()
        await self.app.action_mode(mode)
        if home := self.app.screen.home:
            home.focus()
        if mode == "waterfall":
            await self.app.run_action("screen.back")
            self.waterfall._see(View())
            self.waterfall.action_zoom_home()
        await self.settle()
        await self.press("home")
        if mode == "waterfall":
            self.waterfall.history = History()
        return self

    async def settle(self) -> None:
        """Until nothing is being worked out."""
        for _ in range(2):
            await self.until(lambda: not self._busy)
            await self.pilot.pause()

    async def still(self) -> None:
        """Until the screen shows the same three times in a row, with time for what is put off in between."""
        seen: list[list[Strip]] = []

        def stands() -> bool:
            seen.append(self.strips)
            return len(seen) > 2 and seen[-1] == seen[-2] == seen[-3]

        while not stands():
            self._wake()
            await self.settle()
            await self.pilot.pause(0.1)
            assert len(seen) < STIRS, f"it never stands still:\n{self.text}"

    def _wake(self) -> None:
        """What rests before it answers the newest question does so now: what is shown is of one reading."""
        for asked in list(latest_only._every):
            if asked._waiting and not asked._busy and self.app.screen in asked._node.ancestors_with_self:
                asked._start()

    async def until(self, seen: Callable[[], bool]) -> None:
        """Until `seen`; who waits longer looks less often, for a look computes as much as the app does."""
        begun = time.monotonic()
        while (waited := time.monotonic() - begun) < PATIENCE_S:
            if seen():
                return
            await self.pilot.pause(max(0.02, min(0.25, waited / 5)))
        raise AssertionError(f"never came; the screen shows:\n{self.text}")

    @property
    def _busy(self) -> bool:
        unfinished = [worker for worker in self.app.workers if not worker.is_finished]
        return bool([worker for worker in unfinished if worker.name != "feed"])


@asynccontextmanager
async def showing(
    *paths: Path | str,
    size: Size = (120, 40),
    follow: bool = False,
    title: str = "recording",
    mode: str = "waterfall",
    settings: Settings | None = None,
    replay: bool = False,
    at_top: bool = True,
) -> AsyncIterator[Shown]:
    """The app with `paths` read, or the directory `paths` followed, as it opens in `mode`.

    The waterfall opens on a failure or stall; from there it goes to its top if it is to be `at_top`.
    """
    ingest = Ingest([str(path) for path in paths], follow=follow)
    app = TracetuiApp(ingest, title, Path(paths[0]) if follow else None, settings, mode=mode)
    app.player.at_once = replay
    async with app.run_test(size=size) as pilot:
        shown = Shown(app, pilot)
        await shown.until(lambda: replay or _is_read(app, follow=follow))
        await shown.settle()
        if at_top and mode == "waterfall" and not replay and shown.waterfall.cursor:
            await shown.press("home")
        yield shown
        app._feed.stop()
        app.player.stop()
    await asyncio.to_thread(ingest.close)


def _is_read(app: TracetuiApp, *, follow: bool) -> bool:
    feeding = [worker for worker in app.workers if worker.name == "feed" and not worker.is_finished]
    return app.reading is not None and not app.reading.busy and (follow or not feeding)

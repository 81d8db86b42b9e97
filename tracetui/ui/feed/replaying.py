"""An app that can play its recording: the keys for it, and screens that begin anew where rows are others."""

import threading
from typing import ClassVar

from textual import on, work
from textual.message import Message
from textual.screen import Screen

from tracetui.analysis.runs.runs import NEWEST
from tracetui.analysis.time.replay import Recording, recording
from tracetui.settings import Settings
from tracetui.ui.app.appearance import Appearance
from tracetui.ui.app.modes import MODES
from tracetui.ui.feed.reading import Reading, Revised
from tracetui.ui.feed.replay import Replay
from tracetui.ui.feed.shown_run import ShownRun
from tracetui.ui.keys.key import bindings
from tracetui.ui.keys.keys import REPLAY

SEEK_PART = 20
"""A key goes forth or back by so small a part of the whole."""

_BETWEEN = "between"
_ACTIONS = frozenset({"play", "speed", "seek", "seek_end"})


class Played(Message):
    """There is another moment of a replay to be seen."""

    def __init__(self, reading: Reading) -> None:
        super().__init__()
        self.reading = reading

    def can_replace(self, message: Message) -> bool:
        """Only the newest one matters."""
        return isinstance(message, Played)


class AllRead(Message):
    """There is nothing more to come."""


class Replaying(Appearance):
    """What is read once can be played; what is followed is live already."""

    BINDINGS: ClassVar = bindings(REPLAY)

    look: ShownRun
    replay: Replay | None = None
    plays_at_once = False
    """Whether to play as soon as everything is read."""

    _all_is_read = False

    _rows = 0
    """How many rows the screens have seen; fewer than that are other rows."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._over = threading.Event()

    @property
    def _can_play(self) -> bool:
        reading = self.look.newest
        return self._all_is_read and reading is not None and len(reading.findings.runs) > 0

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What is live cannot be played, and what is not played cannot be sped up."""
        if action not in _ACTIONS:
            return super().check_action(action, parameters)
        return self._can_play if action == "play" else self.replay is not None

    def now_ns(self) -> int:
        """The time on the screen, in ns since the epoch."""
        return self.look.shown.now_ns() if self.look.shown else super().now_ns()

    def action_play(self) -> None:
        """Plays the recording, stops, goes on."""
        if self.replay:
            self.replay.clock.toggle()
            self.replay.turn()
        elif self._can_play and self.look.newest:
            self._play(self.look.newest)

    @on(AllRead)
    def _read_all(self) -> None:
        self._all_is_read = True
        if self.screen_stack:  # None while the app ends.
            self.refresh_bindings()
        if self.plays_at_once:
            self.action_play()

    @work(thread=True, name="feed", group="replay")
    def _play(self, whole: Reading) -> None:
        self._rows = len(whole.findings.snapshot) + 1  # The order of the rows is another.
        recorded: Recording = recording(whole.findings)
        self.replay = Replay(recorded, whole, self._hand_over, self._over)
        self.call_later(self.refresh_bindings)
        self.replay.run()

    def _hand_over(self, reading: Reading) -> None:
        self.post_message(Played(reading))

    def stop_playing(self) -> None:
        """The thread ends, also one that has only begun to put the recording together."""
        self._over.set()
        if self.replay:
            self.replay.turn()

    @on(Played)
    async def _played(self, message: Played) -> None:
        rows = len(message.reading.findings.snapshot)
        if rows < self._rows:
            self.look.choose(NEWEST)
            await self._begin_anew()
        self._rows = rows
        self.post_message(Revised(message.reading))

    async def _begin_anew(self) -> None:
        """Screens that know nothing of any row, in place of those there were."""
        current = self.current_mode
        made = {mode.name: self._modes[mode.name] for mode in MODES}
        self.add_mode(_BETWEEN, Screen)  # One's own mode cannot be removed.
        await self.switch_mode(_BETWEEN)
        for name, screen in made.items():
            await self.remove_mode(name)
            self.add_mode(name, screen)
        await self.switch_mode(current)
        await self.remove_mode(_BETWEEN)

    def action_speed(self, steps: int) -> None:
        """Plays faster or slower."""
        if self.replay:
            self.replay.clock.change_speed(steps)
            self.replay.turn()

    def action_seek(self, steps: int) -> None:
        """Goes forth or back."""
        if self.replay:
            clock = self.replay.clock
            clock.seek(clock.now_ns() + steps * (clock.finish_ns - clock.begin_ns) // SEEK_PART)
            self.replay.turn()

    def action_seek_end(self, end: int) -> None:
        """Goes to the beginning (0) or the end (1)."""
        if self.replay:
            clock = self.replay.clock
            clock.seek(clock.finish_ns if end else clock.begin_ns)
            self.replay.turn()

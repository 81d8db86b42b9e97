"""Plays a recording; what is followed is live already."""

import threading
from collections.abc import Callable

from textual.app import App
from textual.message import Message

from tracetui.analysis.time.replay import recording
from tracetui.ui.feed.reading import Reading
from tracetui.ui.feed.replay import Replay

SEEK_PART = 20
"""A key goes forth or back by so small a part of the whole."""


class Played(Message):
    """There is another moment of a replay to show."""

    def __init__(self, reading: Reading) -> None:
        super().__init__()
        self.reading = reading

    def can_replace(self, message: Message) -> bool:
        """Only the newest one matters."""
        return isinstance(message, Played)


class AllRead(Message):
    """Everything was read."""


class Player:
    """Belongs to the thread of `app`'s screens, which get each moment as a message `Played`."""

    ACTIONS = frozenset({"play", "speed", "seek", "seek_end"})
    """Those that are not always possible."""

    def __init__(self, app: App[None], newest: Callable[[], Reading | None]) -> None:
        self.at_once = False
        """Whether to play as soon as everything is read."""
        self.replay: Replay | None = None
        self._app = app
        self._newest = newest
        self._all_is_read = False
        self._over = threading.Event()
        self._rows = 0

    def allows(self, action: str) -> bool:
        """Whether an action is possible: nothing live can be played, and only a playing recording can be sped
        up.
        """
        return self._can_play if action == "play" else self.replay is not None

    @property
    def _can_play(self) -> bool:
        reading = self._newest()
        return self._all_is_read and reading is not None and len(reading.findings.runs) > 0

    def all_is_read(self) -> None:
        """Note that it can be played now."""
        self._all_is_read = True
        if self._app.screen_stack:  # None while the app ends.
            self._app.refresh_bindings()
        if self.at_once:
            self.toggle()

    def toggle(self) -> None:
        """Play the recording, pause or resume."""
        reading = self._newest()
        if self.replay:
            self.replay.clock.toggle()
            self.replay.turn()
        elif self._can_play and reading:
            self._rows = len(reading.findings.snapshot) + 1  # The order of the rows is another.
            self._app.run_worker(lambda: self._play(reading), name="feed", group="replay", thread=True)

    def _play(self, whole: Reading) -> None:
        self.replay = Replay(recording(whole.findings), whole, self._hand_over, self._over)
        self._app.call_later(self._app.refresh_bindings)
        self.replay.run()

    def _hand_over(self, reading: Reading) -> None:
        self._app.post_message(Played(reading))

    def begins_anew(self, reading: Reading) -> bool:
        """Whether the rows of the next moment are numbered differently from those before."""
        before, self._rows = self._rows, len(reading.findings.snapshot)
        return self._rows < before

    def stop(self) -> None:
        """End the thread, even if it has only begun to prepare the recording."""
        self._over.set()
        if self.replay:
            self.replay.turn()

    def change_speed(self, steps: int) -> None:
        """Play faster or slower."""
        if self.replay:
            self.replay.clock.change_speed(steps)
            self.replay.turn()

    def seek(self, steps: int) -> None:
        """Go forward or back."""
        if self.replay:
            clock = self.replay.clock
            clock.seek(clock.now_ns() + steps * (clock.finish_ns - clock.begin_ns) // SEEK_PART)
            self.replay.turn()

    def seek_end(self, *, end: bool) -> None:
        """Go to the start or the end."""
        if self.replay:
            clock = self.replay.clock
            clock.seek(clock.finish_ns if end else clock.begin_ns)
            self.replay.turn()

"""Signals end the app as quitting does, even if the terminal is gone."""

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from tracetui.ui.app.tty import keyboard

SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)
HANG_UP_PATIENCE_S = 1.5
LOOK_S = 1.0


class SignalHandling:
    """Calls `end` with the exit code, 128 plus the signal's number, in the running loop.

    A terminal that goes away counts as a hang-up, even if nobody sends the signal.
    """

    def __init__(self, end: Callable[[int], None]) -> None:
        self._end = end
        self._loop = asyncio.get_running_loop()
        self._before: dict[signal.Signals, Any] = {}
        self._over = threading.Event()

    def install(self) -> None:
        """Install the handlers; only the main thread may, elsewhere nothing changes."""
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._handle) for number in SIGNALS}
        keys = keyboard()
        if keys is not None:
            watch = threading.Thread(target=self._watch_terminal, args=(keys,), name="terminal", daemon=True)
            watch.start()

    def restore(self) -> None:
        """Restore the handlers."""
        self._over.set()
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _handle(self, number: int, _: FrameType | None) -> None:
        self._loop.call_soon_threadsafe(self._end, 128 + number)
        if number == signal.SIGHUP:
            # Nobody takes what is written to a terminal that is gone: the loop may wait for that for ever.
            last_resort = threading.Timer(HANG_UP_PATIENCE_S, os._exit, (128 + number,))
            last_resort.daemon = True
            last_resort.start()

    def _watch_terminal(self, keys: int) -> None:
        while not self._over.wait(LOOK_S):
            if not os.isatty(keys):
                self._handle(signal.SIGHUP, None)
                return

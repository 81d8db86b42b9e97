"""A repeated task in a thread that never outlives its process and never crosses a fork.

Python warns about forking beside a running thread, and under `-W error` that warning fails the host's test.
So tickers stop before a fork; whatever needs them next starts them again.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable
from weakref import WeakSet

_ticking: WeakSet[Ticker]


class Ticker:
    """Calls `tick` in a daemon thread, from `start()` to `stop()`.

    The first call comes at once, the next every `seconds`, or after as many seconds as the last tick
    returned.
    """

    def __init__(self, tick: Callable[[], float | None], seconds: float) -> None:
        self._tick = tick
        self._seconds = seconds
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._hurry = threading.Event()

    def start(self) -> None:
        """Start ticking, unless it already does."""
        if self._thread is not None:
            return
        self._stopping, self._hurry = threading.Event(), threading.Event()
        self._hurry.set()
        self._thread = threading.Thread(
            target=self._run, args=(self._stopping, self._hurry), name="tracetui-ticker", daemon=True
        )
        _ticking.add(self)
        # A host at its limit of threads, or at its end, does without.
        with contextlib.suppress(RuntimeError):
            self._thread.start()

    def hurry(self) -> None:
        """Tick now."""
        self._hurry.set()

    def stop(self) -> None:
        """Stop ticking; waits for a tick in progress, but not for ever."""
        thread, self._thread = self._thread, None
        self._stopping.set()
        self._hurry.set()
        if thread is not None and thread.is_alive() and thread is not threading.current_thread():
            thread.join(1.0)

    def _run(self, stopping: threading.Event, hurry: threading.Event) -> None:
        seconds = self._seconds
        while True:
            hurry.wait(seconds)
            if stopping.is_set():
                return
            hurry.clear()
            wait_s = self._tick()
            seconds = self._seconds if wait_s is None else wait_s


_ticking = WeakSet()


def _stop_all() -> None:
    for ticker in list(_ticking):
        ticker.stop()


os.register_at_fork(before=_stop_all)

"""A sign of life every few seconds, from a thread that never outlives its process and never crosses a fork.

Forking beside a running thread is what Python warns about, and under `-W error` that warning fails the host's
test. So hearts stop before a fork; what starts or ends a span next makes them beat again.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable
from weakref import WeakSet

_beating: WeakSet[Heart]


class Heart:
    """Calls `beat` every `seconds` in a daemon thread, from `start()` to `stop()`."""

    def __init__(self, beat: Callable[[], object], seconds: float) -> None:
        self._beat = beat
        self._seconds = seconds
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()

    def start(self) -> None:
        """Beat, if it does not already."""
        if self._thread is not None:
            return
        self._stopping = threading.Event()
        self._thread = threading.Thread(
            target=self._run, args=(self._stopping,), name="tracetui-heartbeat", daemon=True
        )
        _beating.add(self)
        # A host at its limit of threads, or at its end, is shown without a heartbeat.
        with contextlib.suppress(RuntimeError):
            self._thread.start()

    def stop(self) -> None:
        """Beat no more; waits for a beat that is under way, but not for ever."""
        thread, self._thread = self._thread, None
        self._stopping.set()
        if thread is not None and thread.is_alive() and thread is not threading.current_thread():
            thread.join(1.0)

    def _run(self, stopping: threading.Event) -> None:
        while not stopping.wait(self._seconds):
            self._beat()


_beating = WeakSet()


def _stop_all() -> None:
    for heart in list(_beating):
        heart.stop()


os.register_at_fork(before=_stop_all)

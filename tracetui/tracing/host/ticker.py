"""A repeated task in a thread that never outlives its process and never crosses a fork.

Python warns about forking beside a running thread, and under `-W error` that warning fails the host's test.
So tickers stop before a fork; whatever needs them next starts them again.
"""

from __future__ import annotations

import _thread
import os
import signal
import threading
from collections.abc import Callable
from weakref import WeakSet

from tracetui.tracing.host.handlers import let_through

_ticking: WeakSet[Ticker]
_PATIENCE_S = 1.0


_MOST_LOOKS, _STEP_S = 1000, 0.0001
"""How often a thread that has ended is looked for until it is gone, and how long between."""


class _Beat:
    """What one thread and those who wait for it share."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.hurry = threading.Event()
        self.hurry.set()
        # A lock: to wait for an event is Python code, which a signal handler that raises leaves half done.
        self.running = _thread.allocate_lock()
        self.running.acquire()
        self.thread = 0
        self.system_thread = 0


class Ticker:
    """Calls `tick` in a daemon thread, from `start()` to `stop()`.

    The first call comes at once, the next every `seconds`, or after as many seconds as the last tick
    returned.
    """

    def __init__(self, tick: Callable[[], float | None], seconds: float) -> None:
        self._tick = tick
        self._seconds = seconds
        self._beat: _Beat | None = None

    def start(self) -> None:
        """Start ticking, unless it already does."""
        if self._beat is not None:
            return
        beat = _Beat()
        _ticking.add(self)
        # `Thread.start` lists what it starts, and waits. A signal handler of the host's that raises in there
        # leaves list and thread at odds, and becomes an error of the lock; this is one call of C.
        try:
            self._beat = beat
            _thread.start_new_thread(self._run, (beat,))
        except RuntimeError as error:
            beat.running.release()
            let_through(error)  # A host at its limit of threads, or at its end, does without.
        except BaseException:
            self._beat = None
            beat.stopping.set()
            raise

    def hurry(self) -> None:
        """Tick now."""
        if self._beat is not None:
            self._beat.hurry.set()

    def stop(self) -> None:
        """Stop ticking; waits for a tick in progress, but not for ever."""
        beat, self._beat = self._beat, None
        if beat is None:
            return
        beat.stopping.set()
        beat.hurry.set()
        if beat.thread != _thread.get_ident() and beat.running.acquire(timeout=_PATIENCE_S):
            _until_gone(beat.system_thread)

    def _run(self, beat: _Beat) -> None:
        beat.thread, beat.system_thread = _thread.get_ident(), _thread.get_native_id()
        # Signals are for the host's threads: one that is delivered here interrupts none of their calls.
        if hasattr(signal, "pthread_sigmask"):
            signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        try:
            self._go(beat)
        finally:
            beat.running.release()

    def _go(self, beat: _Beat) -> None:
        seconds = self._seconds
        while True:
            beat.hurry.wait(seconds)
            if beat.stopping.is_set():
                return
            beat.hurry.clear()
            wait_s = self._tick()
            seconds = self._seconds if wait_s is None else wait_s


def _until_gone(system_thread: int) -> None:
    """Wait until the system has no such thread any more: Python 3.12 counts those before a fork (Linux)."""
    pause = _thread.allocate_lock()
    pause.acquire()
    for _ in range(_MOST_LOOKS):
        if not os.path.exists(f"/proc/self/task/{system_thread}"):  # noqa: PTH110 - nothing else is needed
            return
        # Not `time.sleep`, which a host's test may have replaced.
        pause.acquire(timeout=_STEP_S)


_ticking = WeakSet()


def _stop_all() -> None:
    for ticker in list(_ticking):
        ticker.stop()


os.register_at_fork(before=_stop_all)

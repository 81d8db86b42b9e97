"""How the app uses the terminal: Textual's driver, except for where it writes and reads, and how it stops.

Textual's own writes to standard error and reads standard input. It also stops and resumes inside signal
handlers, which may interrupt anything, including each other; here a handler only notes the signal, and the
event loop does the rest between two pieces of its work. Private parts used here have a canary in the tests.
"""

import os
import signal
import sys
import termios
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from textual.drivers.linux_driver import LinuxDriver

from tracetui.ui.app.tty import keyboard


class TerminalDriver(LinuxDriver):
    """Draws on standard output, a terminal; standard error may go anywhere, standard input be data."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        encoding = getattr(sys.__stdout__, "encoding", None) or "utf-8"
        self._file = open(1, "w", encoding=encoding, errors="backslashreplace", closefd=False)  # noqa: SIM115
        self.fileno = keyboard() or 0
        self.input_tty = os.isatty(self.fileno)
        self._to_do: set[Callable[[], None]] = set()

    @property
    def is_up(self) -> bool:
        """Whether the app has the terminal, and can write to it."""
        return self._writer_thread is not None and self._writer_thread.is_alive()

    def write(self, data: str) -> None:
        """Write to the terminal; nothing while another job has it: everything is repainted afterwards."""
        if self.is_up:
            super().write(data)

    def start_application_mode(self) -> None:
        """Take the terminal, as soon as this job is in the foreground."""
        with _handled(signal.SIGCONT, signal.SIG_IGN), suppress(termios.error):
            # Changes nothing, and stops a job in the background until it has the terminal.
            termios.tcsetattr(self.fileno, termios.TCSANOW, termios.tcgetattr(self.fileno))
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def _sigtstp_application(self, *_: object) -> None:
        if self._auto_restart and self._loop.is_running():
            self._soon(self._stop)
        else:  # An editor has the terminal, and the loop waits for it; or the app is over.
            os.kill(os.getpid(), signal.SIGSTOP)

    def _sigcont_application(self, *_: object) -> None:
        if self._auto_restart and self._loop.is_running():
            self._soon(self._go_on)

    def _soon(self, work: Callable[[], None]) -> None:
        if work not in self._to_do:
            self._to_do.add(work)
            self._loop.call_soon_threadsafe(work)

    def _stop(self) -> None:
        """Restore the terminal, and stop until a shell resumes the app."""
        if self.is_up:
            self.suspend_application_mode()
        with _handled(signal.SIGCONT, signal.SIG_IGN), _handled(signal.SIGTSTP, signal.SIG_DFL):
            # To the main thread, which is sure to do nothing more before it goes on, and the process with it.
            signal.pthread_kill(threading.get_ident(), signal.SIGTSTP)
            self._to_do.discard(self._stop)
        self._go_on()

    def _go_on(self) -> None:
        """Resume after a stop, by `ctrl+z` or from outside, and set every mode of the terminal again."""
        self._to_do.discard(self._go_on)
        if self.is_up:
            self.suspend_application_mode()
        if self._app.return_code is None:  # Else the app is about to end, and leaves the terminal as it is.
            self._must_signal_resume = True
            self.resume_application_mode()


@contextmanager
def _handled(number: signal.Signals, how: signal.Handlers) -> Iterator[None]:
    """Ignore a signal, or restore its default action, for a while."""
    before = signal.signal(number, how)
    try:
        yield
    finally:
        signal.signal(number, before)

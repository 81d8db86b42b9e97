"""Signals that are for a command: each reaches it once, whoever sends it.

The keys of a terminal send a signal to all of a group, the command included; somebody else, to us alone. Only
what the kernel says beside a signal tells one from the other, and it says that to those who wait for signals
that are blocked: by `held()`, in every thread.
"""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

from tracetui.rerun.process_groups import handled

_FROM_KEYS = (signal.SIGINT, signal.SIGQUIT)
_SIGNALS = (*_FROM_KEYS, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2)
_BY_KERNEL = 0x80
"""`SI_KERNEL`: a terminal's keys, or its end (sigaction(2))."""
LOOK_S = 0.5
"""A command's end is looked for that often, should its signal not come."""

_TELLS_WHO = hasattr(signal, "sigtimedwait")

Process = subprocess.Popen[bytes]


def _ours() -> list[int]:
    """What is ignored stays so: the command ignores it too."""
    return [number for number in _SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]


@contextmanager
def held() -> Iterator[None]:
    """Hold signals back in this thread and in those that it starts."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [*_ours(), signal.SIGCHLD])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def released() -> Iterator[None]:
    """Take the signals that `held` holds back in this thread."""
    before = signal.pthread_sigmask(signal.SIG_UNBLOCK, [*_SIGNALS, signal.SIGCHLD])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Passing:
    """Passes signals on to the process that is waited for, those that came before too."""

    def __init__(self, numbers: list[int]) -> None:
        self._numbers = numbers
        self._early: list[int] = []
        self._process: Process | None = None

    def come(self, number: int, _frame: FrameType | None) -> None:
        """A signal that was not held back."""
        if self._process is None:
            self._early.append(number)
        elif not (number in _FROM_KEYS and _is_in_front() and _is_of_our_group(self._process)):
            _send(self._process, number)

    def wait_for(self, process: Process, most_s: float | None = None) -> bool:
        """Wait for the end of a process, for `most_s` at most; whether it has come."""
        self._process = process
        early, self._early = self._early, []
        for number in early:
            _send(process, number)
        if most_s is not None:
            self._look(process, most_s)
        else:
            while process.poll() is None:
                self._look(process, LOOK_S)
        return process.poll() is not None

    def _look(self, process: Process, seconds: float) -> None:
        if _TELLS_WHO:
            self._take(process, signal.sigtimedwait([*self._numbers, signal.SIGCHLD], seconds))
        else:
            with suppress(subprocess.TimeoutExpired):
                process.wait(seconds)

    def _take(self, process: Process, came: Any) -> None:
        if came is None or came.si_signo not in self._numbers:
            return
        if not (came.si_code == _BY_KERNEL and _is_of_our_group(process)):
            _send(process, came.si_signo)


@contextmanager
def passing_on() -> Iterator[Passing]:
    """Signals are for the process that is waited for, and for nobody else."""
    passing = Passing(_ours())
    with held() if _TELLS_WHO else released(), handled(_ours(), passing.come):
        yield passing


def _send(process: Process, number: int) -> None:
    with suppress(ProcessLookupError):
        process.send_signal(number)


def _is_of_our_group(process: Process) -> bool:
    try:
        return os.getpgid(process.pid) == os.getpgrp()
    except ProcessLookupError:
        return False


def _is_in_front() -> bool:
    """Whether the keys of a terminal that send signals send them to our group."""
    try:
        return os.tcgetpgrp(0) == os.getpgrp()
    except OSError:
        return False

"""Runs a command on behalf of the user: it gets the signals that we get, and its exit code is ours."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import IO, Any

from tracetui.errors import TracetuiError
from tracetui.rerun.process_groups import handled

PATIENCE_S = 5.0
"""How long a command may take to end where its screen was ended by a signal."""
LOOK_S = 0.05
_FROM_KEYS = (signal.SIGINT, signal.SIGQUIT)
_SIGNALS = (*_FROM_KEYS, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2)
_PIECE_BYTES = 64 << 10

Process = subprocess.Popen[bytes]


class NotRunError(TracetuiError):
    """The command cannot be run; the exit codes are those of shells."""

    def __init__(self, name: str, error: OSError) -> None:
        super().__init__(f"{name}: {(error.strerror or str(error)).lower()}")
        self.exit_code = 127 if isinstance(error, FileNotFoundError) else 126


def run_in_front(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a command with our own streams; returns its exit code."""
    with _passing_signals_on() as to:
        process = _started(command, environment)
        to(process)
        return exit_code(process)


@contextmanager
def run_behind(
    command: Sequence[str], environment: Mapping[str, str], output: IO[bytes]
) -> Iterator[Process]:
    """Run a command without a terminal and keep its output; at the end nothing of its group is left."""
    process = _started(
        command,
        environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            _signal_group(process, signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE_S)
            _signal_group(process, signal.SIGKILL)
            process.wait()


def bring_to_front(process: Process, output: IO[bytes]) -> int:
    """Print what a command behind has printed, and what follows until it ends; returns its exit code."""
    at = 0
    with _passing_signals_on() as to:
        to(process)
        is_over = False
        while not is_over:
            is_over = process.poll() is not None
            while data := os.pread(output.fileno(), _PIECE_BYTES, at):
                at += len(data)
                sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
            if not is_over:
                time.sleep(LOOK_S)
    return exit_code(process)


def _started(command: Sequence[str], environment: Mapping[str, str], **options: Any) -> Process:
    try:
        return subprocess.Popen(command, env=dict(environment), **options)
    except OSError as error:
        raise NotRunError(command[0], error) from None


def exit_code(process: Process) -> int:
    """Wait for its end; its exit code as shells have it: 128 plus the number of a signal that ended it."""
    code = process.wait()
    return 128 - code if code < 0 else code


def _signal_group(process: Process, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


@contextmanager
def _passing_signals_on() -> Iterator[Callable[[Process], None]]:
    """Pass signals on to the process that is named, those that came before too."""
    waiting: list[int] = []
    named: list[Process] = []

    def send(number: int) -> None:
        is_from_keys = number in _FROM_KEYS and _is_in_front()
        if not (is_from_keys and os.getpgid(named[0].pid) == os.getpgrp()):  # The keys reach all of a group.
            with suppress(ProcessLookupError):
                named[0].send_signal(number)

    def come(number: int, _frame: object) -> None:
        if named:
            send(number)
        else:
            waiting.append(number)

    def name(process: Process) -> None:
        named.append(process)
        for number in waiting:
            send(number)

    ours = [number for number in _SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
    with handled(ours, come):
        yield name


def _is_in_front() -> bool:
    """Whether the keys of a terminal that send signals send them to our group."""
    try:
        return os.tcgetpgrp(0) == os.getpgrp()
    except OSError:
        return False

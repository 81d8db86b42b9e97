"""Runs a command on behalf of the user: it gets the signals that we get, and its exit code is ours."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import IO, Any

from tracetui.cli.record.signals import passing_on, released
from tracetui.errors import TracetuiError

PATIENCE_S = 5.0
"""How long a command may take to end where its screen was ended by a signal."""
LOOK_S = 0.05
_PIECE_BYTES = 64 << 10

Process = subprocess.Popen[bytes]


class NotRunError(TracetuiError):
    """The command cannot be run; the exit codes are those of shells."""

    def __init__(self, name: str, error: OSError) -> None:
        super().__init__(f"{name}: {(error.strerror or str(error)).lower()}")
        self.exit_code = 127 if isinstance(error, FileNotFoundError) else 126


def run_in_front(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a command with our own streams; returns its exit code."""
    with passing_on() as passing:
        with released():  # It begins with the signals that we began with.
            process = _started(command, environment)
        passing.wait_for(process)
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
            end_by(process, signal.SIGTERM)
            _signal_group(process, signal.SIGKILL)
            process.wait()


def bring_to_front(process: Process, output: IO[bytes]) -> int:
    """Print what a command behind has printed, and what follows until it ends; returns its exit code."""
    at = 0
    with passing_on() as passing:
        is_over = False
        while not is_over:
            is_over = passing.wait_for(process, LOOK_S)
            while data := os.pread(output.fileno(), _PIECE_BYTES, at):
                at += len(data)
                sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
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


def end_by(process: Process, number: int) -> None:
    """Send a signal to a command behind and all of its group, and wait a while for it to end."""
    _signal_group(process, number)
    with suppress(subprocess.TimeoutExpired):
        process.wait(PATIENCE_S)


def _signal_group(process: Process, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)

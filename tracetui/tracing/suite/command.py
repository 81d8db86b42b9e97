"""Runs a command in a process group of its own: its output is kept, and no process survives it."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from opentelemetry import context as current

from tracetui.tracing.environment import variables_for
from tracetui.tracing.suite.failures import CommandError
from tracetui.tracing.suite.interrupts import interrupts_held_back
from tracetui.tracing.suite.reaper import Reaper
from tracetui.tracing.suite.table import Command

_OUTPUT_SHOWN = 64 << 10
_PLACE = re.compile(r"\{\{|\}\}|\{([a-z_]+)\}")

REAPER = Reaper()


def filled_in(command: Command, values: Mapping[str, str]) -> list[str]:
    """The words to execute, with placeholders filled in; in a shell's line each is one word."""
    if isinstance(command, str):
        return ["/bin/sh", "-c", _fill(command, {key: shlex.quote(text) for key, text in values.items()})]
    return [_fill(word, values) for word in command]


def _fill(text: str, values: Mapping[str, str]) -> str:
    def place(match: re.Match[str]) -> str:
        return match[0][0] if match[1] is None else values.get(match[1], match[0])

    return _PLACE.sub(place, text)


class Process:
    """A running command; `env` is added to the environment. Raises CommandError if it cannot be started."""

    def __init__(self, words: list[str], cwd: Path, env: Mapping[str, str]) -> None:
        # First, so that a command is unknown to it for no longer than an instant.
        REAPER.start()
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - until `close()`
        try:
            with interrupts_held_back():
                self._popen = self._started(words, cwd, env)
                self.pid = self._popen.pid
                REAPER.watch(self.pid)
        except CommandError:
            self._file.close()
            raise
        except BaseException:
            # Interrupted, once it was started: nobody else has it.
            self.close()
            raise

    def _started(self, words: list[str], cwd: Path, env: Mapping[str, str]) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(
                words,
                cwd=cwd,
                env={**os.environ, **variables_for(current.get_current()), **env},
                stdin=subprocess.DEVNULL,
                stdout=self._file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            raise CommandError(f"{words[0]} cannot be run: {error}") from error

    @property
    def code(self) -> int | None:
        """Its exit code, negative for a signal; None while it runs."""
        return self._popen.poll()

    def size(self) -> int:
        """How much it has printed so far, in bytes."""
        return os.fstat(self._file.fileno()).st_size

    def output(self, start: int = 0) -> str:
        """What it has printed after the first `start` bytes; if that is long, its end."""
        end = self.size()
        begin = max(start, end - _OUTPUT_SHOWN)
        text = os.pread(self._file.fileno(), end - begin, begin).decode("utf-8", "replace")
        return text if begin == start else f"... ({begin - start} bytes before)\n{text}"

    def wait(self, timeout_s: float) -> int:
        """Its exit code; raises subprocess.TimeoutExpired."""
        return self._popen.wait(timeout_s)

    def stop(self, patience_s: float) -> int | None:
        """Ask it to end, and wait `patience_s`; its exit code, or None if it does not end."""
        self._signal(signal.SIGTERM)
        try:
            return self._popen.wait(patience_s)
        except subprocess.TimeoutExpired:
            return None

    def close(self) -> None:
        """Kill the rest of its group, and drop its output."""
        self._signal(signal.SIGKILL)
        self._popen.wait()
        REAPER.forget(self.pid)
        self._file.close()

    def _signal(self, number: signal.Signals) -> None:
        # The group may be gone while its number is still ours: nobody has waited for it yet, or just has.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, number)


def run_command(words: list[str], cwd: Path, env: Mapping[str, str], timeout_s: float) -> str:
    """Run to the end and return the output; raises CommandError if it fails, times out or cannot be
    started.
    """
    process = Process(words, cwd, env)
    try:
        code = process.wait(timeout_s)
        if code:
            raise CommandError(how_it_ended(code), process.output())
        return process.output()
    except subprocess.TimeoutExpired:
        raise CommandError(f"timed out after {timeout_s:g} s", process.output()) from None
    finally:
        process.close()


def how_it_ended(code: int) -> str:
    """An exit code in words."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"

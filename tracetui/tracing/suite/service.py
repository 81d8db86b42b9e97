"""A suite's fixture: a command that runs beside the tests of one worker."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Mapping
from pathlib import Path

from tracetui.tracing.suite.command import Process, filled_in, how_it_ended
from tracetui.tracing.suite.failures import CommandError, FixtureError
from tracetui.tracing.suite.schema import FixtureSpec

_NAME = "fixture"
_PAUSE_S = 0.02
_HOST = "127.0.0.1"


class Service:
    """A fixture's command: `start()` it, `check()` that it runs, and always `stop()` it."""

    def __init__(self, spec: FixtureSpec, cwd: Path) -> None:
        self._spec = spec
        self._cwd = cwd
        self._process: Process | None = None
        self.port = free_port() if spec.port == 0 else spec.port

    def start(self, values: Mapping[str, str], env: Mapping[str, str]) -> None:
        """Start it and wait until it is ready; raises FixtureError."""
        words = filled_in(self._spec.command, values)
        try:
            self._process = Process(words, self._cwd, {**env, **self._spec.env})
        except CommandError as failure:
            raise self._failed(f"cannot be started: {failure}") from None
        until = time.monotonic() + self._spec.timeout_s
        while not self._is_ready(self._process):
            self.check()
            if time.monotonic() > until:
                raise self._failed(f"was not ready after {self._spec.timeout_s:g} s")
            time.sleep(_PAUSE_S)

    def check(self) -> None:
        """Raises FixtureError if it has ended."""
        code = None if self._process is None else self._process.code
        if code is not None:
            raise self._failed(f"has ended by itself: {how_it_ended(code)}")

    def size(self) -> int:
        """How many bytes it has printed."""
        return 0 if self._process is None else self._process.size()

    def output(self, start: int = 0) -> str:
        """What it has printed after the first `start` bytes."""
        return "" if self._process is None else self._process.output(start)

    def stop(self) -> None:
        """End it and everything it started; raises FixtureError if it had to be killed, or had ended."""
        if self._process is None:
            return
        try:
            self.check()
            if self._process.stop(self._spec.timeout_s) is None:
                raise self._failed(f"did not stop within {self._spec.timeout_s:g} s")
        finally:
            self._process.close()
            self._process = None

    def _is_ready(self, process: Process) -> bool:
        wanted = self._spec.output
        if wanted is not None and wanted.search(process.output()) is None:
            return False
        return self.port is None or answers(self.port)

    def _failed(self, what: str) -> FixtureError:
        return FixtureError(_NAME, f"the fixture {what}", self.output())


def free_port() -> int:
    """A port that is free at this moment."""
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    """Whether something listens on `port` of this machine."""
    with contextlib.suppress(OSError), socket.create_connection((_HOST, port), timeout=1):
        return True
    return False

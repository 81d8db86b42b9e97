"""Where one process writes: a directory, and in it a stem that its files share."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from tracetui.tracing.files.batched_file import BatchedLineFile
from tracetui.tracing.files.directory import is_collected
from tracetui.tracing.files.line_file import Complain, LineFile
from tracetui.tracing.host.clock import now_ns
from tracetui.tracing.host.per_process import PerProcess
from tracetui.tracing.host.system import System


def _new_stem(service_name: str) -> str:
    start = datetime.fromtimestamp(now_ns() // 1_000_000_000, UTC).strftime("%Y%m%dT%H%M%SZ")
    service = re.sub(r"[^A-Za-z0-9._-]+", "_", service_name)[:64] or "unknown"
    return f"{start}-{service}-{System.getpid()}-{System.urandom(4).hex()}"


class Place:
    """A directory for one service's files; every process that writes there has its own stem.

    A process that needs more than one file of a kind uses another stem for each.
    """

    def __init__(self, directory: Path, service_name: str) -> None:
        self.directory = directory
        self._service = service_name
        self._stem = PerProcess(lambda: _new_stem(service_name))
        self._is_ignored = not is_collected(directory)

    def traces(
        self, complain: Complain, batch_seconds: float = 0.0, max_bytes: int | None = None
    ) -> LineFile:
        """The calling process's file of finished spans."""
        make = partial(BatchedLineFile, batch_seconds) if batch_seconds > 0 else LineFile
        return make(
            self.directory,
            self._names("{}.traces.jsonl"),
            max_bytes=max_bytes,
            complain=complain,
            is_ignored=self._is_ignored,
        )

    def starts(self, header: Callable[[], bytes]) -> Callable[[], LineFile]:
        """A function that gives the calling process's file of start records, and the next one at each
        call.
        """
        new_name = self._names("live/{}.logs.jsonl")
        return lambda: LineFile(self.directory, new_name, header=header, is_ignored=self._is_ignored)

    def logs(self) -> LineFile:
        """The calling process's file of log records, such as captured output."""
        return LineFile(self.directory, self._names("logs/{}.logs.jsonl"), is_ignored=self._is_ignored)

    def _names(self, pattern: str) -> Callable[[], str]:
        stems = iter([self._stem()])
        return lambda: pattern.format(next(stems, None) or _new_stem(self._service))

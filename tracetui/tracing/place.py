"""Where one process writes: a directory, and in it a stem of its own that its files share."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from tracetui.tracing.clock import now_ns
from tracetui.tracing.line_file import LineFile
from tracetui.tracing.per_process import PerProcess


def _new_stem(service_name: str) -> str:
    start = datetime.fromtimestamp(now_ns() // 1_000_000_000, UTC).strftime("%Y%m%dT%H%M%SZ")
    service = re.sub(r"[^A-Za-z0-9._-]+", "_", service_name)[:64] or "unknown"
    return f"{start}-{service}-{os.getpid()}-{os.urandom(4).hex()}"


class Place:
    """A directory for one service's files; every process that writes there has a stem of its own."""

    def __init__(self, directory: Path, service_name: str) -> None:
        # Absolute at once: the host may change its working directory.
        self.directory = directory.absolute()
        self._stem = PerProcess(lambda: _new_stem(service_name))

    def traces(self) -> LineFile:
        """The file of finished spans of the process that asks."""
        return LineFile(self.directory, f"{self._stem()}.traces.jsonl")

    def starts(self, header: Callable[[], bytes]) -> LineFile:
        """The file of start records of the process that asks."""
        return LineFile(self.directory, f"live/{self._stem()}.logs.jsonl", header=header)

    def logs(self) -> LineFile:
        """The file of log records, such as captured output, of the process that asks."""
        return LineFile(self.directory, f"logs/{self._stem()}.logs.jsonl")

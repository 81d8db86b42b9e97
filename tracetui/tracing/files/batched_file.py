"""A file of lines that are written some at a time: cheaper, but a killed process loses what was not yet
written.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tracetui.tracing.files.line_file import LineFile
from tracetui.tracing.host.ticker import Ticker

LONGEST_SECONDS = 0.2
_ENOUGH_BYTES = 256 * 1024


class BatchedLineFile(LineFile):
    """A `LineFile` that buffers lines for `seconds`, 0.2 at most, or until there are 256 KiB of them.

    A thread of its own writes them; so do closing and `flush()`.
    """

    def __init__(self, seconds: float, directory: Path, new_name: Callable[[], str], **options: Any) -> None:
        super().__init__(directory, new_name, **options)
        self._held: list[bytes] = []
        self._held_count = self._held_bytes = 0
        self._ticker = Ticker(self.flush, min(seconds, LONGEST_SECONDS))

    def write(self, data: bytes, count: int = 1) -> bool:
        """Take a line, or `count` of them; False if they are already lost."""
        if self.closed:
            return super().write(data, count)
        with self._lock:
            if self._max_bytes is not None and self._held_bytes + len(data) > self._max_bytes:
                # What is written at once is in one file.
                self.flush()
            self._held.append(data)
            self._held_count += count
            self._held_bytes += len(data)
        self._ticker.start()
        if self._held_bytes >= _ENOUGH_BYTES:
            self.flush()
        return True

    def flush(self) -> None:
        """Write what is held back."""
        with self._lock:
            held, count = self._held, self._held_count
            self._held, self._held_count, self._held_bytes = [], 0, 0
            if held:
                super().write(b"".join(held), count)

    def close(self) -> None:
        """Write what is held back, and close the file."""
        self._ticker.stop()
        self.flush()
        super().close()

"""The files of those who send: of each process one of spans and one of log records, with one stem.

As our own writer has them: who reads them can tell of each process whether it still lives, and a run can be
removed without another.
"""

import threading
from collections import OrderedDict
from pathlib import Path
from typing import NamedTuple

from tracetui.receive.requests.lines import Batch
from tracetui.receive.requests.signals import TRACES, Signal
from tracetui.tracing.files.line_file import LineFile
from tracetui.tracing.files.place import Place

MOST_OPEN = 128
"""Who has been silent the longest gets a new file, should it send again."""


class UnwrittenError(Exception):
    """The records cannot be written now; the message says why."""


class _Files(NamedTuple):
    traces: LineFile
    logs: LineFile


class Senders:
    """Writes below `directory`; any thread may call it."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lock = threading.Lock()
        self._open: OrderedDict[bytes, _Files] = OrderedDict()
        self._removed = 0
        self._why = ""

    @property
    def removed(self) -> int:
        """How many records that were written are gone with a file that somebody removed."""
        with self._lock:
            return self._removed + sum(file.removed for files in self._open.values() for file in files)

    def append(self, signal: Signal, sender: bytes, batch: Batch) -> None:
        """Write all lines of a batch or none; raises `UnwrittenError`."""
        with self._lock:
            files = self._files_of(sender)
            file = files.traces if signal is TRACES else files.logs
            if not file.append(lambda: batch.data, count=batch.records):
                raise UnwrittenError(file.first_error or self._why)
            file.let_go()

    def close(self) -> None:
        """Close all files."""
        with self._lock:
            while self._open:
                self._close_one()

    def _files_of(self, sender: bytes) -> _Files:
        files = self._open.get(sender)
        if files is None:
            while len(self._open) >= MOST_OPEN:
                self._close_one()
            place = Place(self._directory, "received")
            files = self._open[sender] = _Files(place.traces(self._complain), place.logs())
        self._open.move_to_end(sender)
        return files

    def _close_one(self) -> None:
        _, files = self._open.popitem(last=False)
        for file in files:
            file.close()
            self._removed += file.removed

    def _complain(self, why: str) -> None:
        self._why = why

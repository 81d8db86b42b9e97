"""Standard input, or any pipe: read as it comes, and spooled, so that it can be read back."""

import os
import select
import stat
import time
from pathlib import Path

from tracetui.sources.block import Block
from tracetui.sources.files.descriptors import UnreadableError
from tracetui.sources.unpacking.spool import Spool

WAIT_MS = 200
"""How long one `read` waits for bytes to come."""


class StdinSource:
    """The bytes of a descriptor, which stays the caller's, spooled in an unlinked file of mode 0600."""

    reset = vanished = False

    def __init__(self, descriptor: int, label: str = "-") -> None:
        self.label = label
        self.ended = False
        self.modified_ns = time.time_ns()
        self._descriptor = descriptor
        self._arrivals = select.poll()
        self._arrivals.register(descriptor, select.POLLIN)
        self._spool = Spool(self.label)

    @property
    def size(self) -> int:
        return self._spool.size

    def read(self, limit: int) -> Block | None:
        if self.ended or not self._arrivals.poll(WAIT_MS):
            return None
        try:
            data = os.read(self._descriptor, limit)
        except BlockingIOError:  # Somebody else who reads it was quicker.
            return None
        except OSError as error:
            raise UnreadableError(self.label, error) from error
        self.ended = not data
        return self._keep(data) if data else None

    def read_at(self, offset: int, length: int) -> bytes:
        return self._spool.read_at(offset, length)

    def close(self) -> None:
        self.ended = True
        self._spool.close()

    def _keep(self, data: bytes) -> Block:
        offset = self._spool.size
        self.ended = (
            True  # What a pipe gave cannot be had again: where it is not kept, going on leaves a hole.
        )
        self._spool.append(data)
        self.ended = False
        self.modified_ns = time.time_ns()
        return Block(offset, data)


class NamedPipe(StdinSource):
    """A FIFO, or what a shell calls `<(...)`: waits until somebody writes to it, and ends with the last
    writer.

    Raises UnreadableError if it cannot be opened.
    """

    def __init__(self, path: str) -> None:
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise UnreadableError(path, error) from error
        super().__init__(descriptor, path)

    def close(self) -> None:
        super().close()
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


def is_pipe(path: str) -> bool:
    """Whether a path is that of a pipe: its bytes come once."""
    try:
        return stat.S_ISFIFO(Path(path).stat().st_mode)
    except (OSError, ValueError):
        return False

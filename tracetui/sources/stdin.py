"""Standard input, or any pipe: read as it comes, and kept, so that it can be read back."""

import os
import select
import tempfile
import time

from tracetui.errors import InputError
from tracetui.sources.block import Block
from tracetui.sources.descriptors import UnreadableError, read_exactly

WAIT_MS = 200
"""How long one `read` waits for bytes to come."""


class StdinSource:
    """The bytes of a descriptor, which stays the caller's, kept in an unlinked file of mode 0600."""

    label = "-"
    reset = False

    def __init__(self, descriptor: int) -> None:
        self.ended = False
        self.size = 0
        self.modified_ns = time.time_ns()
        self._descriptor = descriptor
        self._arrivals = select.poll()
        self._arrivals.register(descriptor, select.POLLIN)
        self._spool = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - it lives as long as the source

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
        if self._spool.closed or offset + length > self.size:
            raise InputError(
                f"{self.label}: bytes {offset} to {offset + length} are gone; read the input again"
            )
        return read_exactly(self._spool.fileno(), offset, length)

    def close(self) -> None:
        self.ended = True
        self._spool.close()

    def _keep(self, data: bytes) -> Block:
        kept = 0
        try:
            while kept < len(data):
                kept += os.pwrite(self._spool.fileno(), data[kept:], self.size + kept)
        except OSError as error:
            self.ended = True  # What a pipe gave cannot be had again: going on would leave a hole.
            raise InputError(
                f"{self.label}: no room to keep it ({error.strerror}); set TMPDIR to a larger disk"
            ) from error
        block = Block(self.size, data)
        self.size += len(data)
        self.modified_ns = time.time_ns()
        return block

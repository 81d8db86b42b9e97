"""Standard input, or any pipe: read as it comes, and spooled, so that it can be read back."""

import os
import select
import time

from tracetui.sources.block import Block
from tracetui.sources.files.descriptors import UnreadableError
from tracetui.sources.unpacking.spool import Spool

WAIT_MS = 200
"""How long one `read` waits for bytes to come."""


class StdinSource:
    """The bytes of a descriptor, which stays the caller's, spooled in an unlinked file of mode 0600."""

    label = "-"
    reset = vanished = False

    def __init__(self, descriptor: int) -> None:
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

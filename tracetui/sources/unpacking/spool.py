"""A spool for bytes that must be read back: an unlinked temporary file of mode 0600."""

import os
import tempfile

from tracetui.errors import InputError
from tracetui.sources.files.descriptors import read_exactly


class Spool:
    """Grows at its end; gone with the process, however that ends. A full disk is an `InputError`."""

    def __init__(self, label: str) -> None:
        self.size = 0
        self._label = label
        try:
            self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - it lives as long as its source
        except OSError as error:
            raise InputError(f"{label}: no space to store it ({error.strerror}); set TMPDIR") from error

    def append(self, data: bytes) -> None:
        """Keep `data` whole or, if that fails, not at all."""
        kept = 0
        try:
            while kept < len(data):
                kept += os.pwrite(self._file.fileno(), data[kept:], self.size + kept)
        except OSError as error:
            raise InputError(
                f"{self._label}: no space to store it ({error.strerror}); set TMPDIR to a larger disk"
            ) from error
        self.size += len(data)

    def read_at(self, offset: int, length: int) -> bytes:
        """Bytes that were kept, again; raises `InputError` after `close` and for those that never came."""
        if self._file.closed or offset + length > self.size:
            raise InputError(f"{self._label}: bytes {offset} to {offset + length} are gone; open it again")
        return read_exactly(self._file.fileno(), offset, length)

    def close(self) -> None:
        """Release the file, and with it every byte."""
        self._file.close()

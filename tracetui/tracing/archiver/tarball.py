"""A tar of regular and sparse files, compressed as it is written, that never exceeds its limit.

A file is read up to the size it had when it was opened: missing bytes, and those there is no room for, are
padded with zeros, so that the archive is valid whatever happens to the files meanwhile.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

from tracetui.tracing.archiver.cores.sparse import (
    BLOCK,
    Extent,
    data_extents,
    is_whole,
    sparse_headers,
    sparse_map,
)
from tracetui.tracing.archiver.gather import reason

_CHUNK = 256 << 10
_END = bytes(2 * BLOCK)
_HEADROOM = 8 << 10
"""For the end of the archive and what the compressor adds."""


@dataclass(frozen=True)
class Packed:
    """What was stored of one file: `data_bytes` of `size_bytes` are data, not holes; `note` says what went
    wrong.
    """

    size_bytes: int
    data_bytes: int
    sha256: str
    note: str = ""


class Tarball:
    """Writes to `descriptor`; `room` says how many bytes may still be written to it."""

    def __init__(self, descriptor: int, room: Callable[[], int]) -> None:
        self.written = 0
        self.kept_free = 0
        self._descriptor = descriptor
        self._room = room
        self._digest = hashlib.sha256()
        self._compressor = zstd.ZstdCompressor(options={zstd.CompressionParameter.checksum_flag: 1})

    @property
    def sha256(self) -> str:
        """Of the archive so far; whole after `close()`."""
        return self._digest.hexdigest()

    def add_file(self, name: str, descriptor: int) -> Packed | None:
        """Add an open file; None if there is no room for any of it."""
        status = os.fstat(descriptor)
        extents = data_extents(descriptor, status.st_size)
        head = _head(name, status, extents)
        data_bytes = sum(extent.length for extent in extents)
        if not self._fits(len(head), data_bytes):
            return None
        self._emit(head)
        digest, note = self._copy(descriptor, extents)
        self._emit(bytes(-data_bytes % BLOCK))
        return Packed(status.st_size, data_bytes, digest, note or _change(status, os.fstat(descriptor)))

    def fits(self, size: int) -> bool:
        """Whether there is room for a member of `size` bytes."""
        return self._fits(size + 2 * BLOCK, 0)

    def close(self, name: str, content: bytes) -> None:
        """Add a last member, for which `kept_free` reserved the room, and end the archive."""
        info = tarfile.TarInfo(name)
        info.size, info.mode = len(content), 0o600
        self._emit(info.tobuf(tarfile.PAX_FORMAT) + content + bytes(-len(content) % BLOCK) + _END)
        self._write(self._compressor.flush())

    def _copy(self, descriptor: int, extents: list[Extent]) -> tuple[str, str]:
        digest = hashlib.sha256()
        left = sum(extent.length for extent in extents)
        note = ""
        for offset, length in _pieces(extents):
            left -= length
            data = b""
            if not note:
                if self._fits(length, left):
                    data, note = _read(descriptor, offset, length)
                else:
                    note = f"cut at {offset}: no room for more"
            data += bytes(length - len(data))
            digest.update(data)
            self._emit(data)
        return digest.hexdigest(), note

    def _fits(self, size: int, zeros_after: int) -> bool:
        worst = size + (size >> 7) + (zeros_after >> 12)
        return worst + self.kept_free + _HEADROOM <= self._room()

    def _emit(self, data: bytes) -> None:
        # Nothing stays in the compressor, so that what was written is known.
        self._write(self._compressor.compress(data, zstd.ZstdCompressor.FLUSH_BLOCK))

    def _write(self, data: bytes) -> None:
        self._digest.update(data)
        self.written += len(data)
        view = memoryview(data)
        while view:
            view = view[os.write(self._descriptor, view) :]


def _head(name: str, status: os.stat_result, extents: list[Extent]) -> bytes:
    """The tar header of a file, followed by its map if it is sparse."""
    info = tarfile.TarInfo(name)
    info.mode, info.mtime = stat.S_IMODE(status.st_mode) & 0o777, int(status.st_mtime)
    info.size = status.st_size
    if is_whole(extents, status.st_size):
        return info.tobuf(tarfile.PAX_FORMAT)
    holes = sparse_map(extents, status.st_size)
    info.name = f"GNUSparseFile.0/{name}"
    info.pax_headers = sparse_headers(name, status.st_size)
    info.size = len(holes) + sum(extent.length for extent in extents)
    return info.tobuf(tarfile.PAX_FORMAT) + holes


def _pieces(extents: list[Extent]) -> Iterator[tuple[int, int]]:
    for extent in extents:
        for done in range(0, extent.length, _CHUNK):
            yield extent.offset + done, min(_CHUNK, extent.length - done)


def _read(descriptor: int, offset: int, length: int) -> tuple[bytes, str]:
    try:
        data = os.pread(descriptor, length, offset)
    except OSError as error:
        return b"", f"padded from {offset}: {reason(error)}"
    return data, "" if len(data) == length else f"padded from {offset + len(data)}: it shrank"


def _change(before: os.stat_result, after: os.stat_result) -> str:
    if after.st_size > before.st_size:
        return f"cut at {before.st_size}: it grew"
    return "" if before.st_mtime_ns == after.st_mtime_ns else "changed while it was packed"

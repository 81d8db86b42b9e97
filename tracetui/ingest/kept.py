"""Caches what was read of large recordings in the user's cache: they open at once the next time.

A file of the cache belongs to the opened paths, and is valid only as long as each of their files is
unchanged: by size, time, and the bytes at its beginning and end. Any of them may be deleted at any time.
"""

import contextlib
import os
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path

from platformdirs import user_cache_path

from tracetui.atomic import write_whole
from tracetui.model.kind import Kind
from tracetui.sources.unpacking.compressed import Unpacked
from tracetui.store.logs import LogIndex
from tracetui.store.saved import dump, restore
from tracetui.store.table import SpanTable

NOT_KEPT = (Kind.EVICTED, Kind.REFUSED, Kind.RESET, Kind.DELETED, Kind.UNREADABLE)
"""Of what is lost by these the next reading may find more."""
LEAST_BYTES = 32 << 20
"""Smaller recordings are read in a moment."""

MOST_BYTES = 2 << 30
"""Together, on disk: those that were not used for the longest time leave."""

_SUFFIX = ".spans"


class Cache:
    """The cache for one reading: what it has is not read; else what was read is stored there."""

    def __init__(self, *, wanted: bool) -> None:
        self._is_asked = wanted
        self._kept: Kept | None = None

    def restore(self, sources: Sequence[Unpacked], size: int, table: SpanTable, logs: LogIndex) -> bool:
        """Fill an empty table with what was stored of `sources`, which are `size` bytes long; asked once."""
        is_asked, self._is_asked = self._is_asked, False
        if not is_asked or size < LEAST_BYTES:
            return False
        self._kept = Kept(sources)
        is_restored = self._kept.restore(table, logs)
        self._kept = None if is_restored else self._kept
        return is_restored

    def keep(self, table: SpanTable, logs: LogIndex) -> None:
        """Store what was read, if that was asked for and all of it is still there."""
        if self._kept and not table.health.count(*NOT_KEPT):
            self._kept.keep(table, logs)
        self._kept = None


class Kept:
    """The place in the cache for a recording of `sources`."""

    def __init__(self, sources: Sequence[Unpacked], directory: Path | None = None) -> None:
        self._directory = directory or user_cache_path("tracetui") / "recordings"
        self._sources = sources
        self._evidence = self._look()
        names = "\0".join(os.path.realpath(source.label) + "\0" + source.label for source in sources)
        name = blake2b(os.fsencode(names), digest_size=16).hexdigest()
        self._path = self._directory / (name + _SUFFIX)

    def restore(self, table: SpanTable, logs: LogIndex) -> bool:
        """Fill an empty table; False if nothing is stored, or its sources have changed."""
        evidence = self._evidence
        try:
            data = self._path.read_bytes()
        except OSError:
            return False
        if not evidence or data[: len(evidence)] != evidence:
            return False
        if not restore(memoryview(data)[len(evidence) :], table, logs):
            return False
        with contextlib.suppress(OSError):
            os.utime(self._path)
        for source in self._sources:
            source.skip()
        return True

    def keep(self, table: SpanTable, logs: LogIndex) -> None:
        """Write what was read, unless a file has changed since; write errors are ignored."""
        if not self._evidence or self._evidence != self._look():
            return
        with contextlib.suppress(OSError, ValueError):
            parts = dump(table, logs)
            put(self._path, [self._evidence, *parts], MOST_BYTES)

    def _look(self) -> bytes:
        """A fingerprint of all sources; empty if a change to any of them could go unnoticed."""
        evidence = [source.evidence() for source in self._sources]
        return blake2b(b"".join(evidence)).digest() if evidence and all(evidence) else b""


def put(path: Path, parts: Sequence[bytes | memoryview], most: int) -> None:
    """Write a file of the cache, completely or not at all; raises `OSError` if it cannot.

    The files in its directory take at most `most` bytes.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _make_room(path.parent, sum(map(len, parts)), most)
    write_whole(path, parts)


def _make_room(directory: Path, size: int, most: int) -> None:
    oldest_last = sorted(_files(directory), key=lambda file: file[0], reverse=True)
    total = size
    for _, length, path in oldest_last:
        total += length
        if total > most:
            path.unlink(missing_ok=True)


def _files(directory: Path) -> Iterator[tuple[float, int, Path]]:
    for path in directory.iterdir():
        with contextlib.suppress(OSError):
            status = path.stat()
            yield status.st_mtime, status.st_size, path

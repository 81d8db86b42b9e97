"""One life of one regular file: a life ends when its bytes are cut or rewritten.

Bytes count only if, after they were read, they and those before them are still in place: a block is never
mixed from two lives, even if the file is truncated and refilled during the read. It is never mapped: a
truncation under a map kills the process.
"""

import errno
import os
import time
from abc import ABC, abstractmethod
from hashlib import blake2b
from typing import NamedTuple

from tracetui.errors import InputError
from tracetui.sources.block import Block
from tracetui.sources.files.descriptors import UnreadableError, read_exactly
from tracetui.sources.files.handle import Handle

TAIL_BYTES = 16 * 1024
"""How far back a life is recognised. Spans of one suite are alike: of the positions in resmoke's files, 97 in
100 have the same 64 bytes before them as another one, 44 in 100 the same 4 KiB, none the same 16 KiB."""

_GONE = (errno.ENOENT, errno.ENOTDIR, errno.ESTALE)

RACY_NS = 2_000_000_000
"""A time stamp younger than this may hide a second change within one tick of the file system's clock."""


class Mark(NamedTuple):
    """The reading position, and the hash (64 bits, keyed by this process) of the `length` bytes before it."""

    offset: int
    length: int
    fingerprint: int


class RegularFile(ABC):
    """What recorded and followed files share; they differ in what more may come, and when it is over.

    Raises UnreadableError (an InputError) when the file cannot be opened.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.label = os.fspath(path)
        try:
            self._handle = Handle(self.label)
        except OSError as error:
            raise UnreadableError(self.label, error) from error
        status = self._seen = self._handle.status
        self.key = (status.st_dev, status.st_ino)
        self.size = status.st_size
        self.modified_ns = status.st_mtime_ns
        self.reset = self.vanished = False
        self._mark = mark_after(0, b"")
        self._quiet: tuple[int, int] | None = None
        self.ended = self._is_over(status)

    def read(self, limit: int) -> Block | None:
        if self.ended:
            return None
        if not self._handle.is_open and self._is_quiet(self._seen):
            return None  # The next sweep looks at it again, and it has no descriptor to spare.
        try:
            return self._read(limit)
        except OSError as error:
            if error.errno in _GONE and not self._handle.is_open:
                self._lose()
                return None
            raise UnreadableError(self.label, error) from error

    def read_at(self, offset: int, length: int) -> bytes:
        try:
            with self._handle.lent() as descriptor:
                data = read_exactly(descriptor, offset, length)
                if len(data) == length and self._window(descriptor, 0) is not None:
                    return data
        except OSError as error:
            raise UnreadableError(self.label, error) from error
        raise InputError(f"{self.label}: bytes {offset} to {offset + length} are gone; open the file again")

    def seen(self, label: str, status: os.stat_result) -> None:
        """Note where and how a sweep found the file, and whether its life is over."""
        self.label = self._handle.path = label
        if self.ended:
            return
        self._seen = status
        self._note(status)
        if self._is_quiet(status):
            return
        with self._handle.lent() as descriptor:
            if self._window(descriptor, 0) is None:
                self._changed(descriptor)

    @property
    def settled(self) -> bool:
        """Whether it is read as it was found, whatever happens to it."""
        return False

    @property
    def is_quiet(self) -> bool:
        """Whether a read would find nothing new: it is unchanged since all of it was read."""
        return not self.ended and self._is_quiet(self._seen)

    @property
    def gone(self) -> bool:
        """Whether its inode now holds another life."""
        return self.reset or self.vanished

    def unseen(self) -> None:  # noqa: B027 - nothing to do for a recording
        """Note that a sweep found no name of the file."""

    def abandon(self) -> None:
        """End this life as if its bytes had been rewritten: a sweep starts the next one."""
        self._cut_short()

    def evidence(self) -> bytes:
        """Bytes that identify the file's present state; empty if nothing can."""
        try:
            with self._handle.lent() as descriptor:
                status = os.fstat(descriptor)
                if time.time_ns() - max(status.st_mtime_ns, status.st_ctime_ns) < RACY_NS:
                    return b""
                ends = [
                    read_exactly(descriptor, begin, min(TAIL_BYTES, status.st_size))
                    for begin in (0, max(0, status.st_size - TAIL_BYTES))
                ]
        except OSError:
            return b""
        facts = f"{status.st_size} {status.st_mtime_ns} {self.size}".encode()
        return blake2b(b"".join((facts, *ends))).digest()

    def skip(self) -> None:
        """Treat everything as read."""
        with self._handle.lent() as descriptor:
            begin = max(0, self.size - TAIL_BYTES)
            self._mark = mark_after(self.size, read_exactly(descriptor, begin, self.size - begin))
        self.ended = True

    def close(self) -> None:
        self._handle.close()
        self.ended = True

    def _note(self, status: os.stat_result) -> None:
        self.modified_ns = status.st_mtime_ns

    @abstractmethod
    def _is_over(self, status: os.stat_result) -> bool:
        """Whether nothing can follow what was read."""

    @abstractmethod
    def _is_untouched(self, status: os.stat_result) -> bool:
        """Whether its status proves that nothing was written since it was opened."""

    def _read(self, limit: int) -> Block | None:
        with self._handle.lent() as descriptor:
            status = self._seen = os.fstat(descriptor)
            self._note(status)
            return None if self._is_quiet(status) else self._next(descriptor, limit, status)

    def _next(self, descriptor: int, limit: int, status: os.stat_result) -> Block | None:
        offset = self._mark.offset
        data = read_exactly(descriptor, offset, min(limit, self.size - offset))
        is_whole = len(data) >= TAIL_BYTES and self._is_untouched(os.fstat(descriptor))
        window = data if is_whole else self._window(descriptor, len(data))
        if window is None or not (window is data or window.endswith(data)):
            self._changed(descriptor)
            return None
        self._pass(offset + len(data), window, len(data))
        if self._is_over(status):
            self._end()
        if data:
            return Block(offset, data)
        self._rest(status)
        return None

    def _pass(self, offset: int, window: bytes, _ahead: int) -> None:
        """Move the reading position to `offset`, after `window`, whose last bytes are new."""
        self._mark = mark_after(offset, window)

    def _end(self) -> None:
        """Everything was read, and nothing can follow."""
        self.ended = self._handle.is_at_rest = True

    def _changed(self, _descriptor: int) -> None:
        """The bytes before the mark are not those that were read."""
        self._cut_short()

    def _window(self, descriptor: int, ahead: int, mark: Mark | None = None) -> bytes | None:
        """The bytes before the mark and `ahead` bytes after it, as they are now; None if the life is over."""
        mark = mark or self._mark
        window = read_exactly(descriptor, mark.offset - mark.length, mark.length + ahead)
        whole = len(window) == mark.length + ahead and hash(window[: mark.length]) == mark.fingerprint
        return window if whole else None

    def _rest(self, status: os.stat_result) -> None:
        """Nothing more now: until the status changes, there is nothing to look at."""
        settled = status.st_size == self._mark.offset and time.time_ns() - status.st_ctime_ns > RACY_NS
        self._handle.is_at_rest = settled
        self._quiet = (status.st_size, status.st_ctime_ns) if settled else None

    def _is_quiet(self, status: os.stat_result) -> bool:
        return self._quiet == (status.st_size, status.st_ctime_ns)

    def _lose(self) -> None:
        """It has no name and is closed: unread bytes are lost."""
        self.vanished = self.size > self._mark.offset
        self.size = self._mark.offset
        self.close()

    def _cut_short(self) -> None:
        self.reset = True
        self.size = self._mark.offset
        self.close()


def mark_after(offset: int, window: bytes) -> Mark:
    """The mark at `offset`, with `window` before it."""
    tail = window[-TAIL_BYTES:]
    return Mark(offset, len(tail), hash(tail))

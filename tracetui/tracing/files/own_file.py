"""A file that this process made to append to, and how it checks that the file is still its own."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path

from tracetui.tracing.host.system import System

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
_FROM_HERE = os.SEEK_CUR
_TAIL_BYTES = 64 * 1024


class NotAsLeftError(Exception):
    """The descriptor is not where the last line ended: the host may have closed it, and opened another."""


class OwnFile:
    """A new file, 0600, open for appending; raises OSError if the name is taken.

    `end` is where the descriptor was left, or -1 if something happened that needs checking.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.descriptor = System.open(path, _FLAGS, 0o600)
        System.fchmod(self.descriptor, 0o600)
        self.end = 0
        self._identity = _identity(System.fstat(self.descriptor))
        self._torn = False

    def append(self, data: bytes) -> None:
        """Write all of it or nothing; raises OSError, and `NotAsLeftError` if `end` is no longer the end."""
        descriptor, end = self.descriptor, self.end
        try:
            position = System.lseek(descriptor, 0, _FROM_HERE)
        except OSError as error:
            raise NotAsLeftError from error
        if position != end:
            raise NotAsLeftError
        done = System.write(descriptor, data)
        self.end = end + done
        if done != len(data):
            self.end = -1
            self._finish(data, done)

    def accept(self) -> None:
        """Take the descriptor as it is now, since it was checked; raises OSError."""
        if self._torn:
            # A fragment that could not be cut back is ended, so that it does not swallow the next line.
            System.write(self.descriptor, b"\n")
            self._torn = False
        self.end = System.lseek(self.descriptor, 0, _FROM_HERE)

    def put_last(self, line: bytes) -> None:
        """Write a line in place of as many of the last lines as needed, never the first; raises OSError.

        On a full disk that needs no more room than there was.
        """
        reader = System.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            if _identity(status := System.fstat(reader)) != self._identity:
                raise FileNotFoundError(errno.ENOENT, f"{self.path.name} was taken away")
            begin = max(0, status.st_size - _TAIL_BYTES)
            tail = System.pread(reader, status.st_size - begin, begin)
        finally:
            System.close(reader)
        kept = tail.rfind(b"\n", 0, max(0, len(tail) - len(line))) + 1
        if not kept:
            raise OSError(errno.ENOSPC, "there is no line to do without")
        System.ftruncate(self.descriptor, begin + kept)
        self._torn = False
        self.accept()
        self.append(line)

    def takes_lines(self) -> bool:
        """Whether what is written to the descriptor can be found again.

        A removed file would lose it; a descriptor that the host closed may belong to another file.
        """
        try:
            status = System.fstat(self.descriptor)
        except OSError:
            return False
        return _identity(status) == self._identity and status.st_nlink > 0

    def is_there(self) -> bool:
        """Whether the file is still where it was made."""
        try:
            return _identity(System.stat(self.path, follow_symlinks=False)) == self._identity
        except OSError:
            return False

    def close(self) -> None:
        """Close the descriptor, if it is still this file's."""
        with contextlib.suppress(OSError):
            if _identity(System.fstat(self.descriptor)) == self._identity:
                System.close(self.descriptor)

    def _finish(self, data: bytes, done: int) -> None:
        try:
            while done < len(data):
                done += System.write(self.descriptor, data[done:])
        except OSError:
            self._cut_back(done)
            raise

    def _cut_back(self, length: int) -> None:
        try:
            System.ftruncate(self.descriptor, System.fstat(self.descriptor).st_size - length)
        except OSError:
            self._torn = True


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino

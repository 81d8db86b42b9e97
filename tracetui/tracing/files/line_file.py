"""A file of lines that one process appends to, which loses nothing without counting it.

One line is one `os.write`. A short write is finished or cut back, a removed file is made again with what was
written since it was last seen, and an error costs the line it met and no other. Nothing that happens here is
ever raised into the host program.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tracetui.tracing.clock import now_ns
from tracetui.tracing.files.directory import make_private_directory

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
_MOST_UNSEEN = 32
_LONG_LINE = 64 * 1024
_LOOK_AGAIN_NS = 250_000_000
"""A file that was taken away is missed after so many lines or so much time; they are kept until then."""
Complain = Callable[[str], None]


class LineFile:
    """A file below `directory`, made with the first line.

    `new_name` gives each new file its name: the first one, the next one once a file would be longer than
    `max_bytes`, and one in the place of a file that was taken away. `header` gives the first lines of each.
    `complain` hears, once, why a line was lost. With `is_ignored` git is told to leave a directory that is
    made here alone.

    Not for use across a fork: keep it in a `PerProcess`.
    """

    def __init__(
        self,
        directory: Path,
        new_name: Callable[[], str],
        *,
        header: Callable[[], bytes] | None = None,
        max_bytes: int | None = None,
        complain: Complain | None = None,
        is_ignored: bool = True,
    ) -> None:
        self.path = directory
        self.size = 0
        self.written = 0
        self.lost = 0
        self.first_error = ""
        self.closed = False
        self._directory = directory
        self._new_name = new_name
        self._header = header
        self._max_bytes = max_bytes
        self._complain = complain
        self._is_ignored = is_ignored
        # Re-entrant, since a signal handler may end a span while this thread is writing one.
        self._lock = threading.RLock()
        self._fd = -1
        self._device = self._inode = 0
        # Where the descriptor is in the file, unless something happened that has to be looked into.
        self._end = -1
        self._torn = False
        self._unseen: list[tuple[bytes, int]] = []
        self._look_ns = 0

    def append(self, line: Callable[..., bytes], *facts: Any, count: int = 1) -> bool:
        """Write the line that `line` makes of `facts`, newline included; False, and counted, if that fails.

        Of `count` lines that it makes at once all are written or none.
        """
        try:
            data = line(*facts)
            with self._lock:
                try:
                    # A descriptor that the host closed is none, or another file's.
                    is_left = os.lseek(self._fd, 0, os.SEEK_CUR) == self._end and now_ns() < self._look_ns
                except OSError:
                    is_left = False
                if not is_left or len(self._unseen) >= _MOST_UNSEEN or len(data) > _LONG_LINE:
                    self._ensure_open(len(data))
                self._write(data)
                self._unseen.append((data, count))
                self.written += count
        except Exception as error:  # noqa: BLE001 - the one place where tracing meets the host: count, go on
            self._lose(error, count)
            return False
        return True

    def flush(self) -> None:
        """Nothing is held back here."""

    def close(self) -> None:
        """Close the file; lines that come later are lost, and counted."""
        with self._lock:
            self.closed = True
            self._forget()

    def delete(self) -> None:
        """Close the file and take it away."""
        with self._lock:
            existed = self._fd >= 0 and self._is_ours()
            self.close()
            if existed:
                with contextlib.suppress(OSError):
                    self.path.unlink()

    def _lose(self, error: Exception, count: int) -> None:
        with self._lock:
            is_first = self.lost == 0
            self.lost += count
        if is_first:
            self.first_error = f"{type(error).__name__}: {error}"
            if self._complain is not None:
                self._complain(self.first_error)

    def _ensure_open(self, more: int) -> None:
        if self.closed:
            raise ValueError("tracing was shut down before this")
        is_ours = self._fd >= 0 and self._is_ours()
        is_full = self._max_bytes is not None and self.size > 0 and self.size + more > self._max_bytes
        if is_ours:
            self._unseen.clear()
        if self._fd >= 0 and (is_full or not is_ours):
            self._forget()
        if self._fd < 0:
            self._open()
        self._end = os.lseek(self._fd, 0, os.SEEK_CUR)
        self._look_ns = now_ns() + _LOOK_AGAIN_NS if self._max_bytes is None else 0

    def _is_ours(self) -> bool:
        # A removed file takes lines into nowhere; a descriptor that the host closed may be another file's.
        try:
            status = os.fstat(self._fd)
        except OSError:
            return False
        return status.st_ino == self._inode and status.st_dev == self._device and status.st_nlink > 0

    def _open(self) -> None:
        path = self._directory / self._new_name()
        make_private_directory(self._directory, is_ignored=self._is_ignored)
        if path.parent != self._directory:
            make_private_directory(path.parent, is_ignored=False)
        self._fd = os.open(path, _FLAGS, 0o600)
        os.fchmod(self._fd, 0o600)
        status = os.fstat(self._fd)
        self._device, self._inode, self._torn = status.st_dev, status.st_ino, False
        self.path, self.size = path, 0
        unseen, self._unseen = self._unseen, []
        if self._header is not None:
            self._write(self._header())
        elif unseen:
            self._write_again(unseen)

    def _write_again(self, lines: list[tuple[bytes, int]]) -> None:
        """Lines that may have gone with the file that was taken away."""
        try:
            self._write(b"".join(data for data, _ in lines))
        except OSError:
            count = sum(count for _, count in lines)
            self.written -= count
            self.lost += count
            raise

    def _forget(self) -> None:
        with contextlib.suppress(OSError):
            status = os.fstat(self._fd)
            if (status.st_ino, status.st_dev) == (self._inode, self._device):
                os.close(self._fd)
        self._fd = -1

    def _write(self, data: bytes) -> None:
        # A fragment that could not be cut back is ended here, so that it does not swallow this line.
        data = b"\n" + data if self._torn else data
        done = os.write(self._fd, data)
        self._end += done
        if done < len(data):
            self._end = -1
            self._finish(data, done)
        self._torn = False
        self.size += len(data)

    def _finish(self, data: bytes, done: int) -> None:
        try:
            while done < len(data):
                done += os.write(self._fd, data[done:])
        except OSError:
            self._cut_back(done)
            raise

    def _cut_back(self, length: int) -> None:
        try:
            os.ftruncate(self._fd, os.fstat(self._fd).st_size - length)
        except OSError:
            self._torn = True

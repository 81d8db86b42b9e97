"""A file of lines that one process appends to, which loses nothing without counting it.

One line is one `os.write`. A short write is finished or cut back, a removed file is made again, and an error
costs the line it met and no other. Nothing that happens here is ever raised into the host program.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable
from pathlib import Path

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC


def make_private_directory(directory: Path) -> None:
    """Make `directory`, 0700 and invisible to git; one that exists is left as it is."""
    if directory.is_dir():
        return
    directory.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        directory.mkdir(mode=0o700)
        directory.chmod(0o700)
        (directory / ".gitignore").write_text("*\n")


class LineFile:
    """The file `name` below `directory`, made with the first line; `header` gives a first line of its own.

    Not for use across a fork: keep it in a `PerProcess`.
    """

    def __init__(self, directory: Path, name: str, *, header: Callable[[], bytes] | None = None) -> None:
        self.path = directory / name
        self.written = 0
        self.lost = 0
        self.first_error = ""
        self._directory = directory
        self._header = header
        # Re-entrant, since a signal handler may end a span while this thread is writing one.
        self._lock = threading.RLock()
        self._fd = -1
        self._identity = (0, 0)
        self._torn = False
        self.closed = False

    def append(self, line: Callable[[], bytes]) -> bool:
        """Write the line that `line` makes (with its newline); False, and counted, if that cannot be done."""
        try:
            data = line()
            with self._lock:
                self._ensure_open()
                self._write(data)
                self.written += 1
        except Exception as error:  # noqa: BLE001 - the one place where tracing meets the host: count, go on
            self.lose(error)
            return False
        return True

    def lose(self, error: Exception) -> None:
        """Count one line that is not in the file, and remember why the first one is not."""
        with self._lock:
            self.lost += 1
            self.first_error = self.first_error or f"{type(error).__name__}: {error}"

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

    def _ensure_open(self) -> None:
        if self.closed:
            raise ValueError("tracing was shut down before this")
        if self._fd >= 0 and not self._is_ours():
            self._forget()
        if self._fd < 0:
            self._open()

    def _is_ours(self) -> bool:
        # A removed file takes lines into nowhere.
        status = self._status()
        return status is not None and status.st_nlink > 0

    def _status(self) -> os.stat_result | None:
        # A descriptor that the host closed may be another file's by now.
        try:
            status = os.fstat(self._fd)
        except OSError:
            return None
        return status if (status.st_dev, status.st_ino) == self._identity else None

    def _open(self) -> None:
        make_private_directory(self._directory)
        self.path.parent.mkdir(mode=0o700, exist_ok=True)
        self._fd = os.open(self.path, _FLAGS, 0o600)
        os.fchmod(self._fd, 0o600)
        status = os.fstat(self._fd)
        self._identity, self._torn = (status.st_dev, status.st_ino), False
        if self._header is not None:
            self._write(self._header())

    def _forget(self) -> None:
        if self._status() is not None:
            os.close(self._fd)
        self._fd = -1

    def _write(self, data: bytes) -> None:
        # A fragment that could not be cut back is ended here, so that it does not swallow this line.
        data = b"\n" + data if self._torn else data
        done = os.write(self._fd, data)
        if done < len(data):
            self._finish(data, done)
        self._torn = False

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

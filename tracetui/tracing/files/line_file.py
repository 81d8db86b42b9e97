"""A file of lines that one process appends to, which loses nothing without counting it.

One line is one `os.write`. A short write is finished or cut back, a removed file is made again with what was
written since it was last seen, and an error costs only its own line. Nothing is ever raised into the host
program, except what its own signal handlers raise.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from tracetui.tracing.files.directory import make_private_directory
from tracetui.tracing.files.own_file import NotAsLeftError, OwnFile
from tracetui.tracing.host.clock import now_ns
from tracetui.tracing.host.handlers import let_through
from tracetui.tracing.host.system import System

_LOOK_AGAIN_BYTES = 32 * 1024
_LOOK_AGAIN_NS = 250_000_000
"""A file that was taken away is missed after so much, or so much time; its last lines are kept until then."""
Complain = Callable[[str], None]


class Losses(NamedTuple):
    """How many spans were lost; `removed` of them had been written to files that were then removed."""

    dropped: int = 0
    removed: int = 0


class LineFile:
    """A file below `directory`, made with the first line.

    `new_name` names each new file: the first one, the next one when a file would exceed `max_bytes`, and the
    replacement of a removed one. `header` gives the first lines of each. `complain` is called once, with why
    a line was lost. With `is_ignored`, git is told to ignore a directory that is made here.

    Do not use it across a fork: keep it in a `PerProcess`.
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
        self.lost = 0
        self.removed = 0
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
        self._own: OwnFile | None = None
        self._before = self._in_file = 0
        self._unseen: list[tuple[bytes, int]] = []
        self._look_ns = self._look_end = 0

    def append(self, line: Callable[..., bytes], *facts: Any, count: int = 1) -> bool:
        """Write the line that `line` makes of `facts`, newline included; False, and counted, if that fails.

        If it makes `count` lines at once, all are written or none.
        """
        data = self.made(line, *facts, count=count)
        return data is not None and self.write(data, count)

    def made(self, line: Callable[..., bytes], *facts: Any, count: int = 1) -> bytes | None:
        """The line, to be written later; None, and counted, if that fails."""
        try:
            return line(*facts)
        except Exception as error:  # noqa: BLE001 - the one place where tracing meets the host: count, go on
            self._lose(error, count)
            let_through(error)
            return None

    def write(self, data: bytes, count: int = 1) -> bool:
        """Write a line that is made already, or `count` of them."""
        try:
            with self._lock:
                own, size = self._own, len(data)
                # A long line is worth a look before it is written, as is any after some others.
                if own is None or own.end + size > self._look_end or now_ns() > self._look_ns:
                    own = self._ensure_open(size)
                try:
                    own.append(data)
                except NotAsLeftError:
                    self._ensure_open(size).append(data)
                self._unseen.append((data, count))
                self._in_file += count
        except Exception as error:  # noqa: BLE001 - as in `made`
            self._lose(error, count)
            let_through(error)
            return False
        return True

    @property
    def size(self) -> int:
        """Bytes in this file; 0 without one."""
        return 0 if self._own is None else self._own.end

    @property
    def written(self) -> int:
        """Lines that are in this file and those before it."""
        return self._before + self._in_file

    def append_last(self, line: Callable[[], bytes]) -> None:
        """Write the most important line: on a full disk it replaces the last lines."""
        if self.append(line):
            return
        try:
            with self._lock:
                if self._own is not None and self._own.takes_lines():
                    self._own.put_last(line())
        except Exception as error:  # noqa: BLE001 - as in `append`, which has counted it
            let_through(error)

    def flush(self) -> None:
        """Nothing is buffered here."""

    def look(self) -> None:
        """Check whether the file still exists; what was lost with it is counted."""
        with self._lock:
            if self._own is None or self._header is not None:
                # What is in a header is made again with it.
                return
            if self._own.takes_lines() or self._own.is_there():
                return
            kept = sum(count for _, count in self._unseen)
            gone, self._in_file = self._in_file - kept, kept
        if gone:
            self.removed += gone
            self._lose(FileNotFoundError(f"{self.path.name} was taken away"), gone)

    def restore(self) -> None:
        """Make a file that was taken away again, with its last lines; what was lost with it is counted."""
        with self._lock:
            self.look()
            is_kept = self._header is None and bool(self._unseen) and not self.closed
            if not is_kept or (self._own is not None and (self._own.takes_lines() or self._own.is_there())):
                return
            try:
                self._ensure_open(0)
            except Exception as error:  # noqa: BLE001 - as in `made`
                self._give_up(error)
                let_through(error)

    def _give_up(self, error: Exception) -> None:
        """Count the last lines, which a file that was taken away had, and no other can take."""
        kept = sum(count for _, count in self._unseen)
        self._unseen.clear()
        self._forget()
        if kept:
            self._in_file -= kept
            self.removed += kept
            self._lose(error, kept)

    def let_go(self) -> None:
        """Keep no lines in memory that are in the file, if that is still there: they may be large."""
        with self._lock:
            if self._own is not None and self._own.takes_lines():
                self._unseen.clear()

    def close(self) -> None:
        """Close the file; later lines are lost, and counted."""
        with self._lock:
            self.restore()
            self._unseen.clear()
            self.look()
            self.closed = True
            self._forget()

    def delete(self) -> None:
        """Close the file and remove it."""
        with self._lock:
            existed = self._own is not None and self._own.takes_lines()
            self.close()
            if existed:
                with contextlib.suppress(OSError):
                    System.unlink(self.path)

    def _lose(self, error: Exception, count: int) -> None:
        with self._lock:
            is_first = self.lost == 0
            self.lost += count
        if is_first:
            self.first_error = f"{type(error).__name__}: {error}"
            if self._complain is not None:
                self._complain(self.first_error)

    def _ensure_open(self, more: int) -> OwnFile:
        """A file with room for `more` bytes."""
        if self.closed:
            raise ValueError("tracing was shut down before this")
        is_ours = self._own is not None and self._own.takes_lines()
        is_full = self._max_bytes is not None and self.size > 0 and self.size + more > self._max_bytes
        if is_ours:
            self._unseen.clear()
        else:
            self.look()
        if is_full or not is_ours:
            self._forget()
        own = self._own or self._open()
        own.accept()
        self._look_ns = now_ns() + _LOOK_AGAIN_NS
        self._look_end = own.end + _LOOK_AGAIN_BYTES if self._max_bytes is None else -1
        return own

    def _open(self) -> OwnFile:
        path = self._directory / self._new_name()
        make_private_directory(self._directory, is_ignored=self._is_ignored)
        if path.parent != self._directory:
            make_private_directory(path.parent, is_ignored=False)
        own = self._own = OwnFile(path)
        self.path = path
        self._before, self._in_file = self.written, 0
        unseen, self._unseen = self._unseen, []
        if self._header is not None:
            own.append(self._header())
        elif unseen:
            self._append_again(own, unseen)
        return own

    def _append_again(self, own: OwnFile, lines: list[tuple[bytes, int]]) -> None:
        """Write again the lines that may have been lost with a removed file."""
        data, count = b"".join(data for data, _ in lines), sum(count for _, count in lines)
        self._before -= count
        try:
            own.append(data)
        except OSError as error:
            self._lose(error, count)
            raise
        self._in_file, self._unseen = count, lines

    def _forget(self) -> None:
        own, self._own = self._own, None
        if own is not None:
            own.close()

"""What a collector has accepted of a recording: a file beside it, with a line for each request.

A line names a file, by its path in the directory, and the byte ranges of the accepted spans. It has a mark
that identifies the file: a digest of its beginning, and of the bytes before `upto`. So a file may grow, and
may be renamed; a rewritten one counts as another. For a compressed file the bytes are the unpacked ones. A
line is appended in one write when the collector has answered; when all is sent the lines of a file become
one. If the process is killed between the two, that one request is sent again, and nothing else.
"""

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path

import msgspec
from platformdirs import user_state_path

from tracetui.atomic import write_whole
from tracetui.errors import InputError, TracetuiError

HEAD_BYTES, TAIL_BYTES = 4 << 10, 16 << 10
"""Of a file's mark. OTLP files begin alike, and repeat themselves."""
MOST_COMPARED = 10_000
"""So many pairs of a file and a line are compared for one that was renamed; beyond that it is sent again."""
SCHEMA = "tracetui.sent/1"

Ranges = Sequence[tuple[int, int]]
"""Begins and ends, in bytes, ascending."""
ReadAt = Callable[[int, int], bytes]
"""The bytes at an offset, so many; raises `InputError` where they are not there."""


class Head(msgspec.Struct):
    """The first line: the schema of the file, and its endpoint for people."""

    schema: str
    endpoint: str


class Line(msgspec.Struct):
    """What one request, or many, delivered of a file; without `sent`, that nothing was."""

    file: str
    upto: int
    mark: str
    sent: list[tuple[int, int]]


class BusyError(InputError):
    """Another process is sending the same to the same endpoint."""


class Ledger:
    """What `endpoint` has accepted of the recordings in `directory`."""

    def __init__(self, directory: Path, endpoint: str) -> None:
        self._endpoint, self._directory = endpoint, directory
        self.path, self._descriptor = _opened(directory, endpoint)
        self._lines = _lines(self.path)
        self._is_empty = not self._lines
        self._is_tidy = all(len(lines) == 1 for lines in self._lines.values())

    def taken(self, files: Mapping[str, ReadAt]) -> dict[str, Ranges]:
        """The accepted ranges of each of `files`: by its name, else of a file that had another name."""
        ranges: dict[str, Ranges] = {}
        others: list[Line] = []
        for name in self._lines.keys() & files.keys():
            lines = self._lines.pop(name)
            if kept := [line for line in lines if line.mark == mark(files[name], line.upto)]:
                ranges[name] = _ranges(kept)
            others += [line for line in lines if line not in kept]
        strangers = files.keys() - ranges.keys()
        gone = [name for name in self._lines if strangers and not self._is_there(name)]
        others += [line for name in gone for line in self._lines.pop(name)]
        if len(strangers) * len(others) <= MOST_COMPARED:
            for name in strangers:
                if kept := [line for line in others if line.mark == mark(files[name], line.upto)]:
                    ranges[name] = _ranges(kept)
        return ranges

    def _is_there(self, name: str) -> bool:
        """Whether a file with this name still exists; a member of an archive has the archive's name in
        front.
        """
        return any((self._directory / path).exists() for path in (name, name.partition("!")[0]))

    def forget(self, files: Iterable[str]) -> None:
        """Treat nothing of `files` as accepted any more; raises `TracetuiError` if it cannot be written."""
        for name in self._lines.keys() & files:
            del self._lines[name]
            self._write(Line(name, 0, "", []))

    def add(self, name: str, read_at: ReadAt, ranges: Ranges) -> None:
        """Append what was accepted; raises `TracetuiError` if it cannot be written."""
        self._write(_line(name, read_at, ranges))

    def _write(self, line: Line) -> None:
        self._is_tidy = self._is_empty = False
        text = _encoded([line])
        try:
            is_whole = os.write(self._descriptor, text) == len(text)
        except OSError as error:
            raise self._unwritable(error.strerror or str(error)) from error
        if not is_whole:
            raise self._unwritable("no space left on device")

    def _unwritable(self, why: str) -> TracetuiError:
        said = why.lower()
        return TracetuiError(f"{self.path}: {said}; what was sent last would be sent again, so it ends here")

    def tidy(self, files: Mapping[str, tuple[ReadAt, Ranges]]) -> None:
        """Rewrite the file with a line for each of `files`: all of those that `taken` was called with."""
        if self._is_tidy:
            return
        others = [line for lines in self._lines.values() for line in lines]
        lines = [_line(name, read_at, ranges) for name, (read_at, ranges) in files.items() if ranges]
        with contextlib.suppress(OSError):  # As it is, it says the same.
            write_whole(self.path, [_encoded([Head(SCHEMA, self._endpoint), *others, *lines])])

    def close(self) -> None:
        """Close the file; an empty one is removed."""
        try:
            if self._is_empty:
                self.path.unlink(missing_ok=True)
        finally:
            os.close(self._descriptor)


def mark(read_at: ReadAt, upto: int) -> str:
    """A digest that identifies a file with at least `upto` bytes; empty if it has fewer."""
    begin = max(0, upto - TAIL_BYTES)
    try:
        parts = read_at(0, min(HEAD_BYTES, upto)), read_at(begin, upto - begin)
    except InputError:
        return ""
    return blake2b(b"".join(parts), digest_size=16).hexdigest() if len(parts[1]) == upto - begin else ""


def _line(name: str, read_at: ReadAt, ranges: Ranges) -> Line:
    upto = ranges[-1][1]
    return Line(name, upto, mark(read_at, upto), list(ranges))


def _ranges(lines: Iterable[Line]) -> Ranges:
    return sorted(pair for line in lines for pair in line.sent)


def _encoded(lines: Iterable[Head | Line]) -> bytes:
    return b"".join(msgspec.json.encode(line) + b"\n" for line in lines)


def _lines(path: Path) -> dict[str, list[Line]]:
    """All complete lines, by file; torn and invalid lines are skipped.

    A line without ranges says that the earlier ones no longer count.
    """
    lines: dict[str, list[Line]] = {}
    for text in path.read_bytes().splitlines():
        with contextlib.suppress(msgspec.MsgspecError, UnicodeDecodeError):
            line = msgspec.json.decode(text, type=Line)
            if line.sent:
                lines.setdefault(line.file, []).append(line)
            else:
                lines.pop(line.file, None)
    return lines


def _opened(directory: Path, endpoint: str) -> tuple[Path, int]:
    """The file, locked and repaired if torn; in the user's state directory if this one is not writable."""
    name = f"sent-{blake2b(endpoint.encode(), digest_size=6).hexdigest()}.jsonl"
    try:
        return _locked(directory / f".{name}", endpoint)
    except BusyError:
        raise
    except OSError:
        whose = blake2b(os.fsencode(os.path.realpath(directory)), digest_size=8).hexdigest()
        elsewhere = user_state_path("tracetui") / "sent" / f"{whose}-{name}"
        elsewhere.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _locked(elsewhere, endpoint)


def _locked(path: Path, endpoint: str) -> tuple[Path, int]:
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    descriptor = os.open(path, flags, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not os.path.samestat(os.fstat(descriptor), path.stat(follow_symlinks=False)):
            raise BlockingIOError
        size = os.fstat(descriptor).st_size
        if not size:
            os.write(descriptor, _encoded([Head(SCHEMA, endpoint)]))
        elif os.pread(descriptor, 1, size - 1) != b"\n":
            os.write(descriptor, b"\n")
    except BlockingIOError:
        os.close(descriptor)
        raise BusyError(f"{path}: another send to {endpoint} is under way; wait for it") from None
    except BaseException:
        os.close(descriptor)
        raise
    return path, descriptor

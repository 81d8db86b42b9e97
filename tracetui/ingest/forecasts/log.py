"""The forecasts made from a directory of recordings, one per line, the oldest first.

They are in the directory itself, in a hidden file that is never read as spans, if the writer of the spans has
made it invisible to git; otherwise in the user's cache, to keep our files out of other directories. A line is
appended in one write, under a lock; a file that has grown long keeps its newer half. Anything else in it is
skipped, and an unwritable place is not an error.
"""

import contextlib
import fcntl
import os
import stat
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path

import msgspec
from platformdirs import user_cache_path

from tracetui.analysis.forecasts.checks import Forecast
from tracetui.atomic import write_whole

NAME = ".forecasts.jsonl"
MOST_BYTES = 1 << 20
LONGEST_LINE = 16 << 10
_IGNORED = b"*\n"


def keep(paths: Sequence[str], forecast: Forecast) -> bool:
    """Append a forecast that was made from `paths`; false if it could not be stored."""
    path = place(paths)
    line = msgspec.json.encode(forecast, enc_hook=str) + b"\n"
    if path is None or len(line) > LONGEST_LINE:
        return False
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _locked(path) as descriptor:
            os.write(descriptor, line if _ends_whole(descriptor) else b"\n" + line)
            if os.fstat(descriptor).st_size > MOST_BYTES:
                _halve(path)
    except (OSError, UnicodeEncodeError):
        return False
    return True


def kept(paths: Sequence[str]) -> list[Forecast]:
    """The forecasts that were made from `paths`, the oldest first."""
    path = place(paths)
    return list(_decoded(_bytes_of(path))) if path is not None else []


def place(paths: Sequence[str]) -> Path | None:
    """The file for the forecasts of `paths`; None if that is standard input alone."""
    path = next((path for path in paths if path != "-"), None)
    if path is None:
        return None
    directory = Path(os.path.realpath(path))
    if not directory.is_dir():
        directory = directory.parent
    if _is_ignored(directory):
        return directory / NAME
    name = blake2b(os.fsencode(directory), digest_size=16).hexdigest()
    return user_cache_path("tracetui") / "forecasts" / f"{name}.jsonl"


def _is_ignored(directory: Path) -> bool:
    """Whether the writer of spans made it: its `.gitignore` covers everything in it."""
    try:
        return (directory / ".gitignore").read_bytes() == _IGNORED
    except OSError:
        return False


def _decoded(data: bytes) -> Iterator[Forecast]:
    for line in data.splitlines():
        with contextlib.suppress(msgspec.MsgspecError, UnicodeDecodeError):
            forecast = msgspec.json.decode(line, type=Forecast)
            if forecast.predicted_ns > 0:
                yield forecast


def _bytes_of(path: Path) -> bytes:
    """The last complete lines of a regular file; empty if there is none."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return b""
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        return b""
    with os.fdopen(descriptor, "rb") as file:
        beyond = status.st_size - 2 * MOST_BYTES
        if beyond > 0:
            file.seek(beyond)
            file.readline()
        return file.read(2 * MOST_BYTES)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[int]:
    """The file, opened for appending, with an exclusive lock; raises `OSError`."""
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    while True:
        descriptor = os.open(path, flags, 0o600)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise OSError(f"{path} is no file")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            # Whoever had the lock may have put another file in its place.
            if os.path.samestat(os.fstat(descriptor), path.stat(follow_symlinks=False)):
                yield descriptor
                return
        finally:
            os.close(descriptor)


def _ends_whole(descriptor: int) -> bool:
    """Whether the last line is complete, which it is not after a full disk."""
    size = os.fstat(descriptor).st_size
    return not size or os.pread(descriptor, 1, size - 1) == b"\n"


def _halve(path: Path) -> None:
    """Replace a long file by one with the newer half of its lines."""
    lines = _bytes_of(path).splitlines(keepends=True)
    write_whole(path, lines[len(lines) // 2 :])

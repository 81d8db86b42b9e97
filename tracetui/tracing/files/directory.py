"""The directory that files are written to: which one, and how it is made."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

from tracetui.tracing.host.system import System

_COLLECTOR_DIR = "OTEL_COLLECTOR_DIR"


def spans_directory(directory: str | os.PathLike[str] | None = None) -> Path:
    """The directory of spans: the argument, else `TRACETUI_DIR`, else resmoke's `OTEL_COLLECTOR_DIR`, else
    `spans`.

    Made absolute at once, because the host may change its working directory.
    """
    asked = directory or os.environ.get("TRACETUI_DIR") or os.environ.get(_COLLECTOR_DIR)
    return Path(asked or "spans").absolute()


def is_collected(directory: Path) -> bool:
    """Whether this is resmoke's `OTEL_COLLECTOR_DIR`, all of whose files Evergreen reads as traces.

    Then no `.gitignore` may be put there: Evergreen accepts nothing from a directory with a file that is no
    trace.
    """
    collected = os.environ.get(_COLLECTOR_DIR)
    return bool(collected) and Path(collected or "").absolute() == directory


def make_private_directory(directory: Path, *, is_ignored: bool = True) -> None:
    """Make `directory`, 0700 and, if asked, invisible to git; one that exists is left as it is."""
    if _is_directory(directory):
        return
    System.makedirs(directory.parent, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        System.mkdir(directory, 0o700)
        System.chmod(directory, 0o700)
        if is_ignored:
            _write(directory / ".gitignore", b"*\n")


def _is_directory(path: Path) -> bool:
    try:
        return stat.S_ISDIR(System.stat(path).st_mode)
    except OSError:
        return False


def _write(path: Path, content: bytes) -> None:
    descriptor = System.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        System.write(descriptor, content)
    finally:
        System.close(descriptor)

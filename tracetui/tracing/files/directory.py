"""The directory that files go to: which one, and how it is made."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

_COLLECTOR_DIR = "OTEL_COLLECTOR_DIR"


def spans_directory(directory: str | os.PathLike[str] | None = None) -> Path:
    """Where spans go: as asked, else `TRACETUI_DIR`, else resmoke's `OTEL_COLLECTOR_DIR`, else `spans`.

    Absolute at once: the host may change its working directory.
    """
    asked = directory or os.environ.get("TRACETUI_DIR") or os.environ.get(_COLLECTOR_DIR)
    return Path(asked or "spans").absolute()


def is_collected(directory: Path) -> bool:
    """Whether this is resmoke's `OTEL_COLLECTOR_DIR`, all of whose files Evergreen reads as traces.

    So no `.gitignore` may be put there: one file that is no trace, and Evergreen would take none.
    """
    collected = os.environ.get(_COLLECTOR_DIR)
    return bool(collected) and Path(collected or "").absolute() == directory


def make_private_directory(directory: Path, *, is_ignored: bool = True) -> None:
    """Make `directory`, 0700 and, if asked, invisible to git; one that exists is left as it is."""
    if directory.is_dir():
        return
    directory.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        directory.mkdir(mode=0o700)
        directory.chmod(0o700)
        if is_ignored:
            (directory / ".gitignore").write_bytes(b"*\n")

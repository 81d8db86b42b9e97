"""Core dumps that were written while a test ran."""

from __future__ import annotations

import contextlib
import os
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tracetui.tracing.archiver.cores.core_pattern import CorePattern
from tracetui.tracing.archiver.cores.elf import is_core
from tracetui.tracing.archiver.gather import Root

_PATIENCE_SECONDS = 2.0
_PAUSE_SECONDS = 0.02
_CLOCK_TICK_NS = 20_000_000
"""File systems stamp files with the time of the last tick."""


def core_roots(
    pattern: CorePattern,
    directories: list[Path],
    since_ns: int,
    pause: Callable[[float], None] = time.sleep,
) -> Iterator[Root]:
    """The core dumps of processes that worked in `directories`, written since `since_ns`, once they are
    complete.
    """
    paths = [path for path in pattern.places(directories) if _is_new_core(path, since_ns)]
    for number, path in enumerate(dict.fromkeys(paths), 1):
        _wait_until_whole(path, pause)
        yield Root("core", str(path), f"core/{number}/{path.name}")


def _is_new_core(path: Path, since_ns: int) -> bool:
    with contextlib.suppress(OSError):
        status = path.lstat()
        is_new = status.st_mtime_ns >= since_ns - _CLOCK_TICK_NS
        return is_new and stat.S_ISREG(status.st_mode) and _begins_like_a_core(path)
    return False


def _begins_like_a_core(path: Path) -> bool:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        return is_core(os.pread(descriptor, 18, 0))
    finally:
        os.close(descriptor)


def _wait_until_whole(path: Path, pause: Callable[[float], None]) -> None:
    """Wait for the kernel, which may still be writing if a child of the test's process died."""
    sizes: list[int] = []
    for _ in range(int(_PATIENCE_SECONDS / _PAUSE_SECONDS)):
        with contextlib.suppress(OSError):
            sizes.append(path.lstat().st_size)
        if sizes[-2:-1] == sizes[-1:]:
            return
        pause(_PAUSE_SECONDS)

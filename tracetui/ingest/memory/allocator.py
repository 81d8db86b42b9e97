"""Tunes the memory allocator: blocks and their results come and go by the megabyte.

All of it is for glibc; elsewhere it does nothing.
"""

import contextlib
import ctypes
import os
import time
from collections.abc import Callable
from pathlib import Path

_LARGEST_KEPT = (32 << 20) - 8192
_LARGEST_HELD = 256 << 10
_M_ARENA_MAX, _M_MMAP_MAX, _M_MMAP_THRESHOLD, _M_TRIM_THRESHOLD = -8, -4, -3, -1
_MOST = 2**31 - 1
_MANY = 2_000_000
_GIVEN_BACK_S, _AT_REST_S = 1.0, 10.0
"""How often memory is given back: while something comes, and while nothing does."""


def keep_memory() -> None:
    """Keep freed memory for reuse from now on, in one heap for all threads.

    After a large piece is freed, glibc returns none smaller than that (mallopt(3), M_MMAP_THRESHOLD). Without
    it the kernel takes a fifth of the time, for fresh pages. A heap for each thread would keep as much again
    for each of them.
    """
    _call("mallopt", _M_ARENA_MAX, 1)
    bytes(_LARGEST_KEPT)


def keep_everything() -> None:
    """Keep all of it, from now on: for a process that ends once it has understood what it reads.

    Of ten million spans an array has 80 MB, and a study makes some hundred: each time in fresh pages, zeroing
    these took a quarter of it.
    """
    _call("mallopt", _M_MMAP_MAX, 0)
    _call("mallopt", _M_TRIM_THRESHOLD, _MOST)


def hold_little() -> None:
    """Return everything larger than some pages to the system as soon as it is freed, from now on.

    Hours of watching allocate and free megabytes with each read: kept, they would fragment what stays.
    """
    _call("mallopt", _M_MMAP_THRESHOLD, _LARGEST_HELD)


def give_back() -> None:
    """Return unused memory to the system: some hundred megabytes (malloc_trim(3))."""
    _call("malloc_trim", 0)


def give_back_much(spans: int) -> None:
    """The same after so many were read, if that is much: of fewer, a study uses all of it at once."""
    if spans > _MANY:
        give_back()


class Returns:
    """Returns memory from time to time, for processes that run for hours.

    `forget` lets go of what helped with the bulk, once that has arrived.
    """

    def __init__(self, forget: Callable[[], None]) -> None:
        self._forget = forget
        self._has_caught_up = False
        self._last = time.monotonic()
        self._revision = 0

    def __call__(self, revision: int) -> None:
        """Return memory if it is due; `revision` shows whether anything new has arrived since.

        Call it after everything available was read: the bulk has arrived.
        """
        if not self._has_caught_up:
            self._has_caught_up = True
            self._forget()
            hold_little()
        pause_s = _AT_REST_S if revision == self._revision else _GIVEN_BACK_S
        if time.monotonic() - self._last >= pause_s:
            give_back()
            self._last, self._revision = time.monotonic(), revision


def resident() -> int:
    """The resident memory of this process in bytes, as in `ps` (RSS); 0 if unknown."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _call(function: str, *arguments: int) -> None:
    with contextlib.suppress(AttributeError, OSError, TypeError):
        getattr(ctypes.CDLL(None), function)(*arguments)

"""What is asked of the memory allocator: blocks, and what is made of them, come and go by the megabyte.

Both are for glibc; elsewhere they do nothing.
"""

import contextlib
import ctypes

_LARGEST_KEPT = (32 << 20) - 8192


def keep_memory() -> None:
    """From now on what is freed is kept for what comes next.

    Having seen a large piece freed, glibc gives back none smaller than that (mallopt(3), M_MMAP_THRESHOLD).
    Without it a fifth of the time goes to the kernel, for fresh pages.
    """
    bytes(_LARGEST_KEPT)


def give_back() -> None:
    """What was kept and is not used goes back to the system: some hundred megabytes (malloc_trim(3))."""
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)

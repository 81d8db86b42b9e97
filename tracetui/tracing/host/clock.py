"""The time of day in nanoseconds, safe from frozen clocks and clock steps.

Libraries that freeze time replace the functions of `time` in every module that holds them. So the time of day
is read once, here, and carried forward by the monotonic clock, whose function is kept where no such library
looks for it: in a closure.
"""

from __future__ import annotations

import time
from collections.abc import Callable


def _start_clock() -> Callable[[], int]:
    monotonic_ns = time.monotonic_ns
    epoch_ns = time.time_ns() - monotonic_ns()

    def now_ns() -> int:
        """Nanoseconds since 1970, never running backwards in one process."""
        return epoch_ns + monotonic_ns()

    return now_ns


now_ns = _start_clock()

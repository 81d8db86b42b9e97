"""The time of day in nanoseconds, out of reach of frozen clocks and of clock steps.

Libraries that freeze time replace the functions of `time`, in every module that holds them. So the time of
day is read once, here, and carried forward by the monotonic clock, whose function is kept where no such
library looks for it.
"""

from __future__ import annotations

import time
from collections.abc import Callable


class _Clock:
    def __init__(self) -> None:
        self._monotonic_ns: Callable[[], int] = time.monotonic_ns
        self._epoch_ns = time.time_ns() - time.monotonic_ns()

    def now_ns(self) -> int:
        return self._epoch_ns + self._monotonic_ns()


_clock = _Clock()


def now_ns() -> int:
    """Nanoseconds since 1970, never running backwards in one process."""
    return _clock.now_ns()

"""The one clock of the screen: whatever shows how late it is asks this, and never the system itself.

It comes to the widgets with the `Reading`. A picture freezes it, a replay drives it.
"""

import time
from typing import Protocol


class Clock(Protocol):
    """Says what time it is on the screen."""

    def now_ns(self) -> int:
        """In ns since the epoch."""


class WallClock:
    """The time of day."""

    def now_ns(self) -> int:
        """In ns since the epoch."""
        return time.time_ns()


class Held:
    """A clock that stands still: of a screen that is paused."""

    def __init__(self, now_ns: int) -> None:
        self._now_ns = now_ns

    def now_ns(self) -> int:
        """In ns since the epoch."""
        return self._now_ns


WALL = WallClock()

"""The one clock of the screen: everything that shows time asks this, never the system.

Widgets get it with the `Reading`. A picture freezes it, a replay drives it.
"""

import time
from collections.abc import Callable
from typing import NamedTuple, Protocol

from tracetui import units

SPEEDS = (1, 2, 5, 10, 20, 50, 100)
USUAL_LENGTH_NS = 60 * units.S
"""At first a recording is played about as fast as makes it so long."""


class Clock(Protocol):
    """The time on the screen."""

    def now_ns(self) -> int:
        """In ns since the epoch."""

    @property
    def stands(self) -> bool:
        """Whether it stands still: nothing grows meanwhile."""

    @property
    def told(self) -> str:
        """What the header says of it; empty for the time of day."""


class WallClock:
    """The time of day."""

    stands = False
    told = ""

    def now_ns(self) -> int:
        """In ns since the epoch."""
        return time.time_ns()


class Shifted:
    """The writers' clock: their host's may be ahead of ours, or behind."""

    def __init__(self, clock: Clock, ahead_ns: int) -> None:
        self._clock = clock
        self._ahead_ns = ahead_ns

    def now_ns(self) -> int:
        """In ns since the epoch."""
        return self._clock.now_ns() - self._ahead_ns

    @property
    def stands(self) -> bool:
        """As the clock itself."""
        return self._clock.stands

    @property
    def told(self) -> str:
        """As the clock itself."""
        return self._clock.told


class Held:
    """A clock that stands still: of a paused screen, or of a moment of a replay."""

    stands = True

    def __init__(self, now_ns: int, told: str = "") -> None:
        self._now_ns = now_ns
        self.told = told

    def now_ns(self) -> int:
        """In ns since the epoch."""
        return self._now_ns


class Moment:
    """One moment of a clock that may go on: all that is drawn of it in one frame shows one time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._now_ns = clock.now_ns()

    def now_ns(self) -> int:
        """In ns since the epoch."""
        return self._now_ns

    @property
    def stands(self) -> bool:
        """As the clock itself."""
        return self._clock.stands

    @property
    def told(self) -> str:
        """As the clock itself."""
        return self._clock.told


WALL = WallClock()


class _Hand(NamedTuple):
    """The reading of a clock at a moment of the system's, and its speed from there; 0 stands."""

    now_ns: int
    since_ns: int
    speed: int


class ReplayClock:
    """Runs from `begin_ns` to `finish_ns`, at a speed, until it is paused or at the end.

    Any thread may read it; only one may set it. `ticks_ns` is the system's monotonic clock.
    """

    def __init__(
        self, begin_ns: int, finish_ns: int, ticks_ns: Callable[[], int] = time.monotonic_ns
    ) -> None:
        self.begin_ns = begin_ns
        self.finish_ns = finish_ns
        self._ticks_ns = ticks_ns
        wanted = max(1, (finish_ns - begin_ns) // USUAL_LENGTH_NS)
        self.speed = max(speed for speed in SPEEDS if speed <= wanted)
        self._hand = _Hand(begin_ns, ticks_ns(), self.speed)

    def now_ns(self) -> int:
        """In ns since the epoch."""
        hand = self._hand
        return min(self.finish_ns, hand.now_ns + (self._ticks_ns() - hand.since_ns) * hand.speed)

    @property
    def paused(self) -> bool:
        """Whether the user has paused it."""
        return not self._hand.speed

    @property
    def stands(self) -> bool:
        """Whether it stands still."""
        return self.paused or self.now_ns() >= self.finish_ns

    @property
    def told(self) -> str:
        """Speed, position and length."""
        return self._told(self.now_ns())

    def _told(self, now_ns: int) -> str:
        now = units.duration(now_ns - self.begin_ns)
        whole = units.duration(self.finish_ns - self.begin_ns)
        return f"REPLAY {'paused' if self.paused else f'{self.speed}x'} {now} of {whole}"

    def at(self, now_ns: int) -> Held:
        """A clock that stands at a moment, however far this one is when that is shown."""
        return Held(now_ns, self._told(now_ns))

    def toggle(self) -> None:
        """Pause or resume; at the end, start again."""
        if not self.paused and self.now_ns() >= self.finish_ns:
            self._set(self.begin_ns, self.speed)
        else:
            self._set(self.now_ns(), self.speed if self.paused else 0)

    def seek(self, to_ns: int) -> None:
        """Continue from another moment, within the recording."""
        self._set(min(self.finish_ns, max(self.begin_ns, to_ns)), self._hand.speed)

    def change_speed(self, steps: int) -> None:
        """Run faster or slower; a paused clock stays paused."""
        place = SPEEDS.index(self.speed) + steps
        self.speed = SPEEDS[min(len(SPEEDS) - 1, max(0, place))]
        self._set(self.now_ns(), 0 if self.paused else self.speed)

    def _set(self, now_ns: int, speed: int) -> None:
        self._hand = _Hand(now_ns, self._ticks_ns(), speed)

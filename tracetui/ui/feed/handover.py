"""From the thread that reads to the one that draws: one reading is on its way, however late the screen is.

A busy machine may keep the screen waiting for seconds. Of a long run each reading takes megabytes.
"""

from collections import deque
from collections.abc import Callable

from textual.message import Message

from tracetui.ui.feed.reading import Reading


class Read(Message):
    """There is a newer reading; `take` gives it, to who comes first."""

    def __init__(self, take: Callable[[], Reading | None]) -> None:
        super().__init__()
        self.take = take


class Handover:
    """Holds the newest reading until it is taken; `post` tells of it, from the thread that reads."""

    def __init__(self, post: Callable[[Message], object]) -> None:
        self._post = post
        self._newest: deque[Reading] = deque(maxlen=1)

    def put(self, reading: Reading) -> None:
        """A newer one: that before it goes, if nobody has taken it."""
        self._newest.append(reading)
        self._post(Read(self._take))

    def _take(self) -> Reading | None:
        try:
            return self._newest.pop()
        except IndexError:
            return None

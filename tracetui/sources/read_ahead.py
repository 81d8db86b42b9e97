"""The blocks of a source, some of them read, and unpacked, before they are needed."""

from collections import deque
from collections.abc import Callable
from functools import cached_property
from threading import Condition

from tracetui.own_thread import own_thread
from tracetui.sources.block import Block, Source

LONG_BYTES = 64 * 1024 * 1024
"""Of less, most time goes into what is learned of it, which one thread does: two would take a fifth more of
the processor, and hardly less on the clock.
"""


class Blocks:
    """Reads `source`, of which up to `most` blocks ahead in another thread.

    There `announce` hears the bytes of each as soon as they are read. After a block that was not there, or
    could not be read, none is read before that is known here. No thread is begun for less than
    `LONG_BYTES`.
    """

    def __init__(self, source: Source, announce: Callable[[bytes], None], most: int) -> None:
        self._source = source
        self._announce = announce
        self._most = most
        self._ahead: deque[Block] = deque()
        self._is_reading = self._is_long = False
        self._error: Exception | None = None

    def next(self, limit: int, *, ahead: bool) -> Block | None:
        """The next block, of at most `limit` bytes; None if there is none now. Raises InputError."""
        self._is_long = self._is_long or self._source.size >= LONG_BYTES
        if not (self._most and ahead and self._is_long):
            return self._source.read(limit)
        with self._changed:
            if not self._is_reading and len(self._ahead) < self._most and not self._error:
                self._is_reading = True
                own_thread("read").submit(self._read, limit)
            self._changed.wait_for(lambda: self._ahead or not self._is_reading)
            if self._ahead:
                return self._ahead.popleft()
            error, self._error = self._error, None
            if error:
                raise error
            return None

    @cached_property
    def _changed(self) -> Condition:
        """Made by who asks for blocks, before another thread reads any: most sources are too short."""
        return Condition()

    def _read(self, limit: int) -> None:
        """Read until there are enough, or nothing more is there now."""
        more = True
        while more:
            more = self._read_one(limit)

    def _read_one(self, limit: int) -> bool:
        """Read a block; False if that was the last one for now."""
        block, error = None, None
        try:
            block = self._source.read(limit)
            if block:
                self._announce(block.data)
        except Exception as reason:  # noqa: BLE001 - it is raised where the block is asked for
            error = reason
        with self._changed:
            if block and not error:
                self._ahead.append(block)
            self._error = error
            self._is_reading = error is None and block is not None and len(self._ahead) < self._most
            self._changed.notify()
            return self._is_reading

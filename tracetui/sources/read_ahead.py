"""The blocks of a source, some of them read before they are needed."""

from collections import deque
from collections.abc import Callable

from tracetui.errors import InputError
from tracetui.sources.block import Block, Source


class Blocks:
    """Reads `source`; of up to `most` blocks `announce` hears the bytes as soon as they are read."""

    def __init__(self, source: Source, announce: Callable[[bytes], None], most: int) -> None:
        self._source = source
        self._announce = announce
        self._most = most
        self._ahead: deque[Block] = deque()

    def next(self, limit: int, *, ahead: bool) -> Block | None:
        """The next block, of at most `limit` bytes; None if there is none now. Raises InputError."""
        if not self._most or not ahead:
            return self._ahead.popleft() if self._ahead else self._source.read(limit)
        while len(self._ahead) < self._most:
            try:
                block = self._source.read(limit)
            except InputError:
                if not self._ahead:
                    raise
                break  # The next call says so, once what was read before is taken.
            if not block:
                break
            self._announce(block.data)
            self._ahead.append(block)
        return self._ahead.popleft() if self._ahead else None

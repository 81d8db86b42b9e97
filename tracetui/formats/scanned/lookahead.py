"""Scans lines before they are read, in threads that need nothing of the interpreter meanwhile.

What comes of a block depends on those before it only in how its lines are taken, and that is decided when it
is fed. Each of several scanners numbers what it finds by itself: the store numbers all of it by its place in
the source. So the result is the same as with one thread.
"""

from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from tracetui.formats.framing.lines import Line
from tracetui.formats.scanned.known import Counted, Counter
from tracetui.kernel.scan import Scan, Shape
from tracetui.own_thread import own_thread

FIRST_BYTES = 64 * 1024
"""Scanned before anything else: what rules ask of these spans tells most of the others apart."""
MOST_TAIL = 16 * 1024 * 1024
"""A line that is longer by then is not scanned ahead."""

if TYPE_CHECKING:
    from concurrent.futures import Future


class _Ahead(NamedTuple):
    """Lines that are being scanned: a part of a block, or the line that it ends."""

    block: bytes
    text: bytes
    begin: int
    end: int
    number: int
    counter: Counter
    scan: "Future[Scan | None]"

    def is_of(self, lines: Line) -> bool:
        """Whether it is of just these."""
        is_here = (self.begin, self.end) == (lines.begin, lines.end)
        return is_here and (
            self.text is lines.text or (self.text is not self.block and self.text == lines.text)
        )


class Lookahead:
    """The lines of one source that come next, at least `least` bytes, scanned by the scanners of `counters`,
    each of which has a block in turn.

    Meanwhile they are nobody else's. `begin` belongs to one thread, the rest to another. The first
    block has the number `first`, and goes on with the line `tail`, None if that is not known. Never more than
    `most` blocks were begun and not taken.
    """

    def __init__(
        self, counters: Sequence[Counter], first: int, most: int, least: int, tail: bytes | None
    ) -> None:
        self.counters = counters
        self._first_number = self._number = first
        self._most = most
        self._least = least
        self._ahead: deque[_Ahead] = deque()
        self._tail = tail

    def begin(self, block: bytes) -> None:
        """Begin to scan the block that comes after those begun before."""
        first, last = (0 if self._tail == b"" else block.find(b"\n") + 1), block.rfind(b"\n") + 1
        if self._number == self._first_number:
            self._teach(block, first, last)
        if first and self._tail:
            line = self._tail + block[:first]
            self._submit(block, line, 0, len(line))
        self._submit(block, block, first, last)
        self._tail = self._tail_after(block, last)
        self._number += 1

    def _submit(self, block: bytes, text: bytes, begin: int, end: int) -> None:
        if end - begin >= self._least:
            place = self._number % len(self.counters)
            counter = self.counters[place]
            scan = own_thread("scan", place).submit(
                counter.scanner.scan, text, begin, end, Shape.LINES, self._number
            )
            self._ahead.append(_Ahead(block, text, begin, end, self._number, counter, scan))

    def _teach(self, block: bytes, begin: int, last: int) -> None:
        """Have scanners that know nothing yet scan the first lines, for what rules ask of these."""
        end = block.find(b"\n", begin + FIRST_BYTES, last) + 1 or last
        for counter in self.counters:
            if counter.is_new and begin < end:
                counter.counted(
                    counter.scanner.scan(block, begin, end, Shape.LINES, self._number), self._number
                )

    def _tail_after(self, block: bytes, last: int) -> bytes | None:
        """The line that has not ended yet; None if it is too long."""
        if last:
            return block[last:]
        is_long = self._tail is None or len(self._tail) + len(block) > MOST_TAIL
        return None if is_long or self._tail is None else self._tail + block

    def take(self, lines: Line) -> Counted | None:
        """The scan of lines of the block that is being fed; None unless it is of just these."""
        return self._first() if self._ahead and self._ahead[0].is_of(lines) else None

    def end(self, block: bytes) -> None:
        """Note that all of a block was fed."""
        while self._ahead and self._ahead[0].block is block:
            self._first()

    @property
    def is_done(self) -> bool:
        """Whether every scan that was begun has been taken: `counters` may serve others."""
        return not self._ahead

    def _first(self) -> Counted | None:
        """Every scan is taken, so that its scanner's numbers are known."""
        ahead = self._ahead.popleft()
        return ahead.counter.counted(ahead.scan.result(), ahead.number + self._most + 1)

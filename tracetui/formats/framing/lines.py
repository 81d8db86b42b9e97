"""Cuts a stream of bytes, split anywhere, into lines; keeps the last line until it ends.

Bounded: a line longer than `MOST_BYTES` is dropped up to its end and reported once. Linear in the bytes fed.
"""

from collections.abc import Iterator
from typing import NamedTuple

from tracetui.model.batch import Problem, Problems
from tracetui.model.kind import Kind

MOST_BYTES = 64 * 1024 * 1024
TOO_LONG = f"longer than {MOST_BYTES} bytes"


class Line(NamedTuple):
    """The bytes from `begin` to `end` of a `text`, which starts at `offset` of its stream.

    The line end, if any, is included. Many lines share one text: a copy costs time.
    """

    offset: int
    text: bytes
    begin: int
    end: int

    @classmethod
    def of(cls, offset: int, text: bytes) -> "Line":
        """All of a text."""
        return cls(offset, text, 0, len(text))

    @property
    def view(self) -> memoryview:
        """The bytes, not copied."""
        return memoryview(self.text)[self.begin : self.end]

    @property
    def bytes(self) -> bytes:
        """A copy."""
        return self.text[self.begin : self.end]

    def split(self, begin: int, end: int) -> "Iterator[Line]":
        """The single lines in a part of the text."""
        while begin < end:
            line_end = self.text.index(b"\n", begin) + 1
            yield self._replace(begin=begin, end=line_end)
            begin = line_end


class Lines:
    """The whole lines of what was fed so far, and the tail that waits for its end."""

    def __init__(self) -> None:
        self._tail: list[bytes] = []
        self._skipping = False
        self._end = 0
        self.held = 0
        self.rejected = Problems()

    def feed(self, data: bytes) -> Iterator[Line]:
        """The lines that `data` ends: the one that began before, and all others in one."""
        start = self._end
        self._end += len(data)
        cut = data.rfind(b"\n") + 1
        first = data.index(b"\n") + 1 if cut and (self.held or self._skipping) else 0
        if first:
            line = Line.of(start - self.held, b"".join([*self._tail, data[:first]]))
            skipped, self._skipping = self._skipping, False
            self._tail, self.held = [], 0
            if not skipped:
                yield line
        if first < cut:
            yield Line(start, data, first, cut)
        if cut < len(data):
            self._hold(data[cut:])

    @property
    def end(self) -> int:
        """The offset after everything so far."""
        return self._end

    @property
    def is_skipping(self) -> bool:
        """Whether the rest of a line that is too long is to come."""
        return self._skipping

    def tail(self) -> Line:
        """The unterminated last line, left where it is."""
        return Line.of(self._end - self.held, b"".join(self._tail))

    def take(self, length: int) -> None:
        """Drops the first `length` bytes of the tail."""
        rest = b"".join(self._tail)[length:]
        self._tail, self.held = ([rest] if rest else []), len(rest)

    def rewind(self, length: int) -> None:
        """Goes back by `length` bytes; whole lines that are among them were given already."""
        rest = b"".join(self._tail)[: max(0, self.held - length)]
        self._skipping = self._skipping and length <= self.held
        self._tail, self.held = ([rest] if rest else []), len(rest)
        self._end -= length

    def pass_over(self, length: int) -> None:
        """Counts bytes that someone else took; there must be no tail."""
        self._end += length

    def _hold(self, data: bytes) -> None:
        if self._skipping:
            return
        self._tail.append(data)
        self.held += len(data)
        if self.held > MOST_BYTES:
            self.rejected.append(Problem(self._end - self.held, TOO_LONG, kind=Kind.TOO_LONG))
            self._tail, self.held, self._skipping = [], 0, True

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
    """Bytes and where they start in their stream; the line end, where there was one, included."""

    offset: int
    text: bytes

    def split(self, begin: int, end: int) -> "Iterator[Line]":
        """The single lines in a part of these."""
        while begin < end:
            line_end = self.text.index(b"\n", begin) + 1
            yield Line(self.offset + begin, self.text[begin:line_end])
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
        """The lines that `data` ends, all in one."""
        start = self._end
        self._end += len(data)
        cut = data.rfind(b"\n") + 1
        if cut:
            whole = b"".join([*self._tail, data[:cut]])
            self._tail, self.held = [], 0
            begin = whole.index(b"\n") + 1 if self._skipping else 0
            self._skipping = False
            if begin < len(whole):
                yield Line(start + cut - len(whole) + begin, whole[begin:])
        if cut < len(data):
            self._hold(data[cut:])

    def tail(self) -> Line:
        """The unterminated last line, left where it is."""
        return Line(self._end - self.held, b"".join(self._tail))

    def take(self, length: int) -> None:
        """Drops the first `length` bytes of the tail."""
        rest = b"".join(self._tail)[length:]
        self._tail, self.held = ([rest] if rest else []), len(rest)

    def _hold(self, data: bytes) -> None:
        if self._skipping:
            return
        self._tail.append(data)
        self.held += len(data)
        if self.held > MOST_BYTES:
            self.rejected.append(Problem(self._end - self.held, TOO_LONG, kind=Kind.TOO_LONG))
            self._tail, self.held, self._skipping = [], 0, True

"""The last lines that were read of a file: up to where it is unchanged, if its end has changed.

A writer whose disk is full takes back what it wrote last: an unfinished line, or all lines of one write.
"""

from array import array
from collections.abc import Callable

from tracetui.sources.files.regular import Mark

MOST_PIECES = 1024
"""So many lines, or parts of lines that came one by one, are remembered: 16 bytes for each."""

_IN_STRETCH = 64
"""A mark is kept for about so many pieces."""

Read = Callable[[int, int], bytes]
"""The bytes at an offset, so many; fewer where the file ends."""


class _Stretch:
    """Pieces of a file from a mark on, without gaps: their ends, negative in mid-line, and hashes."""

    __slots__ = ("_begins_line", "_ends", "_hashes", "begin")

    def __init__(self, begin: Mark, *, begins_line: bool) -> None:
        self.begin = begin
        self._begins_line = begins_line
        self._ends = array("q")
        self._hashes = array("q")

    def __len__(self) -> int:
        return len(self._ends)

    @property
    def has_line(self) -> bool:
        """Whether a line ends in it."""
        return any(end > 0 for end in self._ends)

    @property
    def ends_line(self) -> bool:
        """Whether a line ends where the last piece does."""
        return self._ends[-1] > 0 if self._ends else self._begins_line

    def add(self, end: int, piece: bytes) -> None:
        """The next piece, and where it ends."""
        self._ends.append(end if piece.endswith(b"\n") else -end)
        self._hashes.append(hash(piece))

    def forget(self, offset: int) -> None:
        """Keep only what ends at or before `offset`."""
        while self._ends and abs(self._ends[-1]) > offset:
            self._ends.pop()
            self._hashes.pop()

    def last_line_end(self, read: Read) -> Mark | None:
        """The last line end up to which everything is in place; None if not even a first line is."""
        at, last = self.begin.offset, self.begin if self._begins_line else None
        for end, fingerprint in zip(self._ends, self._hashes, strict=True):
            piece = read(at, abs(end) - at)
            if at + len(piece) != abs(end) or hash(piece) != fingerprint:
                break
            last = Mark(end, len(piece), fingerprint) if end > 0 else last
            at = abs(end)
        return last


class Trail:
    """Remembers what was read, and finds the last line end up to which a file is unchanged."""

    def __init__(self) -> None:
        self._stretches: list[_Stretch] = []

    def forget(self) -> None:
        """Nothing more will be asked."""
        self._stretches.clear()

    def add(self, before: Mark, data: bytes, mark_at: Callable[[int], Mark]) -> None:
        """Add bytes that were read after the mark `before`; `mark_at` gives the mark at an offset among
        them.
        """
        begins = _last_lines(data)
        if begins[0]:
            self._stretches.clear()
            self._stretches.append(_Stretch(mark_at(before.offset + begins[0]), begins_line=True))
        elif not self._stretches or len(self._stretches[-1]) >= _IN_STRETCH:
            begins_line = self._stretches[-1].ends_line if self._stretches else before.offset == 0
            self._stretches.append(_Stretch(before, begins_line=begins_line))
        for begin, end in zip(begins, [*begins[1:], len(data)], strict=True):
            self._stretches[-1].add(before.offset + end, data[begin:end])
        while sum(map(len, self._stretches)) - len(self._stretches[0]) >= MOST_PIECES:
            del self._stretches[0]

    def last_line_end(self, read: Read, is_in_place: Callable[[Mark], bool]) -> Mark | None:
        """The last line end up to which the file is what was read; what follows it is forgotten.

        None if nothing that is remembered is left of the file.
        """
        has_line = False
        while self._stretches:
            stretch = self._stretches[-1]
            has_line = has_line or stretch.has_line
            mark = stretch.last_line_end(read) if is_in_place(stretch.begin) else None
            if mark:
                stretch.forget(mark.offset)
                return mark if mark.offset or not has_line else None
            self._stretches.pop()
        return None


def _last_lines(data: bytes) -> list[int]:
    """Where the last `MOST_PIECES` lines in `data` begin, the first of them perhaps before it."""
    begins: list[int] = []
    end = len(data)
    while len(begins) < MOST_PIECES:
        end = data.rfind(b"\n", 0, max(end - 1, 0))
        begins.append(end + 1)
        if end < 0:
            break
    return begins[::-1]

"""Arrays of which readings differ in some rows: what stays the same is in memory once for all of them."""

import sys
from contextlib import suppress
from mmap import PAGESIZE
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from tracetui.model.numbers.distinct import distinct
from tracetui.model.numbers.sealed import Sealed

Value = TypeVar("Value", bound=np.generic)
Rows = NDArray[np.integer[Any]]

LEAST_BYTES = 1 << 19
"""Smaller arrays are copied: that is as fast, and takes no file."""
_LEAST_WRITTEN, _WRITTEN_PART = 256, 8
"""Sealed values may differ in so many rows, or in one for every so many pages: each takes a page then."""
_ALONE = 2
"""References to an array that nobody reads: its line's, and that of whoever counts."""


def roomy(length: int) -> int:
    """A length with room for some more: a sixteenth, as memory that was used before is there, used or not."""
    return 1024 + length + length // 16


class _Turns:
    """The newest array of a line, and the room of the one before, to be used again."""

    def __init__(self) -> None:
        self.room: NDArray[Any] | None = None
        self.older: NDArray[Any] | None = None

    def free(self, length: int) -> NDArray[Any] | None:
        """The older room; None while anybody reads it, or if it is too small."""
        if self.older is None or len(self.older) < length or sys.getrefcount(self.older) > _ALONE:
            return None
        return self.older

    def take(self, room: NDArray[Any]) -> None:
        """It is the turn of this room."""
        self.older, self.room = self.room, room

    @property
    def is_read(self) -> bool:
        """Whether anybody has the newest array."""
        return sys.getrefcount(self.room) > _ALONE


class _Line(_Turns):
    """Arrays that begin with what is `sealed`, except in the rows that were `written` since."""

    def __init__(self, before: NDArray[Any], length: int) -> None:
        super().__init__()
        self.sealed = Sealed(before.dtype, 2 * length)
        self.written: list[Rows] = [np.empty(0, np.int32)]

    def holds(self, before: NDArray[Any], length: int) -> bool:
        """Whether an array of this length can begin as `before` does, and share most of it."""
        few = max(_LEAST_WRITTEN, self.sealed.count * before.itemsize // PAGESIZE // _WRITTEN_PART)
        is_alike = sum(map(len, self.written)) <= few
        return is_alike and self.sealed.count <= len(before) and length <= self.sealed.most

    def go_on(self, before: NDArray[Any]) -> NDArray[Any]:
        """The next room, which starts with `before`."""
        if self.sealed.seal(before):
            self.older = None  # It has pages of its own for what is sealed by now.
        room = self.free(len(before))
        if room is None:
            room = self.sealed.array()
        count, rows = self.sealed.count, distinct(np.concatenate(self.written))
        room[count : len(before)] = before[count:]
        room[rows] = before[rows]
        self.written = [rows]
        self.take(room)
        return room

    def wrote(self, rows: Rows) -> None:
        """These rows of the newest array are others than those sealed."""
        self.written.append(rows[rows < self.sealed.count])


class Revisions:
    """Makes arrays that continue others, whose readers keep what they have; belongs to one thread.

    Fresh memory for each has to be mapped and zeroed first, which takes longer than to copy: two rooms take
    turns.
    """

    def __init__(self) -> None:
        self._lines: dict[int, _Line] = {}
        self._turns: dict[int, _Turns] = {}

    def longer(self, before: NDArray[Value], length: int) -> NDArray[Value]:
        """An array that starts with `before`, for the caller to write into; `wrote` has to hear of that.

        What is written behind `before` need not be told.
        """
        line = self._lines.pop(id(before.base), None)
        if before.nbytes >= LEAST_BYTES:
            with suppress(OSError):  # Too little memory, or too many files: then it is a copy.
                if line is None or not line.holds(before, length):
                    line = _Line(before, length)
                room = line.go_on(before)
                self._lines[id(room)] = line
                return room[:length]
        copy = np.empty(length, before.dtype)
        copy[: len(before)] = before
        return copy

    def instead(self, before: NDArray[Value], length: int) -> NDArray[Value]:
        """An array in the place of `before`, of which all is to be written."""
        turns = self._turns.pop(id(before.base), None) or _Turns()
        room = turns.free(length)
        if room is None:
            room = np.empty(roomy(length), before.dtype)
        turns.take(room)
        self._turns[id(room)] = turns
        return room[:length]

    def knows(self, array: NDArray[Any]) -> bool:
        """Whether it is what `longer` gave last, and shares its memory with others."""
        return id(array.base) in self._lines

    def wrote(self, array: NDArray[Any], rows: Rows) -> None:
        """Some rows of what `longer` gave last were written into; of other arrays nothing is to be known."""
        if line := self._lines.get(id(array.base)):
            line.wrote(rows)

    def tidy(self) -> None:
        """Let go of what nobody reads any more."""
        self._lines = {key: line for key, line in self._lines.items() if line.is_read}
        self._turns = {key: turns for key, turns in self._turns.items() if turns.is_read}

"""Arrays of which readings differ in some rows: two rooms take turns, so that only these rows are copied."""

import sys
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Value = TypeVar("Value", bound=np.generic)
Written = NDArray[np.integer[Any]] | slice

_ALONE = 2
"""References to an array that nobody reads: its line's, and that of whoever counts."""


def roomy(length: int) -> int:
    """A length with room for some more: a sixteenth, as memory that was used before is there, used or not."""
    return 1024 + length + length // 16


class _Line:
    """The room of the newest array of a line, and the one before, which has the same `until` some row.

    Except in the rows that were `written` since.
    """

    __slots__ = ("older", "room", "until", "written")

    def __init__(self, room: NDArray[Any], older: NDArray[Any] | None, until: int) -> None:
        self.room = room
        self.older = older
        self.until = until
        self.written: list[Written] = []

    def free(self, length: int) -> NDArray[Any] | None:
        """The older room; None while anybody reads it, or if it is too small."""
        if self.older is None or len(self.older) < length or sys.getrefcount(self.older) > _ALONE:
            return None
        return self.older

    def catch_up(self, room: NDArray[Any], before: NDArray[Any]) -> None:
        """Make the older room equal to the newest array."""
        room[self.until : len(before)] = before[self.until :]
        for rows in self.written:
            room[: len(before)][rows] = before[rows]

    @property
    def is_read(self) -> bool:
        """Whether anybody has the newest array."""
        return sys.getrefcount(self.room) > _ALONE


class Revisions:
    """Makes arrays that continue others, whose readers keep what they have; belongs to one thread.

    Fresh memory for each has to be mapped and zeroed first, which takes longer than to copy.
    """

    def __init__(self) -> None:
        self._lines: dict[int, _Line] = {}

    def longer(self, before: NDArray[Value], length: int) -> NDArray[Value]:
        """An array that starts with `before`, for the caller to write into; `wrote` has to hear of that.

        What is written behind `before` need not be told.
        """
        line, room = self._turn(before, length)
        if line is not None and room is line.older:
            line.catch_up(room, before)
        else:
            room[: len(before)] = before
        return room[:length]

    def instead(self, before: NDArray[Value], length: int) -> NDArray[Value]:
        """An array in the place of `before`, of which all is to be written."""
        return self._turn(before, length)[1][:length]

    def _turn(self, before: NDArray[Value], length: int) -> tuple[_Line | None, NDArray[Value]]:
        """The line of `before`, if it is the newest array of one, and the room for the next."""
        line = self._lines.pop(id(before.base), None)
        room = line.free(length) if line else None
        if room is None:
            room = np.empty(roomy(length), before.dtype)
        self._lines[id(room)] = _Line(room, line.room if line else None, len(before))
        return line, room

    def wrote(self, array: NDArray[Any], rows: Written) -> None:
        """Some rows of what `longer` gave last were written into; of other arrays nothing is to be known."""
        line = self._lines.get(id(array.base))
        if line and line.older is not None:
            line.written.append(rows)

    def tidy(self) -> None:
        """Let go of what nobody reads any more."""
        self._lines = {key: line for key, line in self._lines.items() if line.is_read}

"""Values kept once and known by a small number: strings above all."""

from array import array
from collections.abc import Hashable, Iterable, Sequence
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T", bound=Hashable)

_FREE = -1


class Interned(Generic[T]):
    """Values in the order of their first appearance; `values` only ever grows."""

    def __init__(self) -> None:
        self._ids: dict[T, int] = {}
        self._values: list[T] = []

    @property
    def values(self) -> Sequence[T]:
        """Every value, at its number."""
        return self._values

    def intern(self, value: T) -> int:
        """The number of `value`."""
        number = self._ids.get(value)
        if number is None:
            number = self._ids[value] = len(self._values)
            self._values.append(value)
        return number

    def numbers(self, values: Iterable[T]) -> NDArray[np.int32]:
        """The number of each of `values`."""
        return np.fromiter(map(self.intern, values), np.int32)


class InternedTexts(Interned[str]):
    """The same for a great many texts: looked up in a table of 6 to 12 bytes for each, not in a dictionary of
    60.

    The table is open: a text is at the first free place from the one that its hash names on.
    """

    def __init__(self) -> None:
        super().__init__()
        self._table = array("i", [_FREE] * 8)

    def intern(self, value: str) -> int:
        """The number of `value`."""
        table, values = self._table, self._values
        last = len(table) - 1
        place = hash(value) & last
        while (number := table[place]) != _FREE:
            if values[number] == value:
                return number
            place = (place + 1) & last
        number = table[place] = len(values)
        values.append(value)
        if 3 * len(values) > 2 * len(table):
            self._table = _table(values, 2 * len(table))
        return number


def _table(values: Sequence[str], size: int) -> "array[int]":
    """A table of so many places, a power of two, with all `values`."""
    table = array("i", [_FREE]) * size
    numbers = np.frombuffer(table, np.int32)
    left = np.arange(len(values), dtype=np.int32)
    place = np.fromiter(map(hash, values), np.int64, len(values)) & (size - 1)
    while len(left):
        free = numbers[place] == _FREE
        numbers[place[free]] = left[free]  # Of several that want a place, one gets it.
        waits = numbers[place] != left
        left, place = left[waits], (place[waits] + 1) & (size - 1)
    return table

"""Strings kept once, known by a small number."""

from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T", str, bytes)


class Strings(Generic[T]):
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
        found = self._ids.get(value)
        if found is None:
            found = self._ids[value] = len(self._values)
            self._values.append(value)
        return found

    def column(self, values: Iterable[T]) -> NDArray[np.int32]:
        """The numbers of `values`, as a column."""
        return np.fromiter(map(self.intern, values), np.int32)

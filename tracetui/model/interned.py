"""Values kept once and known by a small number: strings above all."""

from collections.abc import Hashable, Iterable, Sequence
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T", bound=Hashable)


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

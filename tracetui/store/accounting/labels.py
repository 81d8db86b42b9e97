"""The labels of a table's sources, and which of them belong together."""

from collections.abc import Callable, Iterable
from threading import Lock

import numpy as np
from numpy.typing import NDArray

Key = Callable[[str], str]


class Groups:
    """Labels of which `key` makes the same are a group; groups are numbered as they appear."""

    def __init__(self, key: Key) -> None:
        self._key = key
        self._known: dict[str, int] = {}
        self.numbers: NDArray[np.int32] = np.empty(0, np.int32)
        """The group of each label."""

    def __len__(self) -> int:
        return len(self._known)

    def number(self, label: str) -> int:
        """The number of the group that a label belongs to, or would belong to; -1 if there is none."""
        return self._known.get(self._key(label), -1)

    def follow(self, labels: list[str]) -> None:
        """Take up what has been appended to the labels."""
        new = labels[len(self.numbers) :]
        if new:
            more = [self._known.setdefault(self._key(label), len(self._known)) for label in new]
            self.numbers = np.concatenate((self.numbers, np.array(more, np.int32)))


class Labels(list[str]):
    """Labels that are only ever appended: which of them belong together is worked out once for each.

    Any thread may ask.
    """

    def __init__(self, labels: Iterable[str] = ()) -> None:
        super().__init__(labels)
        self._groups: dict[Key, Groups] = {}
        self._lock = Lock()

    def grouped(self, key: Key) -> Groups:
        """The groups of all labels so far; `key` is a function that lives as long as the program."""
        with self._lock:
            groups = self._groups.setdefault(key, Groups(key))
            groups.follow(self)
            return groups

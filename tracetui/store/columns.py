"""Growing numpy columns that hand out immutable views: copied on write, never on append."""

from collections import deque
from collections.abc import Mapping
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.model.columns import STORED
from tracetui.model.numbers.distinct import distinct
from tracetui.model.numbers.revisions import Revisions, roomy

_MOST_EXPECTED = 1 << 24
"""Room is made for no more rows at once: what is expected may never come."""
_MOST_CHANGES = 16
"""So many views back it is known what has changed since."""


class Changes(Struct, frozen=True, eq=False):
    """Which rows were written to: views of a table are numbered; `rows` are those of the last few."""

    table: object
    number: int
    rows: tuple[NDArray[np.int32], ...]

    def since(self, earlier: "Changes") -> NDArray[np.int32] | None:
        """The rows of an earlier view of the same table that were written to after it; ascending.

        None if unknown: another table, or too long ago.
        """
        back = self.number - earlier.number
        if self.table is None or self.table is not earlier.table or not 0 <= back <= len(self.rows):
            return None
        return distinct(np.concatenate((*self.rows[len(self.rows) - back :], _NONE)))


_NONE = np.empty(0, np.int32)
UNKNOWN = Changes(None, 0, ())
"""Of a view whose table is not known."""


class Columns:
    """`STORED` as arrays of one length. What `freeze` handed out never changes afterwards.

    A column of zeros takes no memory: few recordings have bills, many no workers.
    """

    def __init__(self) -> None:
        self._arrays: dict[str, NDArray[Any]] = {}
        self._shared: set[str] = set()
        self._revisions = Revisions()
        self._length = 0
        self._capacity = roomy(0)
        self._expected = 0
        self._identity = object()
        self._written: list[NDArray[np.int32]] = []
        self._changes: deque[NDArray[np.int32]] = deque(maxlen=_MOST_CHANGES)
        self._views = 0

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, name: str) -> NDArray[Any]:
        """The column, for reading."""
        array = self._arrays.get(name)
        if array is None:
            return np.broadcast_to(np.zeros((), STORED[name]), self._length)
        return array[: self._length]

    def expect(self, rows: int) -> None:
        """There will be about so many rows: room for all of them spares copies, and none is used before."""
        self._expected = min(rows, _MOST_EXPECTED)

    def append(self, rows: Mapping[str, NDArray[Any]]) -> None:
        """Add rows: an array per column, all of one length."""
        begin, end = self._length, self._length + len(rows["key"])
        self._reserve(end)
        for name, values in rows.items():
            if name not in self._arrays and values.any():
                self._arrays[name] = np.zeros(self._capacity, STORED[name])
        for name, array in self._arrays.items():
            array[begin:end] = rows.get(name, 0)
        self._length = end

    def put(self, name: str, rows: NDArray[np.int32] | int, values: Any) -> None:
        """Write into a column; writing the values that are already there costs nothing."""
        before = self[name][rows]
        if not np.any(before != values):
            return
        written = np.atleast_1d(np.asarray(rows, np.int32))
        self._own(name)[rows] = values
        self._revisions.wrote(self._arrays[name], written)
        self._written.append(written)

    def _own(self, name: str) -> NDArray[Any]:
        """The array of a column, which no view shares."""
        array = self._arrays.get(name)
        if array is None:
            self._arrays[name] = np.zeros(self._capacity, STORED[name])
        elif name in self._shared:
            self._arrays[name] = self._revisions.longer(array[: self._length], self._capacity)
        self._shared.discard(name)
        return self._arrays[name]

    def freeze(self) -> dict[str, NDArray[Any]]:
        """Read-only views of every column as it is now."""
        self._shared = set(self._arrays)
        self._changes.append(np.concatenate((*self._written, _NONE)))
        self._written = []
        self._views += 1
        views = {name: self[name] for name in STORED}
        for view in views.values():
            view.flags.writeable = False
        return views

    @property
    def changes(self) -> Changes:
        """What had been written to by the last `freeze`."""
        return Changes(self._identity, self._views, tuple(self._changes))

    def stored(self) -> dict[str, NDArray[Any]]:
        """The columns that take memory."""
        return {name: array[: self._length] for name, array in self._arrays.items()}

    def restore(self, rows: int, stored: Mapping[str, NDArray[Any]]) -> None:
        """Take over these `stored` columns, which are never written to."""
        self._length, self._capacity = rows, max(rows, 1)
        self._arrays = dict(stored)
        self._shared = set(stored)
        self._revisions = Revisions()
        self._identity = object()

    def _reserve(self, rows: int) -> None:
        if rows <= self._capacity:
            return
        self._capacity = max(roomy(rows), self._expected)
        for name, array in self._arrays.items():  # One after the other goes before all is there twice.
            self._arrays[name] = self._resized(array)
        self._shared.clear()

    def _resized(self, array: NDArray[Any]) -> NDArray[Any]:
        """The same with room for more rows; unused room takes no memory."""
        if self._revisions.knows(array):
            return self._revisions.longer(array[: self._length], self._capacity)
        copy = np.empty(self._capacity, array.dtype)
        copy[: self._length] = array[: self._length]
        return copy

"""Growing numpy columns that hand out immutable views: copied on write, never on append."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

DTYPES: Mapping[str, Any] = {
    "start_ns": np.int64,
    "end_ns": np.int64,
    "key": np.uint64,
    "parent_key": np.uint64,
    "trace_index": np.int32,
    "parent_row": np.int32,
    "name_id": np.int32,
    "title_id": np.int32,
    "worker_id": np.int32,
    "origin_id": np.int32,
    "offset": np.int64,
    "length": np.int32,
    "role": np.uint8,
    "status": np.uint8,
    "outcome": np.uint8,
    "own": np.bool_,
    "billed_ns": np.int64,
}
"""One row per span, 80 bytes at most: what each column holds, `Snapshot` says."""

_FIRST_CAPACITY = 1024


class Columns:
    """`DTYPES` as arrays of one length. What `freeze` handed out never changes afterwards.

    A column of nothing but zeros takes no room: few recordings have bills, many no workers.
    """

    def __init__(self) -> None:
        self._arrays: dict[str, NDArray[Any]] = {}
        self._shared: set[str] = set()
        self._length = 0
        self._capacity = _FIRST_CAPACITY

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, name: str) -> NDArray[Any]:
        """The column, for reading."""
        array = self._arrays.get(name)
        if array is None:
            return np.broadcast_to(np.zeros((), DTYPES[name]), self._length)
        return array[: self._length]

    def append(self, rows: Mapping[str, NDArray[Any]]) -> None:
        """Adds rows: an array per column, all of one length."""
        begin, end = self._length, self._length + len(rows["key"])
        self._reserve(end)
        for name, values in rows.items():
            if name not in self._arrays and values.any():
                self._arrays[name] = np.zeros(self._capacity, DTYPES[name])
            if name in self._arrays:
                self._arrays[name][begin:end] = values
        self._length = end

    def writable(self, name: str) -> NDArray[Any]:
        """The column, for writing in place."""
        if name not in self._arrays:
            self._arrays[name] = np.zeros(self._capacity, DTYPES[name])
        elif name in self._shared:
            self._arrays[name] = self._arrays[name].copy()
        self._shared.discard(name)
        return self._arrays[name][: self._length]

    def freeze(self) -> dict[str, NDArray[Any]]:
        """Read-only views of every column as it is now."""
        self._shared = set(self._arrays)
        views = {name: self[name] for name in DTYPES}
        for view in views.values():
            view.flags.writeable = False
        return views

    def stored(self) -> dict[str, NDArray[Any]]:
        """The columns that take room."""
        return {name: array[: self._length] for name, array in self._arrays.items()}

    def restore(self, rows: int, stored: Mapping[str, NDArray[Any]]) -> None:
        """Becomes what had these columns `stored`; they are never written to."""
        self._length, self._capacity = rows, max(rows, 1)
        self._arrays = dict(stored)
        self._shared = set(stored)

    def _reserve(self, rows: int) -> None:
        if rows <= self._capacity:
            return
        while self._capacity < rows:
            self._capacity *= 2
        for name, array in self._arrays.items():
            grown = np.zeros(self._capacity, array.dtype)
            grown[: self._length] = array[: self._length]
            self._arrays[name] = grown
        self._shared.clear()

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
    "span_id": np.uint64,
    "trace_index": np.int32,
    "parent_row": np.int32,
    "name_id": np.int32,
    "title_id": np.int32,
    "worker_id": np.int32,
    "resource_id": np.int32,
    "scope_id": np.int32,
    "source_id": np.int32,
    "offset": np.int64,
    "length": np.int32,
    "role": np.uint8,
    "status": np.uint8,
    "outcome": np.uint8,
    "own": np.bool_,
    "billed_ns": np.int64,
}
"""One row per span, 99 bytes: what each column holds, `Snapshot` says."""

_FIRST_CAPACITY = 1024


class Columns:
    """`DTYPES` as arrays of one length. What `freeze` handed out never changes afterwards."""

    def __init__(self) -> None:
        self._arrays = {name: np.empty(_FIRST_CAPACITY, dtype) for name, dtype in DTYPES.items()}
        self._shared: set[str] = set()
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, name: str) -> NDArray[Any]:
        """The column, for reading."""
        return self._arrays[name][: self._length]

    def append(self, rows: Mapping[str, NDArray[Any]]) -> None:
        """Adds rows: an array per column, all of one length."""
        added = len(rows["key"])
        self._reserve(self._length + added)
        for name, array in self._arrays.items():
            array[self._length : self._length + added] = rows[name]
        self._length += added

    def writable(self, name: str) -> NDArray[Any]:
        """The column, for writing in place."""
        if name in self._shared:
            self._arrays[name] = self._arrays[name].copy()
            self._shared.discard(name)
        return self._arrays[name][: self._length]

    def freeze(self) -> dict[str, NDArray[Any]]:
        """Read-only views of every column as it is now."""
        self._shared = set(self._arrays)
        views = {name: array[: self._length] for name, array in self._arrays.items()}
        for view in views.values():
            view.flags.writeable = False
        return views

    def _reserve(self, rows: int) -> None:
        capacity = len(self._arrays["key"])
        if rows <= capacity:
            return
        while capacity < rows:
            capacity *= 2
        for name, array in self._arrays.items():
            grown = np.empty(capacity, array.dtype)
            grown[: self._length] = array[: self._length]
            self._arrays[name] = grown
        self._shared.clear()

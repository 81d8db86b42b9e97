"""Times that follow from others for all or nearly all spans: computed on demand.

Eight bytes a span for each would be kept by every reading, and copied for every new one.
"""

from bisect import bisect_left
from typing import Any, overload

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Nanoseconds = NDArray[np.int64]
Mask = NDArray[np.bool_]


class Ends(Struct, frozen=True, eq=False):
    """By row its start and duration (`total`); for rows that are `wrong`, in a doubtful place, the start.

    Read it like an array: by row, by rows, or `[:]`.
    """

    start_ns: Nanoseconds
    total: Nanoseconds
    wrong: Mask | None

    @overload
    def __getitem__(self, rows: int | np.integer[Any]) -> np.int64: ...

    @overload
    def __getitem__(self, rows: slice | NDArray[Any]) -> Nanoseconds: ...

    def __getitem__(self, rows: Any) -> Any:
        start, took = self.start_ns[rows], self.total[rows]
        return start + (took if self.wrong is None else np.where(self.wrong[rows], 0, took))

    def put(self, rows: NDArray[np.signedinteger] | int, end_ns: Nanoseconds | int) -> None:
        """Write into `total`, while nobody else has it."""
        self.total[rows] = end_ns - self.start_ns[rows]


class SelfTimes(Struct, frozen=True, eq=False):
    """By row the time in `own`, except for `rows` (ascending): there it is `ns`.

    Read it like an array: by row, by rows, or `[:]`.
    """

    own: Nanoseconds
    rows: NDArray[np.int32]
    ns: Nanoseconds

    @overload
    def __getitem__(self, rows: int | np.integer[Any]) -> np.int64: ...

    @overload
    def __getitem__(self, rows: slice | NDArray[Any]) -> Nanoseconds: ...

    def __getitem__(self, rows: Any) -> Any:
        if isinstance(rows, slice):
            whole = self.own.copy()
            whole[self.rows] = self.ns
            return whole[rows]
        if not isinstance(
            rows, np.ndarray
        ):  # Not by numpy's search, which lets other threads in: see `Marks`.
            at = bisect_left(self.rows, rows)
            return self.ns[at] if at < len(self.rows) and self.rows[at] == rows else self.own[rows]
        rows = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows
        if not len(self.rows):
            return self.own[rows]
        place = np.minimum(np.searchsorted(self.rows, rows), len(self.rows) - 1)
        return np.where(self.rows[place] == rows, self.ns[place], self.own[rows])

    def but(self, own: Nanoseconds, looked_at: NDArray[np.int32], self_: Nanoseconds) -> "SelfTimes":
        """The same with a later `own`; for the rows `looked_at` it is `self_`."""
        place = np.searchsorted(self.rows, looked_at)
        known = place[self.rows.take(place, mode="clip") == looked_at] if len(self.rows) else place[:0]
        left = np.ones(len(self.rows), np.bool_)
        left[known] = False
        other = np.flatnonzero(own[looked_at] != self_)
        more = other[np.argsort(looked_at[other])]
        rows, ns = self.rows[left], self.ns[left]
        at = np.searchsorted(rows, looked_at[more])
        return SelfTimes(own, np.insert(rows, at, looked_at[more]), np.insert(ns, at, self_[more]))

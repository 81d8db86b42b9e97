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
        order = np.argsort(looked_at)
        looked, found = looked_at[order], self_[order]
        place, differs = np.searchsorted(self.rows, looked), found != own[looked]
        is_known = np.zeros(len(looked), np.bool_)
        is_known[place < len(self.rows)] = True
        is_known[is_known] = self.rows[place[is_known]] == looked[is_known]
        rows, ns = self.rows, self.ns.copy()
        ns[place[is_known]] = found[is_known]
        if len(gone := place[is_known & ~differs]):
            rows, ns = np.delete(rows, gone), np.delete(ns, gone)
        new = differs & ~is_known
        return SelfTimes(own, *_merged(rows, ns, looked[new], found[new]))


def _merged(
    rows: NDArray[np.int32], ns: Nanoseconds, new: NDArray[np.int32], new_ns: Nanoseconds
) -> tuple[NDArray[np.int32], Nanoseconds]:
    """Ascending rows with `new` ones, which most often come last, and the times beside them."""
    if not len(new):
        return rows, ns
    first = int(np.searchsorted(rows, new[0]))
    late, late_ns = np.concatenate((rows[first:], new)), np.concatenate((ns[first:], new_ns))
    order = np.argsort(late, kind="stable")
    return np.concatenate((rows[:first], late[order])), np.concatenate((ns[:first], late_ns[order]))

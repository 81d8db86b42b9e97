"""Times that follow from others for all or nearly all spans: computed on demand.

Eight bytes a span for each would be kept by every reading, and copied for every new one.
"""

from bisect import bisect_left
from collections.abc import Callable
from typing import Any, overload

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.model.numbers.distinct import distinct, without

Nanoseconds = NDArray[np.int64]
Rows = NDArray[np.int32]
Mask = NDArray[np.bool_]

_MANY = 8
"""Among so many times as many ascending rows those that are apart are looked up, not the other way round."""


class Totals(Struct, frozen=True, eq=False):
    """By row the time from start to end as written, 0 if that is none; for `rows` (ascending) it is `ns`.

    Read it like an array: by row, by rows, or `[:]`.
    """

    start_ns: Nanoseconds
    end_ns: Nanoseconds
    rows: NDArray[np.int32]
    ns: Nanoseconds

    @overload
    def __getitem__(self, rows: int | np.integer[Any]) -> np.int64: ...

    @overload
    def __getitem__(self, rows: slice | NDArray[Any] | list[int]) -> Nanoseconds: ...

    def __getitem__(self, rows: Any) -> Any:
        return _with(self.rows, self.ns, self._as_written, rows)

    def __setitem__(self, rows: NDArray[np.signedinteger] | int, ns: Nanoseconds | int) -> None:
        """Write into some of `rows`, while nobody else has it."""
        self.ns[np.searchsorted(self.rows, rows)] = ns

    def _as_written(self, rows: Any) -> Any:
        return np.maximum(self.end_ns[rows] - self.start_ns[rows], 0)

    def tidied(self) -> "Totals":
        """The same, where `rows` are only those that are otherwise than written."""
        other = self.ns != self._as_written(self.rows)
        return Totals(self.start_ns, self.end_ns, self.rows[other], self.ns[other])

    def but(self, start_ns: Nanoseconds, end_ns: Nanoseconds, changed: Rows, apart: Rows) -> "Totals":
        """The same for later spans; `changed` rows are as written, and `apart`, which are among them, may be
        written to.
        """
        left = without(self.rows, changed)
        rows = np.sort(np.concatenate((left, apart)))
        later = Totals(start_ns, end_ns, rows, np.maximum(end_ns[rows] - start_ns[rows], 0))
        later[left] = self[left]
        return later

    def differing(self, earlier: "Totals") -> Rows:
        """The rows of earlier spans, which these continue, that took another time; ascending."""
        count = len(earlier.end_ns)
        rows = [earlier.rows, self.rows[self.rows < count]]
        for was, is_ in ((earlier.start_ns, self.start_ns), (earlier.end_ns, self.end_ns)):
            if not are_one(was, is_):
                rows.append(np.flatnonzero(was != is_[:count]).astype(np.int32))
        some = distinct(np.concatenate(rows))
        other: Rows = some[self[some] != earlier[some]]
        return other


def totals(start_ns: Nanoseconds, end_ns: Nanoseconds, total: Nanoseconds) -> Totals:
    """`total`, as what is otherwise than written."""
    every = np.flatnonzero(total != np.maximum(end_ns - start_ns, 0)).astype(np.int32)
    return Totals(start_ns, end_ns, every, total[every])


def are_one(one: NDArray[np.generic], other: NDArray[np.generic]) -> bool:
    """Whether one array only continues the other, in the same memory: nothing was overwritten."""
    address, longer = (array.__array_interface__["data"][0] for array in (one, other))
    return bool(address == longer and one.strides == other.strides)


class Ends(Struct, frozen=True, eq=False):
    """By row its start and duration (`total`); for rows that are `wrong`, in a doubtful place, the start.

    Read it like an array: by row, by rows, or `[:]`.
    """

    start_ns: Nanoseconds
    total: Nanoseconds | Totals
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
    def __getitem__(self, rows: slice | NDArray[Any] | list[int]) -> Nanoseconds: ...

    def __getitem__(self, rows: Any) -> Any:
        return _with(self.rows, self.ns, self.own.__getitem__, rows)

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


def _merged(rows: Rows, ns: Nanoseconds, new: Rows, new_ns: Nanoseconds) -> tuple[Rows, Nanoseconds]:
    """Ascending rows with `new` ones, which most often come last, and the times beside them."""
    if not len(new):
        return rows, ns
    first = int(np.searchsorted(rows, new[0]))
    late, late_ns = np.concatenate((rows[first:], new)), np.concatenate((ns[first:], new_ns))
    order = np.argsort(late, kind="stable")
    return np.concatenate((rows[:first], late[order])), np.concatenate((ns[:first], late_ns[order]))


def _with(apart: Rows, ns: Nanoseconds, others: Callable[[Any], Any], rows: Any) -> Any:
    """`ns` for those of `rows` that are `apart`, which are ascending, and for the `others` what these say."""
    if isinstance(rows, slice):
        whole = others(slice(None)).copy()
        whole[apart] = ns
        return whole[rows]
    if isinstance(rows, int | np.integer):  # Not by numpy's search, which lets other threads in: see `Marks`.
        at = bisect_left(apart, rows)
        return ns[at] if at < len(apart) and apart[at] == rows else others(rows)
    if not isinstance(rows, np.ndarray):
        rows = np.array(rows, np.intp)
    rows = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows
    values = others(rows)
    if not len(apart):
        return values
    if len(rows) > _MANY * len(apart) and (rows[1:] > rows[:-1]).all():
        place = np.searchsorted(rows, apart)
        there = rows.take(place, mode="clip") == apart
        values[place[there]] = ns[there]
        return values
    place = np.searchsorted(apart, rows)
    return np.where(apart.take(place, mode="clip") == rows, ns.take(place, mode="clip"), values)

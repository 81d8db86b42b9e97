"""The columns of a ranking: what groups add up to, updated as groups change and others are added.

Percentiles and the like are looked up in the own times when somebody asks for them: nearly all tests of most
runs ran once, and kept as columns they took five times as much memory as these sums.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.history.history import LAST
from tracetui.analysis.ranking.occurrences import Occurrences
from tracetui.analysis.ranking.own_times import NO_TIMES, OwnTimes
from tracetui.analysis.ranking.splices import Places, longer
from tracetui.analysis.study.appended import Appended
from tracetui.analysis.time.times import Nanoseconds

_SUMS: Mapping[str, Callable[[Occurrences], NDArray[Any]]] = {
    "count": lambda found: ~found.rerun,
    "failed": lambda found: found.failed,
    "own_ns": lambda found: found.own,
    "total_ns": lambda found: found.total,
    "running": lambda found: found.running,
    "reruns": lambda found: found.rerun,
}
_HELD: Mapping[str, type[np.number[Any]]] = (
    dict.fromkeys(_SUMS, np.int32) | {"own_ns": np.int64, "total_ns": np.int64} | {"trend": np.float64}
)
"""Numbers of spans are small."""
_MEASURED = ("mean_ns", "p50_ns", "p95_ns", "max_ns", "row", "range_ns")
_NAMES = (*_HELD, *_MEASURED, "share")


class Columns(Mapping[str, NDArray[Any]]):
    """By group: those `held`, and others that come from them and the `own` times."""

    def __init__(self, held: Mapping[str, NDArray[Any]], own: OwnTimes) -> None:
        self.held = held
        self.own = own

    def __iter__(self) -> Iterator[str]:
        return iter(_NAMES)

    def __len__(self) -> int:
        return len(_NAMES)

    def __getitem__(self, name: str) -> NDArray[Any]:
        """A whole column, not to be written to."""
        if name in self.held:
            return self.held[name]
        if name == "share":
            return self.held["own_ns"] / self._all_own_ns
        if name == "row":
            return self.at(name, np.arange(len(self.own.starts) - 1))
        column = self.held["own_ns"] if name != "range_ns" else np.zeros_like(self.held["own_ns"])
        if len(self._several):  # Of all others their only own time is each of these.
            column = column.copy()
            column[self._several] = self.at(name, self._several)
        return column

    def at(self, name: str, groups: Places) -> NDArray[Any]:
        """The values of some groups."""
        if name in self.held:
            return self.held[name][groups]
        if name == "share":
            share: NDArray[Any] = self.held["own_ns"][groups] / self._all_own_ns
            return share
        if name == "mean_ns":
            mean: Nanoseconds = self.held["own_ns"][groups] // np.maximum(self.own.times(groups), 1)
            return mean
        return self.own.measured(name, groups)

    @cached_property
    def _several(self) -> Places:
        """The groups that have several own times."""
        return np.flatnonzero(np.diff(self.own.starts) > 1)

    @cached_property
    def _all_own_ns(self) -> int:
        return max(1, int(self.held["own_ns"].sum()))


NO_GROUPS = Columns(
    {name: np.broadcast_to(np.zeros((), dtype), 0) for name, dtype in _HELD.items()}, NO_TIMES
)


def changed_columns(
    before: Columns,
    less: tuple[Occurrences, Places],
    more: tuple[Occurrences, Places],
    own: OwnTimes,
    trends: tuple[Places, NDArray[np.float64]],
) -> Columns:
    """`before` without the occurrences `less` and with `more`, both with their slots; `own` are the present
    own times, `trends` the present ones of some slots.
    """
    count = len(own.starts) - 1
    held = {name: _summed(before.held[name], values, less, more, count) for name, values in _SUMS.items()}
    held["trend"] = _written(before.held["trend"], *trends, count)
    return Columns(held, own)


def _summed(
    before: NDArray[Any],
    values: Callable[[Occurrences], NDArray[Any]],
    less: tuple[Occurrences, Places],
    more: tuple[Occurrences, Places],
    count: int,
) -> NDArray[Any]:
    gone, come = (values(found).astype(before.dtype) for found, _ in (less, more))
    if _is_nothing(before) and not gone.any() and not come.any():
        return np.broadcast_to(before.dtype.type(0), count)
    column = longer(before, count)
    np.subtract.at(column, less[1], gone)
    np.add.at(column, more[1], come)
    return column


def _written(before: NDArray[Any], slots: Places, values: NDArray[Any], count: int) -> NDArray[Any]:
    if _is_nothing(before) and not values.any():
        return np.broadcast_to(before.dtype.type(0), count)
    column = longer(before, count)
    column[slots] = values
    return column


def _is_nothing(column: NDArray[Any]) -> bool:
    """Whether there was never anything but zeros: that takes no memory."""
    return column.strides == (0,)


_NEVER = np.int64(-1)


class LastColumns:
    """Own times in the last runs as columns, the oldest run first; those of no run take no memory."""

    def __init__(self) -> None:
        self._appended = [Appended[np.int64]() for _ in range(LAST)]
        self.columns: Sequence[Nanoseconds] = [np.broadcast_to(_NEVER, 0)] * LAST

    def change(self, slots: Places, last_ns: Nanoseconds, count: int) -> None:
        """Replace the values of `slots`, which include all new ones, by `last_ns` (a row for each)."""
        self.columns = [
            self._changed(number, slots, last_ns[:, number], count) for number in range(len(self.columns))
        ]

    def _changed(self, number: int, slots: Places, values: Nanoseconds, count: int) -> Nanoseconds:
        column = self.columns[number]
        if column.strides == (0,) and (values == _NEVER).all():
            return np.broadcast_to(_NEVER, count)
        old = slots < len(column)
        if np.array_equal(column[slots[old]], values[old]):
            more = np.empty(count - len(column), np.int64)
            more[slots[~old] - len(column)] = values[~old]
            return self._appended[number].longer(column, more)
        longer_column = longer(column, count)
        longer_column[slots] = values
        return longer_column

"""The columns of a ranking, updated as groups change and others are added."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.history.history import LAST
from tracetui.analysis.ranking.occurrences import Occurrences
from tracetui.analysis.ranking.own_times import OwnTimes
from tracetui.analysis.ranking.splices import Places, longer
from tracetui.analysis.study.appended import Appended
from tracetui.analysis.time.times import Nanoseconds

Columns = Mapping[str, NDArray[Any]]

_SUMS: Mapping[str, Callable[[Occurrences], NDArray[Any]]] = {
    "count": lambda found: ~found.rerun,
    "failed": lambda found: found.failed,
    "own_ns": lambda found: found.own,
    "total_ns": lambda found: found.total,
    "running": lambda found: found.running,
    "reruns": lambda found: found.rerun,
}
_MEASURED = ("mean_ns", "p50_ns", "p95_ns", "max_ns", "row", "range_ns")

_SMALL = ("count", "failed", "running", "reruns", "row")
"""Numbers of spans, and the row of one: no times."""

NO_GROUPS: Columns = (
    {name: np.empty(0, np.int64) for name in (*_SUMS, *_MEASURED)}
    | {name: np.empty(0, np.int32) for name in _SMALL}
    | {name: np.empty(0) for name in ("share", "trend")}
)


def changed_columns(
    before: Columns,
    less: tuple[Occurrences, Places],
    more: tuple[Occurrences, Places],
    own: OwnTimes,
    slots: Places,
) -> dict[str, NDArray[Any]]:
    """`before` without the occurrences `less` and with `more`, both with their slots, which are all among
    `slots`.

    `own` has the present own times. Trends are the old ones.
    """
    count = len(own.starts) - 1
    columns = {name: longer(before[name], count) for name in (*_SUMS, *_MEASURED, "trend")}
    for name, values in _SUMS.items():
        column = columns[name]
        np.subtract.at(column, less[1], values(less[0]).astype(column.dtype))
        np.add.at(column, more[1], values(more[0]).astype(column.dtype))
    measured = own.measured(slots)
    times = columns["count"][slots] + columns["reruns"][slots]
    measured["mean_ns"] = columns["own_ns"][slots] // np.maximum(times, 1)
    for name in _MEASURED:
        columns[name][slots] = measured[name]
    columns["share"] = columns["own_ns"] / max(1, int(columns["own_ns"].sum()))
    return columns


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

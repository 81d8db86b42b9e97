"""The own times of groups, each group's in ascending order, from ranking to ranking."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.ranking.occurrences import Occurrences, nearest_rank
from tracetui.analysis.ranking.splices import Places, first_not, longer, spliced
from tracetui.analysis.time.times import Nanoseconds
from tracetui.analysis.tree.families import counted
from tracetui.analysis.tree.tree import Rows


class OwnTimes(NamedTuple):
    """`own` (ns) and `row` of occurrences by slot, own time, row; `starts` begins each slot."""

    own: Nanoseconds
    row: Rows
    starts: Rows

    def changed(
        self, less: Occurrences, left: Places, more: Occurrences, came: Places, slots: int
    ) -> "OwnTimes":
        """Without `less`, which were in the slots `left`, and with `more` in the slots `came`."""
        order = _order(more, came, slots)
        own, row, came = more.own[order], more.row[order], came[order]
        sizes = longer(np.diff(self.starts), slots)
        np.subtract.at(sizes, left, 1)
        np.add.at(sizes, came, 1)
        gone = np.sort(self._places(left, less.own, less.row))
        places = self._places(came, own, row)
        return OwnTimes(
            spliced(self.own, gone, places, own),
            spliced(self.row, gone, places, row),
            np.concatenate(([0], np.cumsum(sizes))).astype(np.int32),
        )

    def _places(self, slots: Places, own: Nanoseconds, row: Rows) -> Places:
        """The positions of these, or where they would be inserted."""
        if not len(self.own):
            return np.zeros(len(slots), np.intp)
        bounds = (self.starts[np.minimum(slots + more, len(self.starts) - 1)] for more in (0, 1))
        begin, end = (bound.astype(np.intp) for bound in bounds)

        def is_less(places: Places) -> NDArray[np.bool_]:
            there = self.own[places]
            less: NDArray[np.bool_] = (there < own) | ((there == own) & (self.row[places] < row))
            return less

        return first_not(is_less, begin, end)

    def are_there(self, slots: Places) -> NDArray[np.bool_]:
        """Which of `slots` have any occurrence."""
        are_known = slots < len(self.starts) - 1
        known = slots[are_known]
        are_known[are_known] = self.starts[known + 1] > self.starts[known]
        return are_known

    def times(self, slots: Places) -> Places:
        """How many own times some slots have."""
        return self.starts[slots + 1].astype(np.intp) - self.starts[slots]

    def of(self, slot: int) -> Nanoseconds:
        """The own times of a slot, ascending."""
        return self.own[self.starts[slot] : self.starts[slot + 1]]

    def measured(self, name: str, slots: Places) -> NDArray[Any]:
        """One of a ranking's columns for some slots; 0 for empty slots."""
        begin, times = self.starts[slots].astype(np.intp), self.times(slots)
        there, values = times > 0, self.row if name == "row" else self.own
        begin, times, measured = begin[there], times[there], np.zeros(len(slots), values.dtype)
        measured[there] = values[begin + _PLACES.get(name, _last)(times)]
        if name == "range_ns":
            measured[there] -= values[begin]
        return measured


def _last(times: Places) -> Places:
    return times - 1


_PLACES: Mapping[str, Callable[[Places], Places]] = {
    "p50_ns": lambda times: nearest_rank(times, 50),
    "p95_ns": lambda times: nearest_rank(times, 95),
}
"""Where a value is among the own times of a group; others are at the last of them."""


def _order(more: Occurrences, slots: Places, count: int) -> Places:
    """By slot, of which there are `count`, then own time, then row."""
    is_sorted = (more.row[1:] >= more.row[:-1]).all()
    order = np.argsort(more.own, kind="stable") if is_sorted else np.lexsort((more.row, more.own))
    return order[counted(slots[order], count)]


NO_TIMES = OwnTimes(np.empty(0, np.int64), np.empty(0, np.int32), np.zeros(1, np.int32))

"""The own times of groups, each group's in ascending order, from ranking to ranking."""

from typing import NamedTuple

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
    starts: Places

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
            np.concatenate(([0], np.cumsum(sizes))),
        )

    def _places(self, slots: Places, own: Nanoseconds, row: Rows) -> Places:
        """The positions of these, or where they would be inserted."""
        if not len(self.own):
            return np.zeros(len(slots), np.intp)
        begin, end = (self.starts[np.minimum(slots + more, len(self.starts) - 1)] for more in (0, 1))

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

    def measured(self, slots: Places) -> dict[str, Nanoseconds]:
        """Columns of a ranking for some slots; zeros for empty slots."""
        begin, times = self.starts[slots], np.diff(self.starts)[slots]
        there = times > 0
        last = np.where(there, begin + times - 1, 0)
        places = {
            "p50_ns": np.where(there, begin + nearest_rank(times, 50), 0),
            "p95_ns": np.where(there, begin + nearest_rank(times, 95), 0),
            "max_ns": last,
        }
        if not len(self.own):
            return {name: np.zeros(len(slots), np.int64) for name in (*places, "row", "range_ns")}
        quantiles = {name: np.where(there, self.own[place], 0) for name, place in places.items()}
        least = self.own[np.where(there, begin, 0)]
        return quantiles | {
            "row": np.where(there, self.row[last], 0).astype(np.int64),
            "range_ns": np.where(there, quantiles["max_ns"] - least, 0),
        }


def _order(more: Occurrences, slots: Places, count: int) -> Places:
    """By slot, of which there are `count`, then own time, then row."""
    is_sorted = (more.row[1:] >= more.row[:-1]).all()
    order = np.argsort(more.own, kind="stable") if is_sorted else np.lexsort((more.row, more.own))
    return order[counted(slots[order], count)]


NO_TIMES = OwnTimes(np.empty(0, np.int64), np.empty(0, np.int32), np.zeros(1, np.intp))

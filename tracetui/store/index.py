"""From 64-bit ids to rows: a multimap that grows by batches.

Ids lie in a few sorted runs of growing length; runs of like length are merged, so that adding 1,000 ids to a
million costs about what adding 1,000 costs, and a look-up is a binary search per run.
"""

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.uint64]
Rows = NDArray[np.int32]

_ALL = 2**31 - 1


class IdIndex:
    """Rows by id; an id may have several rows."""

    def __init__(self) -> None:
        self._runs: list[tuple[Ids, Rows]] = []

    def add(self, ids: Ids, rows: Rows) -> None:
        """Adds pairs of id and row, two arrays of one length."""
        if not len(ids):
            return
        order = np.argsort(ids, kind="stable")
        self._runs.append((ids[order], rows[order]))
        while len(self._runs) > 1 and 2 * len(self._runs[-1][0]) > len(self._runs[-2][0]):
            self._merge()

    def find(self, ids: Ids, most: int = _ALL) -> tuple[NDArray[np.intp], Rows]:
        """Matches as positions in `ids` and, beside each, the row found; in no promised order.

        `most` bounds the rows per id and run, where ids come from strangers and could all be equal.
        """
        positions: list[NDArray[np.intp]] = [np.empty(0, np.intp)]
        rows: list[Rows] = [np.empty(0, np.int32)]
        for run_ids, run_rows in self._runs:
            first = np.searchsorted(run_ids, ids, "left")
            counts = np.minimum(np.searchsorted(run_ids, ids, "right") - first, most)
            hits = np.flatnonzero(counts)
            if len(hits):
                position = np.repeat(hits, counts[hits])
                ends = np.cumsum(counts[hits])
                nth = np.arange(ends[-1]) - np.repeat(ends - counts[hits], counts[hits])
                positions.append(position)
                rows.append(run_rows[first[position] + nth])
        return np.concatenate(positions), np.concatenate(rows)

    def _merge(self) -> None:
        (ids, rows), (more_ids, more_rows) = self._runs[-2:]
        ids, rows = np.concatenate([ids, more_ids]), np.concatenate([rows, more_rows])
        order = np.argsort(ids, kind="stable")
        self._runs[-2:] = [(ids[order], rows[order])]


def mix(values: Ids) -> Ids:
    """Spreads 64-bit values over 64 bits, one to one (splitmix64, Steele, Lea and Flood 2014)."""
    with np.errstate(over="ignore"):
        values = values + np.uint64(0x9E3779B97F4A7C15)
        values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return values ^ (values >> np.uint64(31))

"""From 64-bit ids to rows: a multimap that grows by batches.

Ids are in a few sorted runs of growing length; runs of similar length are merged, so that adding 1,000 ids to
a million costs about what adding 1,000 costs, and a look-up is a binary search per run.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from tracetui.model.numbers.ids import Ids

Rows = NDArray[np.int32]

_ALL = 2**31 - 1


class IdIndex:
    """Rows by id; an id may have several rows."""

    def __init__(self) -> None:
        self._runs: list[tuple[Ids, Rows]] = []
        self._sorted: tuple[Ids, NDArray[np.intp]] | None = None

    def __len__(self) -> int:
        return sum(len(ids) for ids, _ in self._runs)

    def add(self, ids: Ids, rows: Rows) -> None:
        """Adds pairs of id and row, two arrays of one length."""
        if not len(ids):
            return
        order = self._sorted[1] if self._sorted and self._sorted[0] is ids else np.argsort(ids)
        self._sorted = None
        self._runs.append((ids[order], rows[order]))
        while len(self._runs) > 1 and 2 * len(self._runs[-1][0]) > len(self._runs[-2][0]):
            self._merge()

    def find(self, ids: Ids, most: int = _ALL) -> tuple[NDArray[np.intp], Rows]:
        """Matches as positions in `ids` and, beside each, the row found; in no promised order.

        `most` bounds the rows per id and run, as foreign ids could all be equal.
        """
        order = np.argsort(ids)  # Neighbours are found near each other: most of the time goes to memory.
        sorted_ids = ids[order]
        positions: list[NDArray[np.intp]] = [np.empty(0, np.intp)]
        rows: list[Rows] = [np.empty(0, np.int32)]
        for run_ids, run_rows in self._runs:
            first = np.searchsorted(run_ids, sorted_ids)
            hits = np.flatnonzero(run_ids[np.minimum(first, len(run_ids) - 1)] == sorted_ids)
            if not len(hits):
                continue
            first = first[hits]
            counts = (
                np.searchsorted(run_ids, sorted_ids[hits], "right") - first
                if most > 1
                else np.ones_like(first)
            )
            counts = np.minimum(counts, most)
            ends = np.cumsum(counts)
            nth = np.arange(ends[-1]) - np.repeat(ends - counts, counts)
            positions.append(order[np.repeat(hits, counts)])
            rows.append(run_rows[np.repeat(first, counts) + nth])
        return np.concatenate(positions), np.concatenate(rows)

    def fresh(self, ids: Ids) -> NDArray[np.bool_]:
        """Which of `ids` are not here, and not repeated among them."""
        order = np.argsort(ids)
        self._sorted = ids, order  # Most are added next.
        in_order = ids[order]
        known = np.zeros(len(ids), np.bool_)
        for run_ids, _ in self._runs:
            known |= run_ids[np.minimum(np.searchsorted(run_ids, in_order), len(run_ids) - 1)] == in_order
        fresh = np.empty(len(ids), np.bool_)
        fresh[order] = ~known
        if (in_order[1:] == in_order[:-1]).any():
            firsts = np.zeros(len(ids), np.bool_)
            firsts[np.unique(ids, return_index=True)[1]] = True
            fresh &= firsts
        return fresh

    def keep(self, wanted: Callable[[Ids, Rows], NDArray[np.bool_]]) -> None:
        """Forgets every pair that is not wanted."""
        kept = [wanted(*run) for run in self._runs]
        runs = [(ids[mask], rows[mask]) for (ids, rows), mask in zip(self._runs, kept, strict=True)]
        self._runs = [run for run in runs if len(run[0])]

    def _merge(self) -> None:
        (ids, rows), (more_ids, more_rows) = self._runs[-2:]
        ids, rows = np.concatenate([ids, more_ids]), np.concatenate([rows, more_rows])
        order = np.argsort(ids, kind="stable")  # Timsort: two sorted runs are merged, not sorted anew.
        self._runs[-2:] = [(ids[order], rows[order])]

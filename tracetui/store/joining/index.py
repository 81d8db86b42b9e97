"""From 64-bit ids to rows: a multimap that grows by batches.

Ids are in a few sorted runs of growing length; runs of similar length are merged, so that adding 1,000 ids to
a million costs about what adding 1,000 costs, and a look-up is a binary search per run.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.model.numbers.distinct import distinct
from tracetui.model.numbers.ids import Ids

Rows = NDArray[np.int32]
Places = NDArray[np.intp]

_ALL = 2**31 - 1
_TOP = np.uint64(48)


class Sorted(NamedTuple):
    """Ids in ascending order, and the place that each had; equal ones stay in their order."""

    ids: Ids
    order: Places

    @classmethod
    def of(cls, ids: Ids) -> "Sorted":
        """Keys are spread evenly: in order of their first 16 bits, which are counted and not compared, hardly
        anything is left to sort.
        """
        order = np.argsort((ids >> _TOP).astype(np.uint16), kind="stable")
        nearly = ids[order]
        then = np.argsort(nearly, kind="stable")
        return cls(nearly[then], order[then])


class IdIndex:
    """Rows by id; an id may have several rows."""

    def __init__(self) -> None:
        self._runs: list[tuple[Ids, Rows]] = []

    def __len__(self) -> int:
        return sum(len(ids) for ids, _ in self._runs)

    def add(self, ids: Sorted, rows: Rows) -> None:
        """Adds pairs of id and row: as many of each."""
        if not len(rows):
            return
        self._runs.append((ids.ids, rows[ids.order]))
        while len(self._runs) > 1 and 2 * len(self._runs[-1][0]) > len(self._runs[-2][0]):
            self._merge()

    def find(self, ids: Sorted, most: int = _ALL) -> tuple[Places, Rows]:
        """Matches as positions in the ids as they were and, beside each, the row found; in no promised order.

        `most` bounds the rows per id and run, as foreign ids could all be equal.
        """
        positions: list[Places] = [np.empty(0, np.intp)]
        rows: list[Rows] = [np.empty(0, np.int32)]
        for run_ids, run_rows in self._runs:
            first = np.searchsorted(run_ids, ids.ids)
            hits = np.flatnonzero(run_ids[np.minimum(first, len(run_ids) - 1)] == ids.ids)
            if not len(hits):
                continue
            first = first[hits]
            counts = (
                np.searchsorted(run_ids, ids.ids[hits], "right") - first if most > 1 else np.ones_like(first)
            )
            counts = np.minimum(counts, most)
            ends = np.cumsum(counts)
            nth = np.arange(ends[-1]) - np.repeat(ends - counts, counts)
            positions.append(ids.order[np.repeat(hits, counts)])
            rows.append(run_rows[np.repeat(first, counts) + nth])
        return np.concatenate(positions), np.concatenate(rows)

    def fresh(self, ids: Sorted) -> NDArray[np.bool_]:
        """Which of the ids, as they were, are not here, and not repeated among them."""
        known = np.zeros(len(ids.ids), np.bool_)
        np.equal(ids.ids[1:], ids.ids[:-1], out=known[1:])
        for run_ids, _ in self._runs:
            known |= run_ids[np.minimum(np.searchsorted(run_ids, ids.ids), len(run_ids) - 1)] == ids.ids
        fresh = np.empty(len(ids.ids), np.bool_)
        fresh[ids.order] = ~known
        return fresh

    def distinct(self) -> Ids:
        """Each id once, ascending."""
        each = [run_ids[np.concatenate([[True], run_ids[1:] != run_ids[:-1]])] for run_ids, _ in self._runs]
        return each[0] if len(each) == 1 else distinct(np.concatenate([np.empty(0, np.uint64), *each]))

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

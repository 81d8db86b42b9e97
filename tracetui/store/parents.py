"""Finds each span's parent as spans arrive, in any order, always the same one.

Where several spans share the parent's ids, the parent is the one that the child fits into best: not the child
itself, started before it, ended after it; of several the one that started last.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tracetui.store.columns import Columns
from tracetui.store.index import IdIndex, Ids, Rows

_MOST_NAMESAKES = 16


class Parents:
    """Keeps the column `parent_row`: rows of parents, -1 where there is none (yet)."""

    def __init__(self, columns: Columns, rows: IdIndex, names: Sequence[str]) -> None:
        self._columns = columns
        self._rows = rows
        self._names = names
        self._waiting = IdIndex()
        self._shared_keys = np.empty(0, np.uint64)

    def link(self, rows: Rows) -> None:
        """Gives the new `rows` their parents, and themselves to spans that waited for them."""
        parent_keys = self._columns["parent_key"][rows]
        named = parent_keys != 0
        children, wanted = rows[named], parent_keys[named]
        if len(children):
            positions, found = self._rows.find(wanted, 1)
            self._set(children[positions], found)
            seen = np.zeros(len(children), np.bool_)
            seen[positions] = True
            self._waiting.add(wanted[~seen], children[~seen])
        new_keys = self._columns["key"][rows]
        positions, waiting = self._waiting.find(new_keys)
        still = self._columns["parent_row"][waiting] < 0
        self._set(waiting[still], rows[positions[still]])
        self._choose(children[np.isin(wanted, self._shared_keys)])

    def relink(self, keys: Ids) -> None:
        """Chooses anew for all children of `keys`, which several spans share from now on."""
        self._shared_keys = np.union1d(self._shared_keys, keys)
        self._choose(np.flatnonzero(np.isin(self._columns["parent_key"], keys)).astype(np.int32))

    def changed(self, row: int) -> None:
        """The span at `row` has ended: where ids are shared, its children or itself may fit elsewhere now."""
        if np.isin(self._columns["key"][row], self._shared_keys):
            self.relink(self._columns["key"][row : row + 1])
        if np.isin(self._columns["parent_key"][row], self._shared_keys):
            self._choose(np.array([row], np.int32))

    def _set(self, children: Rows, parents: NDArray[np.int32]) -> None:
        if len(children):
            self._columns.writable("parent_row")[children] = parents

    def _choose(self, children: Rows) -> None:
        for child in children:
            _, candidates = self._rows.find(self._columns["parent_key"][child : child + 1], _MOST_NAMESAKES)
            best = max(map(int, candidates), key=lambda row: self._fitness(row, int(child)))
            self._columns.writable("parent_row")[child] = best

    def _fitness(self, row: int, child: int) -> tuple[bool, bool, bool, int, str]:
        start, end = self._columns["start_ns"], self._columns["end_ns"]
        starts_before = bool(start[row] <= start[child])
        ends_after = bool(end[row] == 0 or end[row] >= end[child] > 0)
        name = self._names[int(self._columns["name_id"][row])]
        return (row != child, starts_before, ends_after, int(start[row]), name)

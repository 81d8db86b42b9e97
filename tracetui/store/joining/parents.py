"""Finds each span's parent as spans arrive, in any order, always the same one.

If several spans share the parent's ids, the parent is the one that the child fits into best: not the child
itself, started before it, ended after it; of several the one that started last.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tracetui.model.numbers.distinct import distinct
from tracetui.model.numbers.ids import Ids
from tracetui.store.columns import Columns
from tracetui.store.joining.index import IdIndex, Rows, Sorted
from tracetui.store.joining.keys import are_among, few_repeats

_MOST_NAMESAKES = 16


class Parents:
    """Keeps the column `parent_row`: rows of parents, -1 for none (yet)."""

    def __init__(self, columns: Columns, rows: IdIndex, names: Sequence[str]) -> None:
        self._columns = columns
        self._rows = rows
        self._names = names
        self._waiting = IdIndex()
        self._found = 0
        self._shared_keys = np.empty(0, np.uint64)

    def link(self, rows: Rows, keys: Sorted | None = None) -> None:
        """Give `rows` a parent, and themselves to spans that waited for them; `changed` must follow.

        `keys` are theirs, if they were sorted before.
        """
        parent_keys = self._columns["parent_key"][rows]
        named = parent_keys != 0
        children, wanted = (rows, parent_keys) if named.all() else (rows[named], parent_keys[named])
        if len(children):
            parents = self._parents(wanted)
            seen = parents >= 0
            self._set(children[seen], parents[seen])
            self._waiting.add(Sorted.of(wanted[~seen]), children[~seen])
        if len(self._waiting) and len(rows):
            self._take_in(rows, keys or Sorted.of(self._columns["key"][rows]))
            self._forget()

    def _parents(self, wanted: Ids) -> Rows:
        """For each wanted key a row that has it, -1 for none; those of neighbours are looked up once."""
        different, which = few_repeats(wanted)
        positions, found = self._rows.find(Sorted.of(different), 1)
        parents = np.full(len(different), -1, np.int32)
        parents[positions] = found
        return parents[which]

    def _take_in(self, rows: Rows, keys: Sorted) -> None:
        """Give what waited for `rows`, which have these `keys`, its parent: few are waited for by many."""
        wanted = self._waiting.distinct()
        places = np.minimum(np.searchsorted(keys.ids, wanted), len(keys.ids) - 1)
        there = keys.ids[places] == wanted
        if not there.any():
            return
        wanted, parents = wanted[there], rows[keys.order[places[there]]]
        positions, waiting = self._waiting.find(Sorted(wanted, np.arange(len(wanted))))
        still = self._columns["parent_row"][waiting] < 0
        still &= self._columns["parent_key"][waiting] == wanted[positions]
        self._set(waiting[still], parents[positions[still]])
        self._found += int(np.count_nonzero(still))

    def _forget(self) -> None:
        """Drop the entries that no longer wait, once they are the majority."""
        if 2 * self._found > len(self._waiting):
            self._waiting.keep(lambda _, rows: self._columns["parent_row"][rows] < 0)
            self._found = 0

    def moved(self, rows: Rows) -> None:
        """The spans at `rows` name other parents than before."""
        if len(rows):
            self._columns.put("parent_row", rows, -1)
            self.link(rows)

    def changed(self, rows: Rows, shared: Ids) -> None:
        """Choose again what may fit elsewhere since `rows` changed and `shared` keys have several spans."""
        self._found = 0
        if len(shared):
            self._shared_keys = distinct(np.concatenate((self._shared_keys, shared)))
        if not len(self._shared_keys):
            return
        keys, parent_keys = self._columns["key"][rows], self._columns["parent_key"][rows]
        parents = keys[are_among(keys, self._shared_keys)]
        if len(parents):
            self._choose(np.flatnonzero(are_among(self._columns["parent_key"], parents)).astype(np.int32))
        self._choose(rows[are_among(parent_keys, self._shared_keys)])

    def _set(self, children: Rows, parents: NDArray[np.int32]) -> None:
        if len(children):
            self._columns.put("parent_row", children, parents)

    def _choose(self, children: Rows) -> None:
        """Give each of `children`, whose parents share their keys, the one that it fits into best."""
        parent_keys = self._columns["parent_key"][children]
        for key in distinct(parent_keys):
            siblings = children[parent_keys == key]
            _, candidates = self._rows.find(Sorted.of(np.array([key], np.uint64)), _MOST_NAMESAKES)
            self._set(siblings, self._best(siblings, candidates))

    def _best(self, children: Rows, candidates: Rows) -> Rows:
        start, end = self._columns["start_ns"], self._columns["end_ns"]
        names = {int(row): self._names[int(self._columns["name_id"][row])] for row in candidates}
        best, most = np.full(len(children), -1, np.int32), np.full(len(children), -1)
        for row in sorted(names, key=lambda row: (start[row], names[row])):
            others, starts_before = children != row, start[row] <= start[children]
            ends_after = (end[children] > 0) & (end[children] <= end[row]) | (end[row] == 0)
            fitness = 4 * others + 2 * starts_before + ends_after
            best[fitness >= most] = row
            most = np.maximum(most, fitness)
        return best

"""The order of a ranking: by a column, and then by name."""

from bisect import bisect_left
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.ranking.names import Names
from tracetui.analysis.ranking.ranking_columns import Columns
from tracetui.analysis.ranking.splices import Places, first_not, spliced

Keys = NDArray[Any]

MOST_EQUAL = 2048
"""So many equal values are put in the order of their names one by one; of more all names are sorted."""

_SAME_ORDER = {"share": "own_ns"}


class By(NamedTuple):
    """The column that an order follows, and whether the largest come first."""

    column: str
    descending: bool = True

    def keys(self, columns: Columns, groups: Places | None = None) -> Keys:
        """By group a key that is ascending in this order; equal ones are ordered by name, as is a ranking by
        `name`.
        """
        if self.column == "name":
            return np.zeros(len(columns["own_ns"]) if groups is None else len(groups), np.int64)
        name = _SAME_ORDER.get(self.column, self.column)
        values = columns[name] if groups is None else columns.at(name, groups)
        return -values if self.descending else values

    def ascending(self, order: Places) -> Places:
        """The same order, or its reverse: no two names are equal, so they can be reversed."""
        return order[::-1] if self.column == "name" and self.descending else order

    def all(self, names: Names, columns: Columns) -> Places:
        """Every group in this order: O(n log n)."""
        if self.column == "name":
            return self.ascending(names.alphabetical)
        keys = self.keys(columns)
        order = np.argsort(keys, kind="stable")
        ordered = keys[order]
        equal = ordered[1:] == ordered[:-1]
        if np.count_nonzero(equal) > MOST_EQUAL:
            return np.lexsort((names.rank, keys))
        return _by_name(order, equal, names)

    def places(self, order: Places, names: Names, columns: Columns, groups: Places, keys: Keys) -> Places:
        """The positions of `groups` with such keys in an ascending order, or where they would be: O(log n)
        for each.
        """

        def key_at(places: Places) -> Keys:
            return self.keys(columns, order[places])

        none, all_ = np.zeros(len(groups), np.intp), np.full(len(groups), len(order))
        begin = first_not(lambda places: key_at(places) < keys, none, all_)
        end = first_not(lambda places: key_at(places) <= keys, begin, all_)
        name = _name(names)
        for number in np.flatnonzero(begin < end).tolist():
            equal = order[begin[number] : end[number]]
            begin[number] += bisect_left(equal, name(groups[number]), key=name)
        return begin

    def changed(
        self,
        order: Places,
        before: tuple[Names, Columns, Places],
        now: tuple[Names, Columns, Places],
    ) -> Places:
        """An `order` of this kind, in which some groups were different `before` than they are `now`.

        For both: names, columns, and those of the groups that exist.
        """
        order = self.ascending(order)
        names, columns, were = before
        gone = np.sort(self.places(order, names, columns, were, self.keys(columns, were)))
        names, new_columns, are = now
        name, new_keys = _name(names), self.keys(new_columns, are)
        ranked = sorted(zip(new_keys.tolist(), map(name, are), range(len(are)), strict=True))
        which = np.array([number for *_, number in ranked], np.intp)
        come, keys = are[which], new_keys[which]
        return self.ascending(spliced(order, gone, self.places(order, names, columns, come, keys), come))


def _name(names: Names) -> Callable[[Any], tuple[str, int]]:
    """A sort key for groups."""
    return lambda group: (names.texts[group], int(group))


def _by_name(order: Places, equal: NDArray[np.bool_], names: Names) -> Places:
    """`order`, in which groups that are `equal` to the one before are put in the order of their names."""
    begins = np.flatnonzero(equal & ~np.append(False, equal[:-1]))
    ends = np.flatnonzero(equal & ~np.append(equal[1:], False)) + 2
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        order[begin:end] = sorted(order[begin:end].tolist(), key=names.texts.__getitem__)
    return order

"""What costs most: spans grouped by test, file, suite, hook and so on, with sums, percentiles and trend.

A ranking is columns, one entry a group; a `Rank` is made only for rows that are shown.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from tracetui.analysis.ranking import rank_keys as groupings
from tracetui.analysis.ranking.names import Names
from tracetui.analysis.ranking.occurrences import MEASURES
from tracetui.analysis.ranking.ranking_columns import Columns
from tracetui.analysis.ranking.ranking_order import By

GROUPINGS = tuple(groupings.GROUPINGS)


@dataclass(frozen=True, slots=True)
class Rank:
    """One row of a ranking; times in ns.

    `count` is how often it ran to its end, `reruns` how many more attempts at a test there were. `own_ns` and
    `total_ns` are sums over all of these; mean, percentiles (nearest rank), maximum and `range_ns` (the
    maximum minus the minimum) are of own time, which `owns` has in ascending order. `share` is of the own
    time of all rows together. `last_ns` is its own time in the last runs, the oldest first, -1 for a run
    without it; `trend` the last of them over the median of the others, 0 without one. `row` is the occurrence
    with the most own time, `running` how many have not ended. `name` is foreign text.
    """

    name: str
    count: int
    failed: int
    own_ns: int
    total_ns: int
    mean_ns: int
    p50_ns: int
    p95_ns: int
    max_ns: int
    share: float
    row: int
    running: int
    reruns: int = 0
    range_ns: int = 0
    trend: float = 0.0
    last_ns: tuple[int, ...] = ()
    owns: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64), compare=False, repr=False)


_TIMES = ("total_ns", "mean_ns", "p50_ns", "p95_ns", "max_ns")
_AT_ONCE = 1024
COLUMNS = ("name", *MEASURES, "share", "reruns", "range_ns", "trend")


class Ranking(Struct, frozen=True, eq=False, dict=True):
    """Ranks `by` something; `runs` is how many test runs they cover.

    `columns` and `last_ns` (a column per run, the oldest first) are by group, in the order of `names`.
    `order` has the groups that are shown; `groups` is their total number, which may be less than that of
    `names`.
    """

    by: str
    runs: int
    names: Names
    columns: Columns
    last_ns: Sequence[NDArray[np.int64]]
    order: NDArray[np.intp]
    sorted_by: By
    groups: int

    def __len__(self) -> int:
        return len(self.order)

    def __getitem__(self, place: int) -> Rank:
        return next(self._ranks(self.order[[place]]))

    def __iter__(self) -> Iterator[Rank]:
        for first in range(0, len(self), _AT_ONCE):
            yield from self._ranks(self.order[first : first + _AT_ONCE])

    def _ranks(self, groups: NDArray[np.intp]) -> Iterator[Rank]:
        columns = [self.columns.at(name, groups).tolist() for name in self.columns]
        last_ns = zip(*(run[groups].tolist() for run in self.last_ns), strict=True)
        for group, last, *values in zip(groups.tolist(), last_ns, *columns, strict=True):
            by_name = dict(zip(self.columns, values, strict=True))
            owns = self.columns.own.of(group)
            yield Rank(name=self.names.texts[group], **by_name, last_ns=last, owns=owns)

    @property
    def hidden(self) -> int:
        """How many groups are not shown."""
        return self.groups - len(self.order)

    @cached_property
    def silent(self) -> frozenset[str]:
        """The columns that say nothing here: all zero, one run each, or times that equal own times."""
        columns, own = self.columns, self.columns["own_ns"]
        nothing = {name for name in ("failed", "reruns", "range_ns") if not columns[name].any()}
        if not any(bool((run >= 0).any()) for run in self.last_ns[:-1]):
            nothing.add("trend")
        if columns["count"].max(initial=0) <= 1:
            nothing.add("count")
        nothing |= {name for name in _TIMES if np.array_equal(columns[name], own)}
        return frozenset(nothing)

    @cached_property
    def most(self) -> Mapping[str, int]:
        """The largest shown value of each of `MEASURES`."""
        everything = len(self.order) == len(self.names)
        columns = ((name, self.columns[name]) for name in MEASURES)
        return {
            name: int((column if everything else column[self.order]).max(initial=0))
            for name, column in columns
        }

    def work_out(self, name: str) -> None:
        """Compute now what screens ask for whenever they draw, and the place of the `name` they stand at."""
        _ = self.silent, self.most, self.names.shared, self.place(name)

    def sorted(self, column: str, *, descending: bool = True) -> "Ranking":
        """The same in the order of one of `COLUMNS`; equal rows in the order of their names."""
        by = By(column, descending)
        if self.sorted_by == by:
            return self
        shown = np.zeros(len(self.names), np.bool_)
        shown[self.order] = True
        order = by.all(self.names, self.columns)
        return replace(self, order=order[shown[order]], sorted_by=by)

    def narrowed(self, part: str) -> "Ranking":
        """Only the rows whose names contain `part`, ignoring case."""
        return replace(self, order=self.order[self.names.holding(part)[self.order]]) if part else self

    def place(self, name: str) -> int:
        """The place of `name` in this order, from 0; 0 also if it is not in it."""
        group = self.names.place(name)
        if group < 0:
            return 0
        by, groups = self.sorted_by, np.array([group])
        order, keys = by.ascending(self.order), by.keys(self.columns, groups)
        place = int(by.places(order, self.names, self.columns, groups, keys)[0])
        if place == len(order) or order[place] != group:
            return 0
        return place if order is self.order else len(order) - 1 - place

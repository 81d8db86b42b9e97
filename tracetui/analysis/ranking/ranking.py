"""What costs most: spans grouped by test, file, suite, hook and so on, with sums, percentiles and trend.

A ranking is columns, one entry a group; a `Rank` is made only for rows that are shown.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from tracetui.analysis.ranking import rank_keys as groupings
from tracetui.analysis.ranking.names import Names
from tracetui.analysis.ranking.occurrences import MEASURES
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
COLUMNS = ("name", *MEASURES, "share", "reruns", "range_ns", "trend")


class Ranking(Struct, frozen=True, eq=False, dict=True):
    """Ranks `by` something; `runs` is how many test runs they cover.

    `columns` and `last_ns` (a column per run, the oldest first) are by group, in the order of `names`;
    `own_ns` holds the own times of all occurrences, those of a group together, in ascending order, from
    `starts` on. `order` has the groups that are shown; `groups` is their total number, which may be less than
    that of `names`.
    """

    by: str
    runs: int
    names: Names
    columns: Mapping[str, NDArray[Any]]
    last_ns: Sequence[NDArray[np.int64]]
    own_ns: NDArray[np.int64]
    starts: NDArray[np.intp]
    order: NDArray[np.intp]
    sorted_by: By
    groups: int

    def __len__(self) -> int:
        return len(self.order)

    def __getitem__(self, place: int) -> Rank:
        group = int(self.order[place])
        values = {name: column[group].item() for name, column in self.columns.items()}
        owns = self.own_ns[self.starts[group] : self.starts[group + 1]]
        return Rank(
            name=self.names.texts[group],
            **values,
            last_ns=tuple(int(run[group]) for run in self.last_ns),
            owns=owns,
        )

    def __iter__(self) -> Iterator[Rank]:
        return (self[place] for place in range(len(self)))

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
        return {
            name: int((column if everything else column[self.order]).max(initial=0))
            for name, column in self.columns.items()
            if name in MEASURES
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

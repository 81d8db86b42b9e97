"""What costs most: spans grouped by test, file, suite, hook and so on, with sums, percentiles and trend.

A ranking is columns, one entry a group; a `Rank` is made only for the rows that someone shows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis import groupings
from tracetui.analysis.names import Names
from tracetui.analysis.occurrences import MEASURES, Occurrences, of_derived
from tracetui.analysis.runs import Runs
from tracetui.analysis.times import Times
from tracetui.analysis.tree import Tree
from tracetui.analysis.trend import last_runs, trend
from tracetui.store.snapshot import Snapshot

GROUPINGS = tuple(groupings.GROUPINGS)

_MOST_EQUAL = 2048
"""So many equal values are put in the order of their names one by one; of more all names are sorted."""


@dataclass(frozen=True, slots=True)
class Rank:
    """One row of a ranking; times in ns.

    `count` is how often it ran to its end, `reruns` how many attempts at a test there were besides. `own_ns`
    and `total_ns` are sums over all of these; mean, percentiles (nearest rank), maximum and `range_ns` (the
    maximum less the least) are of own time, which `owns` has in ascending order. `share` is of the own time
    of all rows together. `last_ns` is its own time in the last runs, the oldest first, -1 where it was in
    none of it; `trend` the last of them over the median of the others, 0 where there is none. `row` is the
    occurrence with the most own time, `running` how many have not ended. `name` is foreign text.
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


COLUMNS = ("name", *MEASURES, "share", "reruns", "range_ns", "trend")


@dataclass(frozen=True, eq=False)
class Ranking:
    """Ranks `by` something, the most own time first; `runs` is how many test runs they cover.

    `columns` and `last_ns` (a column per run) are by group, in the order of `names`; `own_ns` holds the own
    times of all occurrences, those of a group together, in ascending order, from `starts` on. `order` has the
    groups that are shown.
    """

    by: str
    runs: int
    names: Names
    columns: Mapping[str, NDArray[Any]]
    last_ns: NDArray[np.int64]
    own_ns: NDArray[np.int64]
    starts: NDArray[np.intp]
    order: NDArray[np.intp]
    sorted_by: tuple[str, bool] = ("", False)
    """The column that `order` follows, and whether the largest come first."""

    def __len__(self) -> int:
        return len(self.order)

    def __getitem__(self, place: int) -> Rank:
        group = int(self.order[place])
        values = {name: column[group].item() for name, column in self.columns.items()}
        owns = self.own_ns[self.starts[group] : self.starts[group + 1]]
        return Rank(
            name=self.names.texts[group], **values, last_ns=tuple(self.last_ns[group].tolist()), owns=owns
        )

    def __iter__(self) -> Iterator[Rank]:
        return (self[place] for place in range(len(self)))

    @property
    def hidden(self) -> int:
        """How many groups are not shown."""
        return len(self.names) - len(self.order)

    @property
    def has_reruns(self) -> bool:
        """Whether anything was run again."""
        return bool(self.columns["reruns"].any())

    @property
    def has_history(self) -> bool:
        """Whether anything was in an earlier run too."""
        return bool((self.last_ns[:, :-1] >= 0).any())

    @property
    def has_spread(self) -> bool:
        """Whether anything took longer one time than another."""
        return bool(self.columns["range_ns"].any())

    def sorted(self, column: str, *, descending: bool = True) -> "Ranking":
        """The same in the order of one of `COLUMNS`; equal rows in the order of their names."""
        if self.sorted_by == (column, descending):
            return self
        shown = np.zeros(len(self.names), np.bool_)
        shown[self.order] = True
        order = self._sorted(column, descending)
        return replace(self, order=order[shown[order]], sorted_by=(column, descending))

    def _sorted(self, column: str, descending: bool) -> NDArray[np.intp]:
        if column == "name":
            return self.names.alphabetical[::-1] if descending else self.names.alphabetical
        values = self.columns[column]
        keys = -values if descending else values
        order = np.argsort(keys, kind="stable")
        ordered = keys[order]
        equal = ordered[1:] == ordered[:-1]
        if np.count_nonzero(equal) > _MOST_EQUAL:
            return np.lexsort((self.names.rank, keys))
        return self._by_name(order, equal)

    def _by_name(self, order: NDArray[np.intp], equal: NDArray[np.bool_]) -> NDArray[np.intp]:
        """`order`, in which some are `equal` to those before: these in the order of their names."""
        begins = np.flatnonzero(equal & ~np.append(False, equal[:-1]))
        ends = np.flatnonzero(equal & ~np.append(equal[1:], False)) + 2
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
            order[begin:end] = sorted(order[begin:end].tolist(), key=self.names.texts.__getitem__)
        return order

    def narrowed(self, part: str) -> "Ranking":
        """Only the rows whose names hold `part`, whatever the case."""
        return replace(self, order=self.order[self.names.holding(part)[self.order]]) if part else self

    def place(self, name: str) -> int:
        """Where `name` stands in this order; 0 where it is not."""
        return max(0, int(self._places[self.names.index[name]])) if name in self.names.index else 0

    @cached_property
    def _places(self) -> NDArray[np.intp]:
        places = np.full(len(self.names), -1, np.intp)
        places[self.order] = np.arange(len(self.order))
        return places


def rank(
    snapshot: Snapshot,
    tree: Tree,
    times: Times,
    runs: Runs,
    choice: int,
    by: str = "test",
    only: NDArray[np.bool_] | None = None,
) -> Ranking:
    """The ranking of a snapshot by one of `GROUPINGS`.

    `only` marks, by row, what a run or a filter means; without it everything counts. The last runs are told
    from the run that is chosen back, whatever `only` says; those of a job by jobs of its name.
    """
    grouped = groupings.GROUPINGS[by](snapshot)
    kept = np.ones(len(snapshot), np.bool_) if only is None else only
    found = Occurrences.of_rows(snapshot, times, grouped, np.flatnonzero(grouped.counts & kept))
    everything = found
    namesakes = runs.namesakes(choice)
    alike = np.ones(len(snapshot), np.bool_) if namesakes is None else namesakes
    if only is not None or namesakes is not None:
        everything = Occurrences.of_rows(snapshot, times, grouped, np.flatnonzero(grouped.counts & alike))
    if by == "hook":
        found = found.joined(of_derived(snapshot, tree, times, kept))
        everything = everything.joined(of_derived(snapshot, tree, times, alike))
    names = Names(found.names)
    last_ns = _last_runs(names, everything, runs, runs.number(choice))
    columns = found.columns()
    columns["share"] = columns["own_ns"] / max(1, int(columns["own_ns"].sum()))
    columns["trend"] = trend(last_ns)
    starts = np.append(found.starts, len(found.own)).astype(np.intp)
    covered = int(np.count_nonzero(np.bincount(runs.of[kept])))
    every = np.arange(len(names))
    return Ranking(by, covered, names, columns, last_ns, found.own, starts, every).sorted("own_ns")


def _last_runs(names: Names, everything: Occurrences, runs: Runs, number: int) -> NDArray[np.int64]:
    """The runs up to run `number` of the groups called `names`, of which `everything` has all occurrences."""
    if everything.names is names.texts:
        group_of = np.arange(len(names))
    else:
        group_of = np.fromiter((names.index.get(name, -1) for name in everything.names), np.intp)
    sizes = np.diff(everything.starts, append=len(everything.own))
    rows = everything.row
    back = runs.of[rows].astype(np.int64) - number
    return last_runs(len(names), np.repeat(group_of, sizes), everything.own, back, runs.jobs.of[rows])

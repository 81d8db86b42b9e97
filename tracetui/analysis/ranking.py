"""What costs most: spans grouped by test, role, hook, archiver, suite or name, with sums and percentiles.

A ranking is columns, one entry a group; a `Rank` is made only for the rows that someone shows.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.occurrences import Occurrences, derived_hooks
from tracetui.analysis.times import Times
from tracetui.analysis.tree import Tree
from tracetui.model.role import Role
from tracetui.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Rank:
    """One row of a ranking; times in ns.

    `count` is how often it ran to its end, `reruns` how many attempts at a test there were besides. `own_ns`
    and `total_ns` are sums over all of these, mean and percentiles (nearest rank) of own time,
    `share` is of the own time of all rows together. `row` is the occurrence with the most own time, `running`
    how many have not ended. `name` is foreign text.
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


COLUMNS = (
    "name",
    "count",
    "failed",
    "own_ns",
    "total_ns",
    "mean_ns",
    "p50_ns",
    "p95_ns",
    "max_ns",
    "share",
    "reruns",
)


@dataclass(frozen=True, eq=False)
class Ranking:
    """Ranks `by` something, the most own time first; `runs` is how many test runs they cover."""

    by: str
    runs: int
    names: Sequence[str]
    columns: Mapping[str, NDArray[Any]]
    order: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.order)

    def __getitem__(self, place: int) -> Rank:
        group = int(self.order[place])
        values = {name: column[group].item() for name, column in self.columns.items()}
        return Rank(name=self.names[group], **values)

    def __iter__(self) -> Iterator[Rank]:
        return (self[place] for place in range(len(self)))

    def sorted(self, column: str, *, descending: bool = True) -> "Ranking":
        """The same in the order of one of `COLUMNS`; equal rows in the order of their names."""
        if column == "name":
            order = np.array(
                sorted(range(len(self)), key=self.names.__getitem__, reverse=descending), np.intp
            )
            return replace(self, order=order)
        values = self.columns[column]
        return replace(self, order=np.lexsort((self._by_name(), -values if descending else values)))

    def place(self, name: str) -> int:
        """Where `name` stands in this order; 0 where it is not."""
        if name not in self.names:
            return 0
        return int(np.flatnonzero(self.order == self.names.index(name))[0])

    def _by_name(self) -> NDArray[np.intp]:
        place = np.empty(len(self.names), np.intp)
        place[sorted(range(len(self.names)), key=self.names.__getitem__)] = np.arange(len(self.names))
        return place


Grouping = Callable[[Snapshot], tuple[NDArray[np.int32], NDArray[np.bool_]]]


def _titles(role: Role) -> Grouping:
    return lambda snapshot: (snapshot.title_id, snapshot.role == role)


_GROUPINGS: dict[str, Grouping] = {
    "test": _titles(Role.TEST),
    "role": lambda snapshot: (snapshot.role.astype(np.int32), np.ones(len(snapshot), np.bool_)),
    "hook": _titles(Role.HOOK),
    "archiver": _titles(Role.ARCHIVER),
    "suite": _titles(Role.SUITE),
    "name": lambda snapshot: (snapshot.name_id, np.ones(len(snapshot), np.bool_)),
}
GROUPINGS = tuple(_GROUPINGS)


def rank(
    snapshot: Snapshot,
    tree: Tree,
    times: Times,
    run_of: NDArray[np.int32],
    by: str = "test",
    only: NDArray[np.bool_] | None = None,
) -> Ranking:
    """The ranking of a snapshot by one of `GROUPINGS`; `run_of` numbers, by row, the runs.

    `only` marks, by row, what a run or a filter means; without it everything counts.
    """
    groups, chosen = _GROUPINGS[by](snapshot)
    kept = np.ones(len(snapshot), np.bool_) if only is None else only
    rows = np.flatnonzero(chosen & kept)
    labels = [role.label for role in Role] if by == "role" else snapshot.texts
    found = [Occurrences.of_rows(snapshot, times, groups, rows, labels)]
    if by == "hook":
        found.append(derived_hooks(snapshot, tree, times, kept))
    names = [name for occurrences in found for name in occurrences.names]
    columns = _merged([occurrences.columns() for occurrences in found])
    unsorted = Ranking(by, len(np.unique(run_of[kept])), names, columns, np.arange(len(names)))
    return unsorted.sorted("own_ns")


def _merged(parts: Sequence[Mapping[str, NDArray[Any]]]) -> dict[str, NDArray[Any]]:
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    columns["share"] = columns["own_ns"] / max(1, int(columns["own_ns"].sum()))
    return columns

"""What costs most: spans grouped by test, role, hook, archiver, suite or name, with sums and percentiles.

A ranking is columns, one entry a group; a `Rank` is made only for the rows that someone shows.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.runs import count_runs
from tracetui.analysis.times import Times
from tracetui.analysis.tree import Tree
from tracetui.model.role import Outcome, Role
from tracetui.store.snapshot import Snapshot

BEFORE_TEST = "before_test hooks (derived)"
AFTER_TEST = "after_test hooks (derived)"


@dataclass(frozen=True, slots=True)
class Rank:
    """One row of a ranking; times in ns.

    `own_ns` and `total_ns` are sums over the occurrences, mean and percentiles (nearest rank) of own time,
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


COLUMNS = ("name", "count", "failed", "own_ns", "total_ns", "mean_ns", "p50_ns", "p95_ns", "max_ns", "share")


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


def rank(snapshot: Snapshot, tree: Tree, times: Times, by: str = "test", since_ns: int = 0) -> Ranking:
    """The ranking of a snapshot by one of `GROUPINGS`, of spans that started no earlier than `since_ns`."""
    groups, chosen = _GROUPINGS[by](snapshot)
    recent = snapshot.start_ns >= since_ns
    rows = np.flatnonzero(chosen & recent)
    found = [
        _Samples.of_rows(
            snapshot, times, groups, rows, [role.label for role in Role] if by == "role" else None
        )
    ]
    if by == "hook":
        found.append(_derived_hooks(snapshot, tree, times, recent))
    names = [name for samples in found for name in samples.names]
    columns = _merged([samples.columns() for samples in found])
    unsorted = Ranking(by, count_runs(snapshot, tree, since_ns), names, columns, np.arange(len(names)))
    return unsorted.sorted("own_ns")


@dataclass(frozen=True, eq=False)
class _Samples:
    """Occurrences as parallel arrays, sorted by group and own time; `starts` begins each group."""

    names: Sequence[str]
    starts: NDArray[np.intp]
    own: NDArray[np.int64]
    total: NDArray[np.int64]
    row: NDArray[np.int64]
    failed: NDArray[np.bool_]
    running: NDArray[np.bool_]

    @classmethod
    def of_rows(
        cls,
        snapshot: Snapshot,
        times: Times,
        groups: NDArray[np.int32],
        rows: NDArray[np.intp],
        names: Sequence[str] | None,
    ) -> "_Samples":
        rows = rows[np.lexsort((times.own[rows], groups[rows]))]
        starts = np.flatnonzero(np.diff(groups[rows], prepend=-1))
        outcome, texts = snapshot.outcome[rows], names or snapshot.texts
        return cls(
            names=[texts[group] for group in groups[rows[starts]].tolist()],
            starts=starts,
            own=times.own[rows],
            total=times.total[rows],
            row=rows,
            failed=np.isin(outcome, (Outcome.FAILED, Outcome.ERROR)),
            running=outcome == Outcome.RUNNING,
        )

    def columns(self) -> dict[str, NDArray[Any]]:
        """A value per group for each column of a ranking, the share left out."""
        if not len(self.starts):
            return {name: np.empty(0, np.int64) for name in (*COLUMNS[1:-1], "row", "running")}
        count = np.diff(self.starts, append=len(self.own))
        own_ns = np.add.reduceat(self.own, self.starts)
        return {
            "count": count,
            "failed": np.add.reduceat(self.failed.astype(np.int64), self.starts),
            "own_ns": own_ns,
            "total_ns": np.add.reduceat(self.total, self.starts),
            "mean_ns": own_ns // count,
            "p50_ns": self.own[self.starts + _nearest_rank(count, 50)],
            "p95_ns": self.own[self.starts + _nearest_rank(count, 95)],
            "max_ns": self.own[self.starts + count - 1],
            "row": self.row[self.starts + count - 1],
            "running": np.add.reduceat(self.running.astype(np.int64), self.starts),
        }


def _nearest_rank(count: NDArray[np.int64], percent: int) -> NDArray[np.int64]:
    """The index, among `count` sorted values, of a percentile by the nearest-rank method."""
    place: NDArray[np.int64] = -(-count * percent // 100) - 1
    return place


def _merged(parts: Sequence[Mapping[str, NDArray[Any]]]) -> dict[str, NDArray[Any]]:
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    columns["share"] = columns["own_ns"] / max(1, int(columns["own_ns"].sum()))
    return columns


def _derived_hooks(snapshot: Snapshot, tree: Tree, times: Times, recent: NDArray[np.bool_]) -> _Samples:
    """Hooks that write no spans (resmoke's): the gaps in a wrapper before and after the test proper."""
    wrapper = (snapshot.role == Role.TEST) & ~snapshot.own
    inside = (tree.parent >= 0) & wrapper[tree.parent]
    phases = np.flatnonzero(inside & recent & (snapshot.role == Role.PHASE))
    hosts = tree.parent[phases]
    archiving = np.zeros(len(snapshot), np.int64)
    archivers = np.flatnonzero(inside & (snapshot.role == Role.ARCHIVER))
    np.add.at(archiving, tree.parent[archivers], times.total[archivers])
    before = np.maximum(snapshot.start_ns[phases] - snapshot.start_ns[hosts], 0)
    after = np.maximum(times.end[hosts] - times.end[phases] - archiving[hosts], 0)

    gaps, group = np.concatenate([before, after]), np.repeat([0, 1], len(phases))
    order = np.lexsort((gaps, group))
    no = np.zeros(len(gaps), np.bool_)
    return _Samples(
        names=[BEFORE_TEST, AFTER_TEST] if len(phases) else [],
        starts=np.flatnonzero(np.diff(group, prepend=-1)),
        own=gaps[order],
        total=gaps[order],
        row=np.tile(hosts, 2)[order].astype(np.int64),
        failed=no,
        running=no,
    )

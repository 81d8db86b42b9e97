"""Facts about each whole tree of spans: its duration, and what of a test run it holds."""

from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.analysis.time.times import Nanoseconds, Times
from tracetui.analysis.tree.tree import Rows, Tree
from tracetui.model.role import Role
from tracetui.store.snapshot import Snapshot

Counts = NDArray[np.int64]
Labels = NDArray[np.int32]
Numbers = NDArray[np.signedinteger]


class Trees(Struct, frozen=True, eq=False):
    """Trees as columns, in display order of their roots: `first` is the row that arrived first.

    `ended_ns` is the last end of finished spans, and start of others. `spans` counts those with a role in a
    test run, `tests` tests. `told` is the greatest number that `pipelines.Pipelines` has for it.
    """

    first: Counts
    start_ns: Nanoseconds
    ended_ns: Nanoseconds
    spans: Counts
    tests: Counts
    told: Counts

    def __len__(self) -> int:
        return len(self.first)


def trees_of(snapshot: Snapshot, tree: Tree, times: Times, pipelines: Counts | None) -> Trees:
    """The trees of a snapshot; `pipelines` has the number of each row's pipeline run, if any."""
    return Trees(
        first=by_root(np.minimum, np.arange(len(snapshot), dtype=np.int32), tree),
        start_ns=by_root(np.minimum, snapshot.start_ns, tree),
        ended_ns=by_root(np.maximum, ended(snapshot, times, np.flatnonzero(snapshot.end_ns == 0)), tree),
        spans=by_root(np.add, snapshot.role != Role.OTHER, tree),
        tests=by_root(np.add, snapshot.role == Role.TEST, tree),
        told=np.zeros(len(tree.roots), np.int64)
        if pipelines is None
        else by_root(np.maximum, pipelines, tree),
    )


def ended(snapshot: Snapshot, times: Times, running: Numbers) -> Nanoseconds:
    """By row its end if it has ended, else its start; `running` have no end."""
    ends = times.end[:]
    ends[running] = snapshot.start_ns[running]
    return ends


def ends_of(trees: Trees, tree: Tree, times: Times, running: Numbers) -> Nanoseconds:
    """By tree its last end, where `running` are the rows that have not ended."""
    end = trees.ended_ns.copy()
    np.maximum.at(end, place_of(running, tree), times.end[running])
    return end


def place_of(rows: Numbers, tree: Tree) -> NDArray[np.intp]:
    """By row the index, among the roots, of the root that it is, or is below."""
    places: NDArray[np.intp] = np.searchsorted(tree.position[tree.roots], tree.position[rows], "right") - 1
    return places


def spread(numbers: Rows, tree: Tree) -> Rows:
    """Values by root (`numbers`), as values by row."""
    if len(numbers) and (numbers == numbers[0]).all():
        return np.full(len(tree.order), numbers[0], np.int32)
    of_rows = np.empty(len(tree.order), np.int32)
    of_rows[tree.order] = np.repeat(numbers, tree.size[tree.roots])
    return of_rows


def by_root(gather: np.ufunc, values: NDArray[Any], tree: Tree) -> Counts:
    """Values by row, gathered over each tree."""
    roots, as_int = tree.roots, np.int64
    if len(roots) == 1:
        return np.array([gather.reduce(values, dtype=as_int)], as_int)
    gathered: Counts = gather.reduceat(values[tree.order], tree.position[roots], dtype=as_int)
    return gathered

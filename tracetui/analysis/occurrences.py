"""Spans in groups, and what each group adds up to; with hooks that wrote no spans, worked out from gaps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.distinct import among
from tracetui.analysis.groupings import Grouped
from tracetui.analysis.times import Times
from tracetui.analysis.tree import Tree
from tracetui.model.role import Outcome, Role
from tracetui.store.snapshot import Snapshot

BEFORE_TEST = "before_test hooks (derived)"
AFTER_TEST = "after_test hooks (derived)"

MEASURES = ("count", "failed", "own_ns", "total_ns", "mean_ns", "p50_ns", "p95_ns", "max_ns")
"""What a group adds up to, whoever asks."""
COLUMNS = (*MEASURES, "row", "running", "reruns", "range_ns")


@dataclass(frozen=True, eq=False)
class Occurrences:
    """Occurrences as parallel arrays, sorted by group and own time; `starts` begins each group."""

    names: Sequence[str]
    starts: NDArray[np.intp]
    own: NDArray[np.int64]
    total: NDArray[np.int64]
    row: NDArray[np.int64]
    failed: NDArray[np.bool_]
    running: NDArray[np.bool_]
    rerun: NDArray[np.bool_]

    @classmethod
    def of_rows(
        cls,
        snapshot: Snapshot,
        times: Times,
        grouped: Grouped,
        rows: NDArray[np.intp],
    ) -> "Occurrences":
        """Those at `rows`, in their groups."""
        groups, labels = grouped.of, grouped.labels
        rows = rows[np.lexsort((times.own[rows], groups[rows]))]
        starts = np.flatnonzero(np.diff(groups[rows], prepend=-1))
        outcome = snapshot.outcome[rows]
        return cls(
            names=[labels[group] for group in groups[rows[starts]].tolist()],
            starts=starts,
            own=times.own[rows],
            total=times.total[rows],
            row=rows,
            failed=among(outcome, (Outcome.FAILED, Outcome.ERROR)),
            running=outcome == Outcome.RUNNING,
            rerun=outcome == Outcome.RERUN,
        )

    def joined(self, others: "Occurrences") -> "Occurrences":
        """These and `others`, whose groups are others."""
        both = {
            name: np.concatenate([getattr(self, name), getattr(others, name)])
            for name in ("own", "total", "row", "failed", "running", "rerun")
        }
        starts = np.concatenate([self.starts, others.starts + len(self.own)]).astype(np.intp)
        return Occurrences([*self.names, *others.names], starts, **both)

    def columns(self) -> dict[str, NDArray[Any]]:
        """A value per group for each column of a ranking, the share left out."""
        if not len(self.starts):
            return {name: np.empty(0, np.int64) for name in COLUMNS}
        times = np.diff(self.starts, append=len(self.own))
        reruns = np.add.reduceat(self.rerun.astype(np.int64), self.starts)
        own_ns = np.add.reduceat(self.own, self.starts)
        return {
            "count": times - reruns,
            "failed": np.add.reduceat(self.failed.astype(np.int64), self.starts),
            "own_ns": own_ns,
            "total_ns": np.add.reduceat(self.total, self.starts),
            "mean_ns": own_ns // times,
            "p50_ns": self.own[self.starts + nearest_rank(times, 50)],
            "p95_ns": self.own[self.starts + nearest_rank(times, 95)],
            "max_ns": self.own[self.starts + times - 1],
            "row": self.row[self.starts + times - 1],
            "running": np.add.reduceat(self.running.astype(np.int64), self.starts),
            "reruns": reruns,
            "range_ns": self.own[self.starts + times - 1] - self.own[self.starts],
        }


def nearest_rank(count: NDArray[np.int64], percent: int) -> NDArray[np.int64]:
    """The index, among `count` sorted values, of a percentile by the nearest-rank method."""
    place: NDArray[np.int64] = -(-count * percent // 100) - 1
    return place


def derived_hooks(snapshot: Snapshot, tree: Tree, times: Times, recent: NDArray[np.bool_]) -> Occurrences:
    """Hooks that write no spans (resmoke's): the gaps in a wrapper before and after the test proper."""
    wrapper = (snapshot.role == Role.TEST) & ~snapshot.own
    inside = (tree.parent >= 0) & wrapper[tree.parent]
    phases = np.flatnonzero(inside & recent & (snapshot.role == Role.PHASE))
    hosts = tree.parent[phases]
    before_archiving, after_archiving = _archiving(snapshot, tree, times, phases)
    before = snapshot.start_ns[phases] - snapshot.start_ns[hosts] - before_archiving[hosts]
    after = times.end[hosts] - times.end[phases] - after_archiving[hosts]

    gaps, group = np.maximum(np.concatenate([before, after]), 0), np.repeat([0, 1], len(phases))
    order = np.lexsort((gaps, group))
    no = np.zeros(len(gaps), np.bool_)
    return Occurrences(
        names=[BEFORE_TEST, AFTER_TEST] if len(phases) else [],
        starts=np.flatnonzero(np.diff(group, prepend=-1)),
        own=gaps[order],
        total=gaps[order],
        row=np.tile(hosts, 2)[order].astype(np.int64),
        failed=no,
        running=no,
        rerun=no,
    )


def _archiving(
    snapshot: Snapshot, tree: Tree, times: Times, phases: NDArray[np.intp]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """By wrapper, what its archivers took before and after the test proper: they are no hooks."""
    starts = np.zeros(len(snapshot), np.int64)
    starts[tree.parent[phases]] = snapshot.start_ns[phases]
    archivers = np.flatnonzero((snapshot.role == Role.ARCHIVER) & (tree.parent >= 0))
    earlier = snapshot.start_ns[archivers] < starts[tree.parent[archivers]]
    taken = np.zeros((2, len(snapshot)), np.int64)
    np.add.at(taken, ((~earlier).astype(np.intp), tree.parent[archivers]), times.total[archivers])
    return taken[0], taken[1]

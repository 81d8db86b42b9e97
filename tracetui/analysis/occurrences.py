"""Spans in groups, and what each group adds up to; with hooks that wrote no spans, worked out from gaps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.derived import derived_hooks
from tracetui.analysis.distinct import among
from tracetui.analysis.groupings import Grouped
from tracetui.analysis.times import Times
from tracetui.analysis.tree import Tree
from tracetui.model.role import Outcome
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


def of_derived(snapshot: Snapshot, tree: Tree, times: Times, recent: NDArray[np.bool_]) -> Occurrences:
    """Hooks that write no spans: for each wrapper what they took before and after the test proper."""
    gaps = derived_hooks(snapshot, tree, times)
    some = recent[gaps.host]
    wrapper = np.unique(gaps.host[some])
    number = np.searchsorted(wrapper, gaps.host[some]) + len(wrapper) * gaps.is_after[some]
    took = np.zeros(2 * len(wrapper), np.int64)
    np.add.at(took, number, (gaps.end - gaps.start)[some])
    group = np.repeat([0, 1], len(wrapper))
    order = np.lexsort((took, group))
    no = np.zeros(len(took), np.bool_)
    return Occurrences(
        names=[BEFORE_TEST, AFTER_TEST] if len(wrapper) else [],
        starts=np.flatnonzero(np.diff(group, prepend=-1)),
        own=took[order],
        total=took[order],
        row=np.tile(wrapper, 2)[order].astype(np.int64),
        failed=no,
        running=no,
        rerun=no,
    )

"""Spans in groups, as a ranking adds them up, including hooks without spans, derived from gaps."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.hooks.derived import derived_hooks
from tracetui.analysis.ranking.rank_keys import Groups
from tracetui.analysis.time.times import Nanoseconds, Times
from tracetui.analysis.tree.tree import Rows, Tree, subtrees
from tracetui.model.numbers.distinct import distinct
from tracetui.store.snapshot import Snapshot

MEASURES = ("count", "failed", "own_ns", "total_ns", "mean_ns", "p50_ns", "p95_ns", "max_ns")
"""What a group adds up to, whoever asks."""


class Occurrences(NamedTuple):
    """Occurrences as parallel arrays, in any order."""

    group: Groups
    own: Nanoseconds
    total: Nanoseconds
    row: Rows
    failed: NDArray[np.bool_]
    running: NDArray[np.bool_]
    rerun: NDArray[np.bool_]

    def joined(self, others: "Occurrences") -> "Occurrences":
        """These and `others`."""
        both = ((getattr(self, name), getattr(others, name)) for name in self._fields)
        return Occurrences._make(map(np.concatenate, both))

    def only(self, which: NDArray[np.bool_] | slice) -> "Occurrences":
        """Some of them."""
        return Occurrences._make(column[which] for column in self)


def of_derived(snapshot: Snapshot, tree: Tree, times: Times, hosts: Rows | None = None) -> Occurrences:
    """Hooks without spans: for each wrapper what they took before and after the test proper.

    Before is group 0, after is 1. For all wrappers, or for those among `hosts` (ascending).
    """
    gaps = derived_hooks(snapshot, tree, times, None if hosts is None else subtrees(hosts, tree))
    if hosts is not None:
        gaps = gaps.only(np.flatnonzero(np.isin(gaps.host, hosts)))
    wrapper = distinct(gaps.host)
    number = np.searchsorted(wrapper, gaps.host) + len(wrapper) * gaps.is_after
    took = np.zeros(2 * len(wrapper), np.int64)
    np.add.at(took, number, gaps.end - gaps.start)
    no = np.zeros(len(took), np.bool_)
    row = np.tile(wrapper, 2).astype(np.int32)
    return Occurrences(np.repeat(np.arange(2), len(wrapper)), took, took, row, no, no, no)


def nearest_rank(count: NDArray[np.int64], percent: int) -> NDArray[np.int64]:
    """The index, among `count` sorted values, of a percentile by the nearest-rank method."""
    place: NDArray[np.int64] = -(-count * percent // 100) - 1
    return place

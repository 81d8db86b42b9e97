"""Checks whether still no process is mostly out of order, from what has changed and what was out of order.

Spans below a changed span are looked at as well, and spans below open ones in a file whose writer shows its
first sign of life; a later sign of life only puts more in order.
"""

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.jobs.processes import Numbers, Processes
from tracetui.analysis.study.step import Step
from tracetui.analysis.time.entries import Entries, entries_among, entries_of, places_of
from tracetui.analysis.tree.tree import Rows, Tree, subtrees
from tracetui.model.numbers.distinct import distinct
from tracetui.store.snapshot import Snapshot

Counts = NDArray[np.intp]

_LARGEST_PART = 8
"""Where more than such a part of all spans is to be looked at, all are."""


class Disorder:
    """For a snapshot whose clocks are right: how many entries each process has, and which are `out` of order.

    `is_settled` if most of each process is in order.
    """

    def __init__(self, snapshot: Snapshot, tree: Tree) -> None:
        self._processes = Processes()
        numbers = self._processes.of(snapshot)
        entries = entries_of(snapshot, tree, numbers, np.zeros(len(snapshot), np.bool_))
        self._look(entries, snapshot, _counted(entries.process, numbers))

    def follow(self, step: Step, tree: Tree) -> bool:
        """Update to the next snapshot; False if everything must be looked at."""
        rows = self._concerned(step, tree)
        if rows is None:
            return False
        numbers, last = self._processes.of(step.written), step.last
        before = entries_among(rows[rows < step.first], last.written, last.tree, numbers)
        entries = entries_among(rows, step.written, tree, numbers)
        counts = _counted(entries.process, numbers) - _counted(before.process, numbers)
        counts[: len(self.counts)] += self.counts
        self._look(entries, step.written, counts)
        return True

    def _look(self, entries: Entries, snapshot: Snapshot, counts: Counts) -> None:
        """Find those out of order, all of which are among `entries`; `counts` are those of all, by
        process.
        """
        is_out = places_of(entries, snapshot, np.zeros_like(counts)).out
        self.counts, self.out = counts, entries.row[is_out]
        out = np.bincount(entries.process[is_out], minlength=len(counts))
        self.is_settled = not (2 * out > counts).any()

    def _concerned(self, step: Step, tree: Tree) -> Rows | None:
        tops = np.concatenate((step.rows, _woken(step)))
        if tree.size[tops].sum() > 1000 + len(step.written) // _LARGEST_PART:
            return None
        return distinct(np.concatenate((step.touched, subtrees(tops, tree), self.out)))


def _counted(process: Numbers, numbers: Numbers) -> Counts:
    return np.bincount(process, minlength=int(numbers.max(initial=0)) + 1)


def _woken(step: Step) -> Rows:
    """Open spans in sources with their first heartbeat, or with one earlier than the last."""
    snapshot, before = step.written, step.last.written.heartbeats
    sources = [
        source
        for source in step.heard
        if source not in before or snapshot.heartbeats[source].time_ns < before[source].time_ns
    ]
    if not sources:
        return np.empty(0, np.int32)
    rows = np.flatnonzero(snapshot.end_ns == 0).astype(np.int32)
    woken: Rows = rows[np.isin(snapshot.sources_of(rows), sources)]
    return woken

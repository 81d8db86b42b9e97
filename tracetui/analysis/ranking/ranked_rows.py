"""What a ranking depends on, by row, and which rows of that have changed."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.history.history import LAST
from tracetui.analysis.history.last_runs import Took
from tracetui.analysis.ranking.occurrences import Occurrences
from tracetui.analysis.ranking.rank_keys import Grouping
from tracetui.analysis.ranking.splices import Places
from tracetui.analysis.runs.runs import Runs
from tracetui.analysis.time.sparse_times import Totals, are_one
from tracetui.analysis.time.times import Times
from tracetui.analysis.tree.tree import Rows, Tree
from tracetui.model.numbers.distinct import among, distinct
from tracetui.model.role import BAD, Outcome, Role
from tracetui.store.snapshot import Snapshot

Mask = NDArray[np.bool_]
Column = NDArray[np.generic] | None

_LARGEST_PART = 16
"""Where more than such a part of all rows is other than it was, all are looked at."""


class Subject(NamedTuple):
    """What is ranked: a study, and the run that is chosen in it."""

    snapshot: Snapshot
    tree: Tree
    times: Times
    runs: Runs
    choice: int


class RankedRows(NamedTuple):
    """Columns by row; `only` marks what counts, `alike` what the last runs are taken from (None: all).

    `back` is how many runs ago a row was, seen from the chosen run: `LAST` is longer ago, -1 is later. `job`
    is counted from the first job of that run, -1 where the run is none of the last. So both stay the same
    when other runs come or go.

    The last four describe hooks without spans, if these are ranked: else they are None.
    """

    label: NDArray[np.integer]
    role: NDArray[np.uint8]
    outcome: NDArray[np.uint8]
    own: NDArray[np.int64]
    total: Totals
    back: NDArray[np.int8]
    job: Rows
    only: Mask | None
    alike: Mask | None
    parent: Column
    start: Column
    wrong: Column
    is_own: Column

    def none(self) -> "RankedRows":
        """The same without rows."""
        none = (column[:0] if isinstance(column, np.ndarray) else column for column in self)
        return RankedRows._make(none)

    def counted(self, grouping: Grouping, texts: Sequence[str], old: Places, first: int) -> Occurrences:
        """The occurrences in groups at the rows `old`, and from row `first` on, whatever `only` says."""
        if grouping.role is None:
            rows = np.concatenate((old, np.arange(first, len(self.own))))
        else:
            new = first + np.flatnonzero(self.role[first:] == grouping.role)
            rows = np.concatenate((old[self.role[old] == grouping.role], new))
        outcome = self.outcome[rows]
        return Occurrences(
            group=grouping.of(self.label[rows], texts),
            own=self.own[rows],
            total=self.total[rows],
            row=rows.astype(np.int32),
            failed=among(outcome, BAD),
            running=outcome == Outcome.RUNNING,
            rerun=outcome == Outcome.RERUN,
        )

    def is_meant(self, rows: Rows) -> Mask | slice:
        """Which of `rows` count."""
        return slice(None) if self.only is None else self.only[rows]

    def took(self, occurrences: Occurrences) -> Took:
        """The occurrences that the last runs up to the chosen one are taken from."""
        is_recent = self.job[occurrences.row] >= 0
        if self.alike is not None:
            is_recent &= self.alike[occurrences.row]
        return Took(
            occurrences.group[is_recent], occurrences.own[is_recent], self.job[occurrences.row[is_recent]]
        )


def ranked_rows(subject: Subject, grouping: Grouping, only: Mask | None) -> RankedRows:
    """The input of a ranking, from all rows."""
    snapshot, tree, times, runs, choice = subject
    derived: tuple[Column, ...] = (None,) * 4
    if grouping.role == Role.HOOK:
        wrong = times.end.wrong
        wrong = np.broadcast_to(np.False_, len(snapshot)) if wrong is None else wrong
        derived = (tree.parent, snapshot.start_ns, wrong, snapshot.own)
    return RankedRows(
        grouping.labels(snapshot),
        snapshot.role,
        snapshot.outcome,
        times.own,
        times.total,
        *_from_the_chosen(runs, runs.number(choice)),
        only,
        runs.namesakes(choice),
        *derived,
    )


def _from_the_chosen(runs: Runs, number: int) -> tuple[NDArray[np.int8], Rows]:
    """The columns `back` and `job`, seen from run `number`."""
    back = np.clip(runs.of - number, -1, LAST).astype(np.int8)
    is_recent = (back >= 0) & (back < LAST)
    return back, np.where(is_recent, runs.jobs.of - runs.first_job[number], -1).astype(np.int32)


def changed(before: RankedRows, now: RankedRows) -> Places | None:
    """The earlier rows that have changed, ascending; None if they are many."""
    first = len(before.own)
    if len(now.own) < first:
        return None
    changes = [np.empty(0, np.intp)]
    for was, is_ in zip(before, now, strict=True):
        if (was is None) != (is_ is None):
            return None
        if isinstance(was, Totals) and isinstance(is_, Totals):
            changes.append(is_.differing(was).astype(np.intp))
        elif isinstance(was, np.ndarray) and isinstance(is_, np.ndarray) and not are_one(was, is_):
            changes.append(np.flatnonzero(was != is_[:first]))
    if sum(map(len, changes)) > 1000 + first // _LARGEST_PART:
        return None
    return distinct(np.concatenate(changes))

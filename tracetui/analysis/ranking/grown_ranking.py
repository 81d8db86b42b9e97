"""The state of a ranking that is kept for the next one."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.history.last_runs import LastRuns, trend
from tracetui.analysis.hooks import derived_growth
from tracetui.analysis.ranking.names import Names
from tracetui.analysis.ranking.occurrences import Occurrences
from tracetui.analysis.ranking.own_times import NO_TIMES
from tracetui.analysis.ranking.rank_keys import GROUPINGS, Groups
from tracetui.analysis.ranking.ranked_rows import Mask, RankedRows, Subject
from tracetui.analysis.ranking.ranking import Ranking
from tracetui.analysis.ranking.ranking_columns import NO_GROUPS, Columns, LastColumns, changed_columns
from tracetui.analysis.ranking.ranking_order import By
from tracetui.analysis.ranking.slots import Slots
from tracetui.analysis.ranking.splices import Places
from tracetui.analysis.runs.runs import Runs
from tracetui.model.numbers.distinct import distinct
from tracetui.model.role import Role

_UNSORTED = By("")
_NO_ROWS = np.empty(0, np.intp)


class GrownRanking:
    """A ranking `by` something, empty at first; it is changed in place, but not what it handed out.

    `rows` is what it was made from.
    """

    def __init__(self, subject: Subject, by: str) -> None:
        self.by = by
        self.grouping = GROUPINGS[by]()
        self.rows: RankedRows | None = None
        self._texts, self._renewals = subject.snapshot.texts, subject.snapshot.renewals
        self._hooked: Subject | None = None
        self._slots = Slots()
        self._own = NO_TIMES
        self._last_runs, self._last_columns = LastRuns(), LastColumns()
        self._ranking = Ranking(by, 0, Names([]), NO_GROUPS, (), _NO_ROWS, _UNSORTED, 0)

    def goes_on(self, subject: Subject, by: str) -> bool:
        """Whether rows and texts still have their old numbers."""
        snapshot = subject.snapshot
        return (by, self._renewals) == (self.by, snapshot.renewals) and self._texts is snapshot.texts

    def go_on(self, subject: Subject, rows: RankedRows, old: Places, order: By) -> Ranking:
        """The ranking of `rows`, of which the earlier ones, except `old`, are unchanged."""
        less, more = self._exchanged(subject, rows, old)
        runs = _covered(subject.runs, rows.only)
        groups = distinct(np.concatenate((less.group, more.group)))
        before, self.rows = self.rows, rows
        if before:
            self._last_runs.take_off(before.took(less))
            less = less.only(before.is_meant(less.row))
        self._last_runs.put_to(rows.took(more))
        more = more.only(rows.is_meant(more.row))
        names = self._named(more.group, subject.snapshot.texts)
        left, came = self._slots.of(less.group), self._slots.of(more.group)
        had, self._own = self._own, self._own.changed(less, left, more, came, len(names))
        slots = self._slots.of(groups)
        groups, slots = groups[slots >= 0], slots[slots >= 0]
        are = self._own.are_there(slots)
        trends = slots, self._trends(groups, slots, are, subject, len(names))
        columns = changed_columns(self._ranking.columns, (less, left), (more, came), self._own, trends)
        were = slots[had.are_there(slots)]
        self._ranking = self._ranked(runs, names, columns, were, slots[are], order)
        return self._ranking

    def _exchanged(self, subject: Subject, rows: RankedRows, old: Places) -> tuple[Occurrences, Occurrences]:
        """The earlier occurrences at `old`, and the present ones there and at new rows."""
        first, texts = len(self.rows.own) if self.rows else 0, subject.snapshot.texts
        before = self.rows or rows.none()
        less = before.counted(self.grouping, texts, old, first)
        more = rows.counted(self.grouping, texts, old, first)
        if self.grouping.role == Role.HOOK:
            derived = derived_growth.exchanged(self._hooked, subject, old)
            less, more = less.joined(derived[0]), more.joined(derived[1])
            self._hooked = subject
        return less, more

    def _named(self, groups: Groups, texts: Sequence[str]) -> Names:
        return self._ranking.names.longer(self.grouping.names(self._slots.add(groups), texts))

    def _trends(
        self, groups: Groups, slots: Places, are: NDArray[np.bool_], subject: Subject, count: int
    ) -> NDArray[np.float64]:
        """Note what groups took in the last runs, of which some `are` there; returns their trends."""
        last_ns = self._last_runs.of(groups, _jobs_from(subject))
        last_ns[~are] = -1
        self._last_columns.change(slots, last_ns, count)
        return trend(last_ns)

    def _ranked(
        self, runs: int, names: Names, columns: Columns, were: Places, are: Places, order: By
    ) -> Ranking:
        """The ranking: of the changed groups some `were` there, and some `are`."""
        before, own = self._ranking, self._own
        grows = before.sorted_by == order
        shown = (
            order.changed(before.order, (before.names, before.columns, were), (names, columns, are))
            if grows
            else np.flatnonzero(np.diff(own.starts))
        )
        last_ns, by = self._last_columns.columns, order if grows else _UNSORTED
        ranking = Ranking(self.by, runs, names, columns, last_ns, shown, by, len(shown))
        return ranking.sorted(order.column, descending=order.descending)


def _covered(runs: Runs, only: Mask | None) -> int:
    """How many runs have a row that counts."""
    return len(runs) if only is None else int(np.count_nonzero(np.bincount(runs.of[only])))


def _jobs_from(subject: Subject) -> NDArray[np.int64]:
    """The first job of the chosen run and of each before it, counted from the former."""
    first = subject.runs.first_job[subject.runs.number(subject.choice) :]
    counted: NDArray[np.int64] = first - first[0]
    return counted

"""The change from the findings of one snapshot to those of the next: which rows differ in any way."""

from functools import cached_property

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.analysis.study.findings import Findings
from tracetui.analysis.tree.tree import Rows
from tracetui.model.role import Role


class Change(Struct, frozen=True, eq=False, dict=True):
    """All rows except `rows` (ascending) have the columns, parents and times that they had in `last`.

    With a row come the tests that it is in or was in, with everything below them, and whatever is below it,
    unless that is much (`times_growth.are_large`). The same run is shown, and no old row has left or joined
    it; nor any other run, if `runs_grew`: they only may have other numbers.
    """

    last: Findings
    now: Findings
    rows: Rows
    runs_grew: bool

    @property
    def first(self) -> int:
        """Rows from here on are new."""
        return len(self.last.snapshot)

    @cached_property
    def old(self) -> Rows:
        """The changed rows that are not new."""
        return self.rows[: np.searchsorted(self.rows, self.first)]

    @cached_property
    def new(self) -> Rows:
        """The new rows."""
        return self.rows[len(self.old) :]

    @cached_property
    def were_tests(self) -> Rows:
        """The rows that were tests of the run."""
        return _tests(self.last, self.old)

    @cached_property
    def are_tests(self) -> Rows:
        """The rows that are tests of the run."""
        return _tests(self.now, self.rows)

    @cached_property
    def tests(self) -> NDArray[np.intp]:
        """The rows of all tests of the run, see `Findings.tests`."""
        if not np.array_equal(self.were_tests, _tests(self.now, self.old)):
            return self.now.tests
        return np.concatenate((self.last.tests, _tests(self.now, self.new)))


def change(last: Findings, now: Findings, rows: Rows, *, runs_grew: bool) -> Change | None:
    """The change from one study to the next; None if another run is shown, or old rows have joined or left
    it.
    """
    was, is_ = last.within, now.within
    if last.choice != now.choice or (was is None) != (is_ is None):
        return None
    if was is not None and is_ is not None and not np.array_equal(was, is_[: len(was)]):
        return None
    return Change(last, now, rows, runs_grew)


def _tests(findings: Findings, rows: Rows) -> Rows:
    rows = rows[findings.snapshot.role[rows] == Role.TEST]
    return rows if findings.within is None else rows[findings.within[rows]]

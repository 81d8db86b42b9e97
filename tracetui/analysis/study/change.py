"""From the findings of one snapshot to those of the next: of which rows not all is as it was."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.study.findings import Findings
from tracetui.analysis.tree.tree import Rows
from tracetui.model.role import Role


@dataclass(frozen=True, eq=False)
class Change:
    """All rows but `rows` (ascending) have the columns, parents and times that they had in `last`.

    With a row there come the tests that it is in or was in, with all below them, and whatever is below it,
    unless that is much (`times_growth.are_large`). The same run is looked at, and no row has left it or come
    to it that was there before.
    """

    last: Findings
    now: Findings
    rows: Rows

    @property
    def first(self) -> int:
        """Rows from here on are new."""
        return len(self.last.snapshot)

    @cached_property
    def old(self) -> Rows:
        """Those that were there before."""
        return self.rows[: np.searchsorted(self.rows, self.first)]

    @cached_property
    def new(self) -> Rows:
        """Those that were not."""
        return self.rows[len(self.old) :]

    @cached_property
    def were_tests(self) -> Rows:
        """Those that were tests of the run."""
        return _tests(self.last, self.old)

    @cached_property
    def are_tests(self) -> Rows:
        """Those that are."""
        return _tests(self.now, self.rows)

    @cached_property
    def tests(self) -> NDArray[np.intp]:
        """The rows of all tests of the run, see `Findings.tests`."""
        if not np.array_equal(self.were_tests, _tests(self.now, self.old)):
            return self.now.tests
        return np.concatenate((self.last.tests, _tests(self.now, self.new)))


def change(last: Findings, now: Findings, rows: Rows) -> Change | None:
    """From one study to the next; None where another run is looked at, or other rows that were there."""
    was, is_ = last.within, now.within
    if last.choice != now.choice or (was is None) != (is_ is None):
        return None
    if was is not None and is_ is not None and not np.array_equal(was, is_[: len(was)]):
        return None
    return Change(last, now, rows)


def _tests(findings: Findings, rows: Rows) -> Rows:
    rows = rows[findings.snapshot.role[rows] == Role.TEST]
    return rows if findings.within is None else rows[findings.within[rows]]

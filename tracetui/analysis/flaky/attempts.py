"""Finished attempts at tests, by test and code: the input of the verdicts."""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.analysis.flaky.same_code import kinds, same_code
from tracetui.analysis.history.records import Columns, Records
from tracetui.model.numbers.distinct import among
from tracetui.model.role import BAD, Outcome, Role

Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]

_FAILED = (*BAD, Outcome.RERUN)


class Attempts(Struct, frozen=True, eq=False):
    """Rows by test (a name in one suite and job), then by run, then in order: each passed or failed.

    What was skipped, cut off or expected to fail says nothing and is left out. `code` is shared by runs of
    the same code (`same_code`), `is_last` says that no other attempt followed. `columns` has the same rows.
    """

    test: Numbers
    code: Numbers
    is_bad: Mask
    is_last: Mask
    columns: Columns

    def __len__(self) -> int:
        return len(self.test)


def attempts(records: Records, since_ns: Numbers) -> Attempts:
    """The attempts of all runs; for each name (a number of `records.texts`) only of runs that began at or
    after `since_ns`.
    """
    columns = records.columns
    start = np.array([head.start_ns for head in records.heads], np.int64)
    is_meant = (columns.role == Role.TEST) & among(columns.outcome, (Outcome.PASSED, *_FAILED))
    is_meant &= start[columns.run] >= since_ns[columns.name] if len(columns) else False
    columns = columns.only(is_meant)
    kind, (code, _) = kinds(records.heads), same_code(records.heads)
    test = columns.name * np.int64(kind.max(initial=0) + 1) + kind[columns.run]
    order = np.lexsort((np.arange(len(test)), columns.run, test))
    columns = columns.only(order)
    return Attempts(
        test=test[order],
        code=code[columns.run],
        is_bad=among(columns.outcome, _FAILED),
        is_last=columns.outcome != Outcome.RERUN,
        columns=columns,
    )


def group(*columns: NDArray[np.integer]) -> Numbers:
    """By row, the number of its group: rows that are equal in all `columns`; O(n log n)."""
    number = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        _, place = np.unique(column, return_inverse=True)
        number = number * (int(place.max(initial=0)) + 1) + place
        _, number = np.unique(number, return_inverse=True)
    return number

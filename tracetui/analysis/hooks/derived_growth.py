"""The derived hooks that have changed."""

import numpy as np

from tracetui.analysis.ranking.occurrences import Occurrences, of_derived
from tracetui.analysis.ranking.ranked_rows import Subject
from tracetui.analysis.ranking.splices import Places
from tracetui.analysis.tree.tree import Rows
from tracetui.model.numbers.distinct import distinct
from tracetui.model.role import Role

_NONE = np.empty(0, np.int32)


def exchanged(before: Subject | None, now: Subject, old: Places) -> tuple[Occurrences, Occurrences]:
    """The old and the new derived hooks of wrappers that may have changed.

    Of the old rows all but `old` are unchanged.
    """
    if before is None:
        return of_derived(*now[:3], _NONE), of_derived(*now[:3])
    first = len(before.snapshot)
    rows = np.concatenate((old, np.arange(first, len(now.snapshot))))
    rows = distinct(np.concatenate((rows, before.tree.parent[old], now.tree.parent[rows])))
    there: Rows = rows[np.searchsorted(rows, 0) :].astype(np.int32)
    were, are = _tests(before, there[: np.searchsorted(there, first)]), _tests(now, there)
    return of_derived(*before[:3], were), of_derived(*now[:3], are)


def _tests(subject: Subject, rows: Rows) -> Rows:
    tests: Rows = rows[subject.snapshot.role[rows] == Role.TEST]
    return tests

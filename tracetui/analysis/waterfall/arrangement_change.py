"""The change from one arrangement to the next: which rows differ in any way."""

from collections.abc import Callable
from functools import cached_property

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.analysis.study.findings import Findings
from tracetui.analysis.study.step import between
from tracetui.analysis.tree.tree import Rows
from tracetui.analysis.tree.tree_growth import moved_rows
from tracetui.analysis.waterfall.arrangement import Arrangement, View
from tracetui.model.numbers.distinct import distinct

Marked = NDArray[np.bool_]
IsAlone = Callable[[Rows], Marked]

_LARGEST_PART = 8
"""Where more than such a part of all rows has changed, all are arranged anew."""
_JUDGED = ("role", "outcome", "own", "start_ns")
"""What an arrangement comes from, of which a study may make other columns than were written."""


class Changed(Struct, frozen=True, eq=False, dict=True):
    """From the `last` arrangement to the findings `now`: `rows` (ascending) are new or have changed.

    `moved` are the old ones whose place may have changed.
    """

    last: Arrangement
    now: Findings
    view: View
    rows: Rows
    moved: Rows

    @property
    def first(self) -> int:
        """Rows from here on are new."""
        return len(self.last.findings.snapshot)

    @cached_property
    def old(self) -> Rows:
        """The changed rows that are not new."""
        return self.rows[: np.searchsorted(self.rows, self.first)]

    def is_alone(self, slow_rows: Rows) -> IsAlone:
        """Which of some rows stay out of groups."""

        def is_alone(some: Rows) -> Marked:
            alone: Marked = ~self.are_seen(some) | np.isin(some, slow_rows)
            return alone

        return is_alone

    def were_seen(self, rows: Rows) -> Marked:
        """Which of some old rows were shown."""
        return _seen(self.last.view, rows)

    def are_seen(self, rows: Rows) -> Marked:
        """Which of some rows are shown."""
        return _seen(self.view, rows)


def _seen(view: View, rows: Rows) -> Marked:
    return np.ones(len(rows), np.bool_) if view.kept is None else view.kept[rows]


def change(last: Arrangement, now: Findings, view: View) -> Changed | None:
    """The change from an arrangement to the next; None if too much has changed, or it is unknown what."""
    step = between(last.findings, now.written)
    if step is None or now.tree.cycles:
        return None
    moved = moved_rows(last.findings.tree, last.findings.written, now.written)
    if moved is None:
        return None
    changes = [step.touched, now.times.total.differing(last.findings.times.total)]
    pairs: list[tuple[NDArray[np.generic], NDArray[np.generic]]] = [
        (last.findings.times.own, now.times.own),
    ]
    if last.findings.clocks or now.clocks:  # Else what starts as before, and takes as long, ends as before.
        pairs.append((last.findings.times.end[:], now.times.end[:]))
    if last.view.kept is not None and view.kept is not None:
        pairs.append((last.view.kept, view.kept))
    for name in _JUDGED:
        was, is_ = getattr(last.findings.snapshot, name), getattr(now.snapshot, name)
        if was is not getattr(last.findings.written, name) or is_ is not getattr(now.written, name):
            pairs.append((was, is_))
    changes += [
        np.flatnonzero(was != is_[: step.first]).astype(np.int32) for was, is_ in pairs if was is not is_
    ]
    rows = distinct(np.concatenate(changes))
    if len(rows) > 1000 + len(now.snapshot) // _LARGEST_PART:
        return None
    return Changed(last, now, view, rows, moved)

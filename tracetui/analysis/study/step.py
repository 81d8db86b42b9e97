"""From one study of a table to the next: what of its rows is other than it was."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tracetui.analysis.study.findings import Findings
from tracetui.analysis.tree.tree import Rows
from tracetui.store.snapshot import Snapshot


@dataclass(frozen=True, eq=False)
class Step:
    """What has come since `last`, whose rows are rows of `written` still.

    `rows` of it (ascending) were written to; the columns of all others say in `written` what they said in
    `last.written`. What a snapshot tells beside its columns may be other as well. The tree of `last` has no
    cycle of parents.
    """

    last: Findings
    written: Snapshot
    rows: Rows

    @property
    def first(self) -> int:
        """Rows from here on are new."""
        return len(self.last.written)

    @cached_property
    def new(self) -> Rows:
        """The rows that are new, ascending."""
        return np.arange(self.first, len(self.written), dtype=np.int32)

    @cached_property
    def touched(self) -> Rows:
        """The rows that were written to, or are new: ascending."""
        return np.concatenate((self.rows, self.new))


def between(last: Findings | None, written: Snapshot) -> Step | None:
    """The step from `last` to a later snapshot; None where it is not known what has changed."""
    if last is None or len(written) < len(last.written) or last.tree.cycles:
        return None
    rows = written.changes.since(last.written.changes)
    return None if rows is None else Step(last, written, rows[rows < len(last.written)])

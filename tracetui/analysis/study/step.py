"""The step from one study of a table to the next: which of its rows have changed."""

from functools import cached_property
from itertools import takewhile

import numpy as np
from msgspec import Struct

from tracetui.analysis.study.findings import Findings
from tracetui.analysis.tree.tree import Rows
from tracetui.store.snapshot import Snapshot


class Step(Struct, frozen=True, eq=False, dict=True):
    """What was written since `last`, whose rows are still rows of `written`.

    `rows` of it (ascending) were written to; the columns of all others are in `written` what they were in
    `last.written`. What a snapshot has beside its columns may have changed as well. The tree of `last` has no
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
    def heard(self) -> frozenset[int]:
        """The sources with another heartbeat."""
        before, now = self.last.written.heartbeats, self.written.heartbeats
        news = takewhile(lambda source: before.get(source) is not now[source], reversed(now))
        return frozenset(news)

    @cached_property
    def touched(self) -> Rows:
        """The rows that were written to, or are new: ascending."""
        return np.concatenate((self.rows, self.new))


def between(last: Findings | None, written: Snapshot) -> Step | None:
    """The step from `last` to a later snapshot; None if it is unknown what has changed."""
    if last is None or len(written) < len(last.written) or last.tree.cycles:
        return None
    rows = written.changes.since(last.written.changes)
    return None if rows is None else Step(last, written, rows[rows < len(last.written)])

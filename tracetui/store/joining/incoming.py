"""Batches on their way to become rows: small ones wait for each other, and all until it is worth it."""

from abc import abstractmethod
from collections.abc import Sequence

import numpy as np

from tracetui.model.batch import SpanBatch
from tracetui.model.columns import joined
from tracetui.model.kind import Kind
from tracetui.store.accounting.accounts import Accounts
from tracetui.store.columns import Columns
from tracetui.store.joining.blocks import Blocks
from tracetui.store.joining.bundle import Bundle
from tracetui.store.joining.identity import Record, in_order, only
from tracetui.store.joining.pending import Known, Pending
from tracetui.store.memory_limit import Gone

_MOST_PENDING, _PENDING_PART = 200_000, 8
"""So many spans wait to be settled, or such a part of those there are: each time all ids are searched."""
_FEW, _MOST_WAITING = 512, 2048
"""Spans of a small block, and how many of those wait to be made rows together."""


class Incoming(Accounts):
    """Spans that have come. Those of enough batches are settled together: made rows of `_columns`."""

    def __init__(self, *, beside: bool = False) -> None:
        super().__init__()
        self._columns = Columns()
        self._pending = Pending(beside=beside)
        self._blocks: list[tuple[int, SpanBatch]] = []
        self._blocks_rows = 0
        self._gone = Gone()
        self._refused_traces = self._size = 0

    @abstractmethod
    def _add_new(self, pending: Sequence[Record]) -> Known | None:
        """Make rows of spans with new ids, and return the others.

        Touches nothing that a new batch touches: it may be called in another thread meanwhile.
        """

    @abstractmethod
    def _settle_known(self, others: Record, start: int) -> None:
        """Add spans whose ids are known; `start` is the first row that came with them."""

    def _take(self, source: int | Bundle, batch: SpanBatch) -> None:
        """Hold the spans until there are enough: numpy costs the same for few as for many."""
        if isinstance(source, Bundle) or batch.packed or len(batch) > _FEW:
            self._unblock()
            self._add(source, batch)
            return
        self._blocks.append((source, batch))
        self._blocks_rows += len(batch)
        if self._blocks_rows >= _MOST_WAITING:
            self._unblock()

    def _unblock(self) -> None:
        """Turn waiting small blocks into rows."""
        if self._blocks:
            blocks, self._blocks, self._blocks_rows = self._blocks, [], 0
            self._add(*Blocks.of(blocks))

    def newest_ns(self, source: int) -> int:
        """The latest start or end in a source; 0 if it has none."""
        self._unblock()
        return super().newest_ns(source)

    def _add(self, source: int | Bundle | Blocks, batch: SpanBatch) -> None:
        columns = batch.columns()
        parts = self._intern.rows(source, joined(columns))
        if batch.expected or batch.workers or batch.jobs:
            self._suites.note(parts[-1]["key"], batch)  # Lists come after what was packed.
        new = in_order(parts) if len(columns) > 1 else parts[0]
        self._heard(source, new)
        new = source.placed(new) if isinstance(source, Bundle) else new
        gone = self._gone.of(self._intern.trace_ids.values, new["trace_index"], new["start_ns"])
        if gone is not None:
            self.health = self.health.more(Kind.EVICTED, (), int(np.count_nonzero(gone)))
            new = only(new, ~gone)
        again = new["again"]
        self._keep(only(new, ~again) if again.any() else new)
        if again.any():
            self._settle()
            self._keep(only(new, again))

    def _keep(self, new: Record) -> None:
        """Hold spans until they are settled."""
        self._pending.add(new)
        if self._pending.waiting >= _MOST_PENDING:
            self._end_settling()
            if self._pending.waiting >= len(self._columns) // _PENDING_PART:
                self._begin_settling(may_wait=True)

    def _settle(self) -> None:
        """Add all spans."""
        self._unblock()
        self._end_settling()
        if self._pending.waiting:
            self._begin_settling(may_wait=False)

    def _begin_settling(self, *, may_wait: bool) -> None:
        """Settle what waits: in another thread, if there is one, and no loss of it has to be counted."""
        rows, read = len(self._columns) + self._pending.waiting, self.health.bytes
        if 0 < read < self._size:
            self._columns.expect(rows * self._size // read)
        if not self._pending.begin(self._add_new, may_wait=may_wait and not self._refused_traces):
            self._end_settling()

    def _end_settling(self) -> None:
        """Add what was left of the spans that were being settled, if any, one by one."""
        known = self._pending.end()
        if known:
            self._settle_known(*known)

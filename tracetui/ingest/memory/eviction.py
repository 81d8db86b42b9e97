"""The memory ceiling: ended runs are evicted, the oldest first; if none can be, no more is read."""

import time
from collections.abc import Callable, Iterator

from tracetui import units
from tracetui.analysis.jobs.eviction_order import Leaver, leaving
from tracetui.store.health import Trouble
from tracetui.store.logs import LogIndex
from tracetui.store.memory_limit import usual_ceiling
from tracetui.store.snapshot import Snapshot
from tracetui.store.table import SpanTable

SHARE = 1 / 4
"""So much of the spans leaves at once: often enough a little would cost more time than it is worth."""

MARGIN = 1.1
"""At so many times the ceiling nothing is taken any more, not even of traces that are new."""


class Eviction:
    """Keeps `table` and `logs` below `ceiling` bytes, by default a quarter of the machine's memory.

    `bytes` is approximately their last size.
    """

    def __init__(self, table: SpanTable, logs: LogIndex, ceiling: int | None = None) -> None:
        self.ceiling = ceiling or usual_ceiling()
        self._table = table
        self._logs = logs
        self.bytes = 0
        self._limit = self.ceiling

    def keep(self, judge: Callable[[], None]) -> None:
        """Make room if there is none; `judge` updates which runs have ended."""
        self.bytes = self._table.bytes
        if self.bytes > self._limit:
            self._table.at_rest()
            self.bytes = self._table.bytes
        if self.bytes <= self._limit:
            return
        judge()
        snapshot = self._table.snapshot()
        gone = leaving(snapshot, time.time_ns(), SHARE)
        if gone.runs:
            self._logs.forget(self._table.evict(gone.rows, _told(snapshot, gone.runs)))
        size = self.bytes = self._table.bytes
        if size > self.ceiling:
            self._table.refuse(known_only=size < MARGIN * self.ceiling)
        self._limit = max(self.ceiling, size + size // 50)


def _told(snapshot: Snapshot, runs: tuple[Leaver, ...]) -> Iterator[Trouble]:
    for run in runs:
        ended = units.moment(run.end_ns)
        reason = f"run {run.name}: {units.many(run.spans, 'span')}, ended {ended}"
        yield Trouble(
            snapshot.sources[snapshot.origin(run.row).source], int(snapshot.offset[run.row]), reason
        )

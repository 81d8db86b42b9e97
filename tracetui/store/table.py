"""The table of spans: takes batches from sources, decides what has ended, and hands out snapshots."""

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracetui.model.batch import SpanBatch
from tracetui.model.kind import Kind
from tracetui.store.accounting.labels import Labels
from tracetui.store.accounting.signs_of_life import SignsOfLife
from tracetui.store.compaction import compacted
from tracetui.store.health import Trouble
from tracetui.store.joining.arrivals import Arrivals
from tracetui.store.joining.bundle import Bundle
from tracetui.store.memory_limit import ROW_BYTES, Texts, last_signs
from tracetui.store.snapshot import Snapshot
from tracetui.store.state import TableState

_ALL_TRACES = 1 << 31
_NONE_CLOSED: Mapping[int, int] = MappingProxyType({})


class SpanTable(Arrivals):
    """Every span of a recording as one row of `Columns`, and its `Health`.

    With `beside` a thread of its own makes rows of what has come, while more is read.
    """

    def __init__(self, *, beside: bool = False) -> None:
        super().__init__(beside=beside)
        self._text_bytes = Texts()

    def __len__(self) -> int:
        self._settle()
        return len(self._columns)

    def append(self, source: int | Bundle, batch: SpanBatch, size: int = 0) -> None:
        """Take a batch from a block of `size` bytes of a source; from several sources only spans.

        A repeated heartbeat of a source changes nothing that is shown: the revision stays.
        """
        if not (batch.is_heartbeat and source in self.heartbeats):
            self._revision += 1
        if len(batch):
            self._take(source, batch)
        self._count(source, batch, size)

    def expect(self, size: int) -> None:
        """There are so many bytes in all sources: mostly, what comes is as dense as what has come."""
        self._size = size

    def set_gone(self, gone: Iterable[int], closed: Mapping[int, int] = _NONE_CLOSED) -> None:
        """Decide about unfinished spans: in sources that are `gone`, which nobody writes any more, they are
        cut off.

        `closed` has the sources whose writer said at that time (ns) that nothing it started was open: spans
        that started before have ended, and their end was lost. All others are running.
        """
        self._settle()
        rows = self._unfinished.judge(gone, closed)
        columns = (self._columns[name][np.array(rows, np.int32)].tolist() for name in ("start_ns", "outcome"))
        for row, start_ns, before in zip(rows, *columns, strict=True):
            outcome = self._unfinished.outcome(row, start_ns)
            if before != outcome:
                self._columns.put("outcome", row, outcome)
                self._revision += 1

    @property
    def bytes(self) -> int:
        """About how much memory the spans take, including all derived values; at most, unless `at_rest`."""
        texts = self._text_bytes.measure((self._intern.texts.values, self._intern.trace_ids.values))
        return texts + ROW_BYTES * (len(self._columns) + len(self._pending) + self._blocks_rows)

    def at_rest(self) -> None:
        """Wait until no other thread makes rows."""
        self._end_settling()

    def evict(self, gone: NDArray[np.bool_], runs: Iterable[Trouble]) -> frozenset[str]:
        """Forget the rows that `gone` marks, and later spans of their runs; returns the traces that were
        evicted whole.

        `runs` describes the runs, for Health. Rows are renumbered.
        """
        self._settle()
        before, number = self._intern.trace_ids.values, int(np.count_nonzero(gone))
        columns = (self._columns[name][gone] for name in ("trace_index", "end_ns", "start_ns"))
        left = {before[trace]: last for trace, last in last_signs(*columns).items()}
        for trace_id, last_ns in left.items():
            self._gone.add(trace_id, last_ns)
        self.health = self.health.more(Kind.EVICTED, runs, number)
        self._columns, self._intern = compacted(self._columns, self._intern, ~gone)
        self._unfinished.renumber(~gone)
        self._begin_anew()
        return frozenset(left) - frozenset(self._intern.trace_ids.values)

    def refuse(self, *, known_only: bool) -> None:
        """Refuse all new spans from now on, or only those of known traces."""
        self._settle()
        self._refused_traces = len(self._intern.trace_ids.values) if known_only else _ALL_TRACES

    def _begin_anew(self) -> None:
        """Rows were renumbered: rebuild the indexes."""
        keys = self._index()
        self._suites.keep(keys)
        self._calls.keep(keys)
        self._taken_back.clear()  # Rows are numbered anew.
        self._text_bytes = Texts()
        self._refused_traces = 0
        self._renewals += 1
        self._revision += 1

    def finish(self) -> bool:
        """Drop the indexes for new spans, as none are expected; returns whether there were any."""
        self._settle()
        had = len(self._rows) > 0
        self._forget()
        return had

    @property
    def state(self) -> TableState:
        """Everything except the columns."""
        self._settle()
        return TableState(
            rows=len(self._columns),
            digests=self._intern.digests.tobytes(),
            traces=self._intern.trace_ids.values,
            texts=self._intern.texts.values,
            origins=self._intern.origins.values,
            opaque=self._intern.opaque,
            heartbeats=self._signs.by_source,
            suites=self._suites,
            fruitful=self._fruitful,
            newest=self._newest,
            sources=list(self._sources),
            health=self.health,
        )

    @property
    def stored(self) -> Mapping[str, NDArray[Any]]:
        """The columns that hold more than zeros."""
        self._settle()
        return {name: array for name, array in self._columns.stored().items() if array.any()}

    def restore(self, state: TableState, stored: Mapping[str, NDArray[Any]]) -> None:
        """Restore an empty table from these; what is `stored` is never written to."""
        self._columns.restore(state.rows, stored)
        self._intern.trace_ids.numbers(state.traces)
        self._intern.texts.numbers(state.texts)
        self._intern.origins.numbers(state.origins)
        self._intern.digests = np.frombuffer(state.digests, np.uint64)
        self._intern.opaque.update(state.opaque)
        self._signs, self._suites = SignsOfLife(state.heartbeats), state.suites
        self._fruitful, self._newest = state.fruitful, state.newest
        self._sources, self.health = Labels(state.sources), state.health
        self._forget()
        rows = np.flatnonzero(self._columns["end_ns"] == 0)
        self._unfinished.begin(rows.tolist(), self._sources_of(self._columns["origin_id"][rows]))
        self._revision += 1

    @property
    def unfinished_sources(self) -> frozenset[int]:
        """The sources in which it was told last that unfinished spans have begun."""
        self._settle()
        return self._unfinished.sources

    def processes(self, source: int) -> Collection[tuple[str, int]]:
        """The processes, by host and pid, whose spans are in a source, as far as known."""
        self._unblock()
        return self._intern.processes(source)

    def snapshot(self) -> Snapshot:
        """Everything as it is now, immutable."""
        self._settle()
        return Snapshot(
            revision=self._revision,
            **self._columns.freeze(),
            changes=self._columns.changes,
            trace_ids=self._intern.trace_ids.values,
            texts=self._intern.texts.values,
            trace_digests=self._intern.digests,
            origins=self._intern.origins.values,
            resources=self._intern.resources(),
            source_of_origin=self._intern.source_of_origin(),
            clocks=frozenset(self._intern.clocks),
            sources=self._sources,
            opaque_ids=self._intern.opaque,
            heartbeats=dict(self._signs.by_source),
            last_beats=dict(self._signs.by_writer),
            latest_beat_ns=self._signs.latest_ns,
            expected=dict(self._suites.expected),
            workers=dict(self._suites.workers),
            jobs=dict(self._suites.jobs),
            health=self.health,
            growing=self._growing,
            quiet=self._quiet,
            renewals=self._renewals,
        )

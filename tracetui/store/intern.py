"""A batch of a source to columns: strings to numbers, ids to keys."""

import numpy as np

from tracetui.model.batch import SpanBatch
from tracetui.store.identity import Record
from tracetui.store.ids import SpanIds, digest, keys
from tracetui.store.strings import Strings


class Intern:
    """Every string of a recording, kept once."""

    def __init__(self) -> None:
        self.texts: Strings[str] = Strings()
        self.trace_ids: Strings[str] = Strings()
        self.span_ids = SpanIds()
        self.resources: Strings[bytes] = Strings()
        self.scopes: Strings[bytes] = Strings()
        self._digests: list[int] = []

    def columns(self, source: int, batch: SpanBatch) -> Record:
        """The rows of `batch` as `Columns` take them."""
        count = len(batch)
        trace_index = self.trace_ids.column(batch.trace_id)
        self._digests += map(digest, self.trace_ids.values[len(self._digests) :])
        traces = np.array([self._digests[index] for index in trace_index], np.uint64)
        span_id = self.span_ids.column(batch.span_id)
        parent_id = self.span_ids.column([text or "0" * 16 for text in batch.parent_span_id])
        has_parent = np.fromiter(map(bool, batch.parent_span_id), np.bool_, count)
        return {
            "start_ns": np.array(batch.start_ns, np.int64),
            "end_ns": np.array(batch.end_ns, np.int64),
            "key": keys(traces, span_id),
            "parent_key": np.where(has_parent, keys(traces, parent_id), np.uint64(0)),
            "span_id": span_id,
            "trace_index": trace_index,
            "parent_row": np.full(count, -1, np.int32),
            "name_id": self.texts.column(batch.name),
            "title_id": self.texts.column(batch.title),
            "worker_id": self.texts.column(batch.worker),
            "resource_id": self.resources.column(batch.resource),
            "scope_id": self.scopes.column(batch.scope),
            "source_id": np.full(count, source, np.int32),
            "offset": np.array(batch.offset, np.int64),
            "length": np.array(batch.length, np.int32),
            "role": np.array(batch.role, np.uint8),
            "status": np.array(batch.status, np.uint8),
            "outcome": np.array(batch.outcome, np.uint8),
            "own": np.array(batch.own, np.bool_),
            "billed_ns": np.array(batch.billed_ns, np.int64),
        }

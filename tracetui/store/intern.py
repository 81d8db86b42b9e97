"""The spans of a source to rows: strings to the numbers of the recording, ids to keys."""

from typing import NamedTuple

import numpy as np

from tracetui.model.columns import Int32s, SpanColumns
from tracetui.model.ids import digest
from tracetui.model.interned import Interned
from tracetui.store.identity import Record
from tracetui.store.keys import keys


class Origin(NamedTuple):
    """What the spans of one writer share: the number of their source, and the raw JSON around them."""

    source: int
    resource: bytes
    scope: bytes


class Intern:
    """Every string of a recording, kept once; a batch is asked about its strings, not about its spans."""

    def __init__(self) -> None:
        self.texts: Interned[str] = Interned()
        self.texts.intern("")  # Number 0: a column of nothing else takes no room.
        self.trace_ids: Interned[str] = Interned()
        self.digests: list[int] = []
        self.origins: Interned[Origin] = Interned()
        self.opaque: dict[int, str] = {}

    def rows(self, source: int, spans: SpanColumns) -> Record:
        """The rows of `spans` as `Columns` take them, parents not yet found."""
        texts = self.texts.numbers(spans.texts)
        trace_index = self.trace_ids.numbers(spans.traces)
        self.digests += map(digest, self.trace_ids.values[len(self.digests) :])
        digests = np.array([self.digests[index] for index in trace_index], np.uint64)[spans.trace]
        self.opaque.update(spans.opaque)
        return {
            "start_ns": spans.start_ns,
            "end_ns": spans.end_ns,
            "key": keys(digests, spans.span_id),
            "parent_key": np.where(spans.parent_id == 0, np.uint64(0), keys(digests, spans.parent_id)),
            "trace_index": trace_index[spans.trace],
            "parent_row": np.full(len(spans), -1, np.int32),
            "name_id": texts[spans.name],
            "title_id": texts[spans.title],
            "worker_id": texts[spans.worker],
            "origin_id": self._origins(source, spans),
            "offset": spans.offset,
            "length": spans.length,
            "role": spans.role,
            "status": spans.status,
            "outcome": spans.outcome,
            "own": spans.own,
            "billed_ns": spans.billed_ns,
        }

    def _origins(self, source: int, spans: SpanColumns) -> Int32s:
        """Spans of one writer mostly stand together: one look per stretch of them."""
        changes = (np.diff(spans.resource) != 0) | (np.diff(spans.scope) != 0)
        begins = np.flatnonzero(np.concatenate([[True], changes]))
        origins = self.origins.numbers(
            Origin(source, spans.blobs[resource], spans.blobs[scope])
            for resource, scope in zip(
                spans.resource[begins].tolist(), spans.scope[begins].tolist(), strict=True
            )
        )
        return np.repeat(origins, np.diff(begins, append=len(spans)))

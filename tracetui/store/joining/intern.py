"""Turns the spans of a source into rows: strings to the numbers of the recording, ids to keys."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from itertools import repeat
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from tracetui.model.columns import SHARED, Int32s, SpanColumns
from tracetui.model.interned import Interned
from tracetui.model.numbers.ids import Ids, digest
from tracetui.model.resource_facts import ResourceFacts, resource_facts
from tracetui.store.joining.blocks import Blocks
from tracetui.store.joining.bundle import Bundle
from tracetui.store.joining.identity import Record
from tracetui.store.joining.keys import keys, mix

NO_NAME = "(no name)"
"""What a span is called whose writer gave it no name, or one of blanks."""


class Origin(NamedTuple):
    """What the spans of one writer share: the number of their source, and the raw JSON around them."""

    source: int
    resource: bytes
    scope: bytes


class Translation:
    """Translates numbers of other tables to those of one: each of their strings is looked up once.

    `as_known` gives the name used here for each of their strings.
    """

    def __init__(self, table: Interned[str], as_known: Callable[[str], str] = str) -> None:
        self._table = table
        self._as_known = as_known
        self._known: WeakKeyDictionary[Interned[str], Int32s] = WeakKeyDictionary()

    def numbers(self, other: Interned[str]) -> Int32s:
        """The number here of each string of another table."""
        known = self._known.get(other, np.empty(0, np.int32))
        new = other.values[len(known) :]
        if new:
            known = np.concatenate([known, self._table.numbers(map(self._as_known, new))])
            self._known[other] = known
        return known


class Intern:
    """Every string of a recording, kept once; the cost of a batch is in its distinct strings, not in its
    spans.
    """

    def __init__(self) -> None:
        self.texts: Interned[str] = Interned()
        self.texts.intern("")  # Number 0: a column of nothing else takes no room.
        self.trace_ids: Interned[str] = Interned()
        self.digests = self._mixed = np.empty(0, np.uint64)
        self._texts = Translation(self.texts)
        self._names = Translation(self.texts, lambda name: name if name.strip() else NO_NAME)
        self._trace_ids = Translation(self.trace_ids)
        self.origins: Interned[Origin] = Interned()
        self.opaque: dict[int, str] = {}
        self._facts: dict[bytes, ResourceFacts] = {}
        self._resources: list[ResourceFacts] = []
        self.clocks: set[str] = set()
        """What resources say of their times, so far (`ResourceFacts.clock`)."""
        self._processes: dict[int, set[tuple[str, int]]] = defaultdict(set)

    def resources(self) -> Sequence[ResourceFacts]:
        """The facts about the resource of each origin so far; only ever appended to."""
        for origin in self.origins.values[len(self._resources) :]:
            if origin.resource not in self._facts:
                self._facts[origin.resource] = resource_facts(origin.resource)
                self.clocks.add(self._facts[origin.resource].clock)
            facts = self._facts[origin.resource]
            self._resources.append(facts)
            if facts.host and facts.pid:
                self._processes[origin.source].add((facts.host, facts.pid))
        return self._resources

    def processes(self, source: int) -> Collection[tuple[str, int]]:
        """The processes, by host and pid, that wrote the contents of a source."""
        self.resources()
        return self._processes.get(source, ())

    def rows(self, source: int | Bundle | Blocks, spans: SpanColumns) -> Record:
        """The rows of `spans` as `Columns` take them, parents not yet found, and `half` and `again`."""
        texts = self._texts.numbers(spans.texts)
        names = self._names.numbers(spans.texts)
        trace_ids = self._trace_ids.numbers(spans.traces)
        trace_index = trace_ids[spans.trace]
        salts = self._salts()[trace_index]
        parent_salts = salts if spans.parent_trace is None else self._salts()[trace_ids[spans.parent_trace]]
        self.opaque.update(spans.opaque)
        return {
            **{name: getattr(spans, name) for name in SHARED},
            "key": keys(salts, spans.span_id),
            "parent_key": np.where(spans.parent_id == 0, np.uint64(0), keys(parent_salts, spans.parent_id)),
            "trace_index": trace_index,
            "parent_row": np.full(len(spans), -1, np.int32),
            "name_id": names[spans.name],
            "title_id": names[spans.title],
            "worker_id": texts[spans.worker],
            "origin_id": self._origins(source, spans),
            "again": np.full(len(spans), spans.again, np.bool_),
            "half": np.zeros(len(spans), np.uint8) if spans.half is None else spans.half,
        }

    def _salts(self) -> Ids:
        """The digest of each trace id so far, mixed."""
        new = self.trace_ids.values[len(self.digests) :]
        if new:
            more = np.fromiter(map(digest, new), np.uint64, len(new))
            self.digests = np.concatenate([self.digests, more])
        if len(self._mixed) < len(self.digests):
            self._mixed = np.concatenate([self._mixed, mix(self.digests[len(self._mixed) :])])
        return self._mixed

    def _origins(self, source: int | Bundle | Blocks, spans: SpanColumns) -> Int32s:
        """The origins of spans, which are mostly adjacent for one writer: one look-up per stretch."""
        kinds = [spans.resource, spans.scope]
        if not isinstance(source, int):
            kinds.append(source.of(spans.offset) if isinstance(source, Bundle) else source.by_row())
        changes = np.any([kind[1:] != kind[:-1] for kind in kinds], axis=0)
        begins = np.flatnonzero(np.concatenate([[True], changes]))
        resources, scopes, *more = (kind[begins].tolist() for kind in kinds)
        origins = self.origins.numbers(
            Origin(number, spans.blobs[resource], spans.blobs[scope])
            for resource, scope, number in zip(
                resources, scopes, more[0] if more else repeat(source), strict=False
            )
        )
        return np.repeat(origins, np.diff(begins, append=len(spans)))

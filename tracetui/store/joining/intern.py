"""Turns the spans of a source into rows: strings to the numbers of the recording, ids to keys."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import repeat
from operator import itemgetter
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from tracetui.model.columns import SHARED, Int32s, Int64s, SpanColumns
from tracetui.model.interned import Interned, InternedTexts
from tracetui.model.numbers.ids import Ids, digest
from tracetui.model.resource_facts import ResourceFacts, resource_facts
from tracetui.store.joining.blocks import Blocks
from tracetui.store.joining.bundle import Bundle
from tracetui.store.joining.identity import Record
from tracetui.store.joining.keys import keys, mix

_NONE = np.empty(0, np.int32)
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
        """The number here of each string of another table, -1 of those that were never wanted."""
        known = self._known.get(other, _NONE)
        more = len(other.values) - len(known)
        if more:
            known = self._known[other] = np.concatenate([known, np.full(more, -1, np.int32)])
        return known

    def want(self, text: str) -> int:
        """Have a number here for a string of another table."""
        return self._table.intern(self._as_known(text))


class Use(NamedTuple):
    """A column of numbers of another table, and where each of its rows stands among what came with it."""

    translation: Translation
    table: Interned[str]
    column: Int32s
    place: Int64s

    def news(self) -> Iterator[tuple[int, int]]:
        """The place at which each number that has none here yet appears first, and that number."""
        numbers = self.translation.numbers(self.table)[self.column]
        if numbers.min(initial=0) == 0:
            return
        rows = np.flatnonzero(numbers < 0)
        order = rows[np.lexsort((self.place[rows], self.column[rows]))]
        first = order[np.flatnonzero(np.diff(self.column[order], prepend=-1))]
        yield from zip(self.place[first].tolist(), self.column[first].tolist(), strict=True)


class Intern:
    """Every string of a recording, kept once; the cost of a batch is in its distinct strings, not in its
    spans.
    """

    def __init__(self) -> None:
        self.texts = InternedTexts()
        self.texts.intern("")  # Number 0: a column of nothing else takes no room.
        self.trace_ids = InternedTexts()
        self.digests = self._mixed = np.empty(0, np.uint64)
        self._texts = Translation(self.texts)
        self._names = Translation(self.texts, lambda name: name if name.strip() else NO_NAME)
        self._trace_ids = Translation(self.trace_ids)
        self.origins: Interned[Origin] = Interned()
        self.opaque: dict[int, str] = {}
        self._facts: dict[bytes, ResourceFacts] = {}
        self._resources: list[ResourceFacts] = []
        self._sources = _NONE
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

    def source_of_origin(self) -> Int32s:
        """The source of each origin so far."""
        new = self.origins.values[len(self._sources) :]
        if new:
            more = np.fromiter((origin.source for origin in new), np.int32, len(new))
            self._sources = np.concatenate([self._sources, more])
        return self._sources

    def processes(self, source: int) -> Collection[tuple[str, int]]:
        """The processes, by host and pid, that wrote the contents of a source."""
        self.resources()
        return self._processes.get(source, ())

    def rows(self, source: int | Bundle | Blocks, parts: Sequence[SpanColumns]) -> list[Record]:
        """The rows of some spans, a record for each of their parts, as `Columns` take them, parents not yet
        found, and `half` and `again`.

        What appears for the first time is numbered in the order of its bytes, in whatever parts it comes.
        """
        places = [_places(source, part) for part in parts]
        placed = [*zip(parts, places, strict=True)]
        _number([use for part, place in placed for use in self._traces_of(part, place)])
        _number([use for part, place in placed for use in self._texts_of(part, place)])
        origins = self._origins([_stretches(source, part, place) for part, place in placed])
        return [self._record(part, origin_id) for part, origin_id in zip(parts, origins, strict=True)]

    def _traces_of(self, part: SpanColumns, place: Int64s) -> Iterator[Use]:
        yield Use(self._trace_ids, part.traces, part.trace, place)
        if part.parent_trace is not None:
            yield Use(self._trace_ids, part.traces, part.parent_trace, place)

    def _texts_of(self, part: SpanColumns, place: Int64s) -> Iterator[Use]:
        yield Use(self._names, part.texts, part.name, place)
        yield Use(self._names, part.texts, part.title, place)
        yield Use(self._texts, part.texts, part.worker, place)

    def _record(self, spans: SpanColumns, origin_id: Int32s) -> Record:
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
            "origin_id": origin_id,
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

    def _origins(self, stretches: Sequence["Stretches"]) -> list[Int32s]:
        """The origins of spans, by part."""
        news = [stretch for each in stretches for stretch in each.placed]
        self.origins.numbers(origin for _, origin in sorted(news, key=itemgetter(0)))
        return [
            np.repeat(self.origins.numbers(origin for _, origin in each.placed), each.lengths)
            for each in stretches
        ]


class Stretches(NamedTuple):
    """Spans of one origin next to each other: the place of the first of each in its source, and that origin.

    They are mostly of one writer: one look-up for many spans.
    """

    placed: Sequence[tuple[int, Origin]]
    lengths: Int64s


def _places(source: int | Bundle | Blocks, spans: SpanColumns) -> Int64s:
    """Where spans stand in the bytes they came in; small blocks follow each other as they came."""
    return np.arange(len(spans)) if isinstance(source, Blocks) else spans.offset


def _stretches(source: int | Bundle | Blocks, spans: SpanColumns, place: Int64s) -> Stretches:
    kinds = [spans.resource, spans.scope]
    if not isinstance(source, int):
        kinds.append(source.of(spans.offset) if isinstance(source, Bundle) else source.by_row())
    changes = np.any([kind[1:] != kind[:-1] for kind in kinds], axis=0)
    begins = np.flatnonzero(np.concatenate([[True], changes]))
    resources, scopes, *more = (kind[begins].tolist() for kind in kinds)
    origins = (
        Origin(number, spans.blobs[resource], spans.blobs[scope])
        for resource, scope, number in zip(
            resources, scopes, more[0] if more else repeat(source), strict=False
        )
    )
    return Stretches([*zip(place[begins].tolist(), origins, strict=True)], np.diff(begins, append=len(spans)))


def _number(uses: Sequence[Use]) -> None:
    """Number what any of them has for the first time, in the order of its bytes."""
    news = [(at, place, number) for place, use in enumerate(uses) for at, number in use.news()]
    known = [use.translation.numbers(use.table) for use in uses]
    for _, place, number in sorted(news):
        if known[place][number] < 0:
            use = uses[place]
            known[place][number] = use.translation.want(use.table.values[number])

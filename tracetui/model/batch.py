"""What a format decodes from a block of bytes: columns of spans, and everything beside them."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from msgspec import Struct, field
from numpy.typing import NDArray

from tracetui import units
from tracetui.model.columns import JUDGED, SHARED, Bytes, Facts, Int32s, SpanColumns
from tracetui.model.interned import Interned
from tracetui.model.kind import Kind
from tracetui.model.numbers.ids import numbers
from tracetui.model.resource_facts import ResourceFacts
from tracetui.model.role import Half, Outcome, Role, StatusCode

MOST_PROBLEMS = 1000
LISTS = (
    *("trace_id", "span_id", "parent_span_id", "name", "start_ns", "end_ns", "status", "facts"),
    *("resource", "scope", "offset", "length", "cpu", "place"),
)
"""The fields of a batch that have one entry a span."""
_PLAIN = tuple(name for name in LISTS if name in SHARED)
_PLACED = ("expected", "workers", "jobs", "elsewhere", "halves")
_MANY = 1 << 14
_NO_ID = "0" * 16


class Problem(NamedTuple):
    """Bytes that could not be decoded: their offset in the source, and the reason.

    `length` is 0 if unknown; `kind` is None if the list says it: rejected or torn; `excerpt` is the first of
    the bytes, if read; `number` is how many such problems there are, of which this is the first.
    """

    offset: int
    reason: str
    length: int = 0
    kind: Kind | None = None
    excerpt: bytes = b""
    number: int = 1


class Problems(list[Problem]):
    """The first problems of a batch; `more` counts those beyond `MOST_PROBLEMS`, which are not kept."""

    def __init__(self) -> None:
        super().__init__()
        self.more = 0

    def append(self, problem: Problem) -> None:
        """Add a problem."""
        if len(self) < MOST_PROBLEMS:
            super().append(problem)
        else:
            self.more += 1

    def take(self, others: "Problems") -> None:
        """Move those of another list here."""
        for problem in others:
            self.append(problem)
        self.more += others.more
        others.clear()
        others.more = 0


Writer = tuple[int, str, str]
"""Pid, host and boot id."""

SILENCE_NS = 15 * units.S
"""A writer elsewhere that has not been heard of for longer than this is gone."""
QUIET_NS = 10 * units.MINUTE
"""Who writes spans only when they end (resmoke) may be silent for so long: a test can take minutes."""


class Heartbeat(NamedTuple):
    """A sign of life of the process that writes a source.

    `boot_id` and `host` say whether `pid` can be looked up on this machine; `dropped_spans` is the writer's
    own count of what it has lost so far, `open_spans` of spans with a start record that have not ended, -1 if
    not given. With `has_ended` it has closed its files, and this is its last. `removed_spans` of the dropped
    ones had been written, to files that were removed: a reader may have seen them.
    """

    time_ns: int
    pid: int
    host: str
    boot_id: str
    dropped_spans: int
    open_spans: int = -1
    has_ended: bool = False
    removed_spans: int = 0

    @property
    def writer(self) -> Writer:
        """The identity of the writer: pid, host and boot id."""
        return self.pid, self.host, self.boot_id


class LogRecord(NamedTuple):
    """The place of a span's log record in its source.

    `time_ns` is its time, if its own bytes do not say. With `linked`, the id of another span of the trace, it
    is no event of its span but a link to that one.
    """

    trace_id: str
    span_id: str
    offset: int
    length: int
    time_ns: int = 0
    linked: str = ""


class SpanBatch(Struct):
    """Spans as parallel lists of one length, and more of them `packed` in arrays.

    Ids are canonical text, times ns since the epoch. `end_ns` is 0 for a span that started and has not ended.
    `parent_span_id` is empty for a root. `offset` and `length` find the span's own bytes in its source;
    `resource` and `scope` are the raw JSON beside it, `facts` what the rules say of it, `cpu` its processor
    time, packed (`model.numbers.processor_time`). By place in the lists, `expected` has how many tests a
    suite said it would run, `workers` on how many, `jobs` what it said itself of its CI job, `elsewhere` the
    trace of a parent in another trace, `halves` which half of a call it is, if both may have one id. `noted`
    are problems that cost no span; each names its kind. `formats` are the names of documents of unusual
    formats.
    """

    trace_id: list[str] = field(default_factory=list)
    span_id: list[str] = field(default_factory=list)
    parent_span_id: list[str] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    start_ns: list[int] = field(default_factory=list)
    end_ns: list[int] = field(default_factory=list)
    status: list[StatusCode] = field(default_factory=list)
    facts: list[Facts] = field(default_factory=list)
    resource: list[bytes] = field(default_factory=list)
    scope: list[bytes] = field(default_factory=list)
    offset: list[int] = field(default_factory=list)
    length: list[int] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    place: list[int] = field(default_factory=list)

    expected: dict[int, int] = field(default_factory=dict)
    workers: dict[int, int] = field(default_factory=dict)
    jobs: dict[int, ResourceFacts] = field(default_factory=dict)
    elsewhere: dict[int, str] = field(default_factory=dict)
    halves: dict[int, Half] = field(default_factory=dict)
    packed: list[SpanColumns] = field(default_factory=list)

    rejected: Problems = field(default_factory=Problems)
    torn: Problems = field(default_factory=Problems)
    noted: Problems = field(default_factory=Problems)
    heartbeats: list[Heartbeat] = field(default_factory=list)
    logs: list[LogRecord] = field(default_factory=list)
    log_records: int = 0
    formats: set[str] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.span_id) + sum(map(len, self.packed))

    @property
    def role(self) -> list[Role]:
        """The roles of the spans in the lists."""
        return [facts.role for facts in self.facts]

    @property
    def outcome(self) -> list[Outcome]:
        """Their outcomes."""
        return [facts.outcome for facts in self.facts]

    @property
    def title(self) -> list[str]:
        """Their titles."""
        return [facts.title for facts in self.facts]

    @property
    def worker(self) -> list[str]:
        """The workers that they name."""
        return [facts.worker for facts in self.facts]

    @property
    def is_heartbeat(self) -> bool:
        """Whether it holds a heartbeat, and nothing else."""
        others = len(self) or self.rejected or self.torn or self.noted or self.log_records
        return bool(self.heartbeats and not others)

    def __bool__(self) -> bool:
        """Whether it holds anything at all, spans or what was beside them."""
        return bool(
            len(self) or self.rejected or self.torn or self.noted or self.heartbeats or self.log_records
        )

    def pack(self) -> None:
        """Move the spans in the lists into arrays; how many tests they expect is dropped."""
        self.packed = self.columns()
        for name in LISTS:
            setattr(self, name, [])
        self.expected, self.elsewhere, self.halves = {}, {}, {}

    def pack_many(self) -> None:
        """The same where that is worth it and loses nothing: a span in the lists takes some 500 bytes."""
        if len(self.span_id) >= _MANY and not (self.expected or self.workers or self.jobs):
            self.pack()

    def take(self, other: "SpanBatch") -> None:
        """Everything of another batch that has no spans in its lists."""
        self.packed += other.packed
        for mine, others in (
            (self.rejected, other.rejected),
            (self.torn, other.torn),
            (self.noted, other.noted),
        ):
            mine.take(others)
        self.logs += other.logs
        self.formats |= other.formats

    def columns(self) -> list[SpanColumns]:
        """All spans as arrays, in parts."""
        return [*self.packed, *([self._listed()] if self.span_id else [])]

    def _listed(self) -> SpanColumns:
        """The spans in the lists, as arrays."""
        traces, texts, blobs = Interned[str](), Interned[str](), Interned[bytes]()
        span_id, opaque = numbers(self.span_id)
        parent_id, opaque_parents = numbers([text or _NO_ID for text in self.parent_span_id])
        trace = traces.numbers(self.trace_id)
        return SpanColumns(
            **{name: np.array(getattr(self, name), SHARED[name]) for name in _PLAIN},
            trace=trace,
            span_id=span_id,
            parent_id=parent_id,
            name=texts.numbers(self.name),
            **self._judged(texts),
            resource=blobs.numbers(self.resource),
            scope=blobs.numbers(self.scope),
            traces=traces,
            texts=texts,
            blobs=blobs.values,
            opaque=opaque | opaque_parents,
            parent_trace=self._parent_traces(trace, traces) if self.elsewhere else None,
            half=self._half() if self.halves else None,
        )

    def _judged(self, texts: Interned[str]) -> dict[str, NDArray[Any]]:
        """The facts as columns; texts are numbers of `texts`."""
        said = dict(zip(Facts._fields, zip(*self.facts, strict=True), strict=True))
        columns = {name: np.array(said[name], SHARED[name]) for name in JUDGED}
        return columns | {name: texts.numbers(said[name]) for name in ("title", "worker")}

    def _parent_traces(self, trace: Int32s, traces: Interned[str]) -> Int32s:
        """For each span of the lists, the number of its parent's trace: its own, unless it is elsewhere."""
        parents = trace.copy()
        parents[list(self.elsewhere)] = traces.numbers(self.elsewhere.values())
        return parents

    def _half(self) -> Bytes:
        half = np.zeros(len(self.span_id), np.uint8)
        half[list(self.halves)] = list(self.halves.values())
        return half


def together(batches: Iterable[SpanBatch]) -> SpanBatch:
    """The spans in the lists of several batches, one after another, and nothing else of them."""
    whole = SpanBatch()
    for batch in batches:
        begin = len(whole.span_id)
        for name in LISTS:
            getattr(whole, name).extend(getattr(batch, name))
        for name in _PLACED:
            by_place = getattr(batch, name)
            getattr(whole, name).update({begin + place: value for place, value in by_place.items()})
    return whole

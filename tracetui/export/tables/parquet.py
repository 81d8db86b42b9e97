"""Parquet: the Collector's table of traces (`otel_traces`), with flat columns about the test run.

Source: `exporter/clickhouseexporter` of opentelemetry-collector-contrib. Not all engines read two of its
types: times are microseconds here, with `...UnixNano` beside them, and durations are signed.

Rows are sorted by name and time. A row group is held until it is full.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from msgspec.structs import replace

from tracetui.analysis.tree.tree import Rows
from tracetui.export.subject import AT_ONCE, Subject
from tracetui.export.tables.flat import FLAT, NUMBERS, Flat
from tracetui.export.values import as_string
from tracetui.model.span import Attributes, Span

MOST_ROWS, MOST_BYTES = 120_000, 32 << 20
"""Of a row group: engines share groups out among their threads, and each is held until it is written."""
_SORTED_BY = (("SpanName", "ascending"), ("Timestamp", "ascending"))

_TEXT, _NUMBER, _TIME = pa.string(), pa.int64(), pa.timestamp("us", tz="UTC")
_MAP = pa.map_(_TEXT, _TEXT)


class Column(NamedTuple):
    """A column of the table, and how to get its value from a full span."""

    name: str
    type: pa.DataType
    value: Callable[[Span], object]


def _clean(text: str) -> str:
    """A text without unpaired surrogates, which UTF-8 cannot encode."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def _map(attributes: Attributes) -> list[tuple[str, str]]:
    return [(_clean(key), _clean(as_string(value))) for key, value in attributes.items()]


def _service(span: Span) -> str:
    return _clean(as_string(span.resource.attributes.get("service.name")))


COLUMNS = (
    Column("Timestamp", _TIME, lambda span: span.start_ns // 1000),
    Column("StartTimeUnixNano", _NUMBER, lambda span: span.start_ns),
    Column("TraceId", _TEXT, lambda span: _clean(span.trace_id)),
    Column("SpanId", _TEXT, lambda span: _clean(span.span_id)),
    Column("ParentSpanId", _TEXT, lambda span: _clean(span.parent_span_id)),
    Column("TraceState", _TEXT, lambda _: ""),
    Column("SpanName", _TEXT, lambda span: _clean(span.name)),
    Column("SpanKind", _TEXT, lambda span: (span.kind or "unspecified").capitalize()),
    Column("ServiceName", _TEXT, _service),
    Column("ResourceAttributes", _MAP, lambda span: _map(span.resource.attributes)),
    Column("ScopeName", _TEXT, lambda span: _clean(span.scope.name)),
    Column("ScopeVersion", _TEXT, lambda span: _clean(span.scope.version)),
    Column("SpanAttributes", _MAP, lambda span: _map(span.attributes)),
    Column("Duration", _NUMBER, lambda span: span.end_ns - span.start_ns),
    Column("StatusCode", _TEXT, lambda span: span.status.code.name.capitalize()),
    Column("StatusMessage", _TEXT, lambda span: _clean(span.status.message)),
    Column("Events.Timestamp", pa.list_(_TIME), lambda span: [each.time_ns // 1000 for each in span.events]),
    Column("Events.TimeUnixNano", pa.list_(_NUMBER), lambda span: [each.time_ns for each in span.events]),
    Column("Events.Name", pa.list_(_TEXT), lambda span: [_clean(each.name) for each in span.events]),
    Column("Events.Attributes", pa.list_(_MAP), lambda span: [_map(each.attributes) for each in span.events]),
    Column("Links.TraceId", pa.list_(_TEXT), lambda span: [_clean(each.trace_id) for each in span.links]),
    Column("Links.SpanId", pa.list_(_TEXT), lambda span: [_clean(each.span_id) for each in span.links]),
    Column("Links.TraceState", pa.list_(_TEXT), lambda span: [""] * len(span.links)),
    Column("Links.Attributes", pa.list_(_MAP), lambda span: [_map(each.attributes) for each in span.links]),
)
_FLAT_TYPES = {name: _NUMBER if name in NUMBERS else _TEXT for name in FLAT}
SCHEMA = pa.schema([*((column.name, column.type) for column in COLUMNS), *_FLAT_TYPES.items()])


class _Sink:
    """The file object for Parquet's writer: holds what was written until it is taken."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._length = 0
        self.closed = False

    def write(self, part: bytes) -> int:
        self._parts.append(bytes(part))
        self._length += len(part)
        return len(part)

    def tell(self) -> int:
        return self._length

    def flush(self) -> None:
        """Do nothing: everything is available already."""

    def close(self) -> None:
        self.closed = True

    def taken(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


def parquet(subject: Subject) -> Iterator[bytes]:
    """The file, in parts: one row group each."""
    subject.note_open()
    sink = _Sink()
    order = pq.SortingColumn.from_ordering(SCHEMA, _SORTED_BY)
    with pq.ParquetWriter(sink, SCHEMA, compression="zstd", sorting_columns=order) as writer:
        for group in _groups(_batches(subject)):
            writer.write_table(group, row_group_size=len(group))
            yield sink.taken()
    yield sink.taken()


def _groups(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.Table]:
    held: list[pa.RecordBatch] = []
    for batch in batches:
        held.append(batch)
        if sum(map(len, held)) >= MOST_ROWS or sum(each.nbytes for each in held) >= MOST_BYTES:
            yield pa.Table.from_batches(held)
            held = []
    if held:
        yield pa.Table.from_batches(held)


def _batches(subject: Subject) -> Iterator[pa.RecordBatch]:
    rows, flat = _in_order(subject), Flat(subject.findings)
    for begin in range(0, len(rows), AT_ONCE):
        some = rows[begin : begin + AT_ONCE].tolist()
        spans = [_ended(subject, row) for row in some]
        arrays = [pa.array([column.value(span) for span in spans], column.type) for column in COLUMNS]
        facts = [flat.of(row) for row in some]
        for name, kind in _FLAT_TYPES.items():
            values = [fact[name] for fact in facts]  # type: ignore[literal-required]
            arrays.append(pa.array(values if name in NUMBERS else map(_clean, values), kind))
        scoped = sum(bool(span.scope.attributes) for span in spans)
        subject.note("span", "without the attributes of its scope", scoped)
        yield pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)
        subject.advance(len(some))


def _in_order(subject: Subject) -> Rows:
    """The rows in byte order of the name, then by time."""
    snapshot, rows = subject.snapshot, subject.rows
    ids, which = np.unique(snapshot.name_id[rows], return_inverse=True)
    names = [_clean(snapshot.texts[each]) for each in ids.tolist()]
    rank = {name: number for number, name in enumerate(sorted(set(names)))}
    ranks = np.array([rank[name] for name in names], np.int64)
    return rows[np.lexsort((snapshot.start_ns[rows], ranks[which.reshape(-1)]))]


def _ended(subject: Subject, row: int) -> Span:
    """A full span, given an end if it had none."""
    span = subject.span_of(subject.snapshot, row)
    return replace(span, end_ns=span.start_ns + int(subject.findings.times.total[row]))

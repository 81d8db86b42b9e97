"""OTLP protobuf to span batches: `TracesData` and `LogsData`, on the wire the same as the requests.

Source: opentelemetry-proto 1.x, `trace.proto` and `logs.proto`; the numbers are those of the fields. Spans
and log records share their envelopes' numbers and are told apart by themselves. One that does not decode is
rejected with its offset.
"""

from tracetui.formats import lifecycle, otlp_values, values
from tracetui.formats.columns import Told, add
from tracetui.formats.ids import parent_id
from tracetui.formats.protobuf import FIXED64, LENGTH, Field, fields
from tracetui.formats.times import clamped
from tracetui.model.batch import Problem, SpanBatch
from tracetui.model.role import StatusCode

_OLD_SCOPES = 1000
"""Before 2022: `instrumentation_library_spans`, of the same shape as `scope_spans`."""


def add_message(batch: SpanBatch, data: bytes, offset: int) -> None:
    """Adds what a `TracesData` or `LogsData` holds; raises `ValueError` where the envelope is none."""
    for field in fields(data, 0, len(data)):
        if field.number == 1 and field.wire_type == LENGTH:
            add_group(batch, data, field.begin, field.end, offset)


def add_group(batch: SpanBatch, data: bytes, begin: int, end: int, offset: int) -> None:
    """Adds what a `ResourceSpans` or `ResourceLogs` within `data` holds; `offset` is that of `data`."""
    parts = [field for field in fields(data, begin, end) if field.wire_type == LENGTH]
    resource = b"".join(data[part.begin : part.end] for part in parts if part.number == 1)
    told = otlp_values.resource_json(resource)
    for part in parts:
        if part.number in (2, _OLD_SCOPES):
            _add_scoped(batch, data, part, told, offset)


def _add_scoped(batch: SpanBatch, data: bytes, scoped: Field, resource: bytes, offset: int) -> None:
    parts = [field for field in fields(data, scoped.begin, scoped.end) if field.wire_type == LENGTH]
    scope = otlp_values.scope_json(
        b"".join(data[part.begin : part.end] for part in parts if part.number == 1)
    )
    for part in parts:
        if part.number == 2:
            where = (offset + part.begin, part.end - part.begin)
            try:
                _add_item(batch, data[part.begin : part.end], resource, scope, where)
            except ValueError as error:
                batch.rejected.append(Problem(where[0], f"bad span or log record: {error}", where[1]))


def _add_item(batch: SpanBatch, data: bytes, resource: bytes, scope: bytes, where: tuple[int, int]) -> None:
    if is_span(data):
        add(batch, _told(data), resource, scope, where)
    else:
        trace_id, span_id = _record_ids(data)
        lifecycle.remember(batch, trace_id, span_id, where)


def is_span(data: bytes) -> bool:
    """Whether a message is a span, which starts with ids; a log record starts with a time or a severity."""
    first = next(fields(data, 0, len(data)), None)
    return first is not None and first.wire_type == LENGTH and first.number in (1, 2)


def _told(data: bytes) -> Told:
    """What the columns need of a span."""
    ids = {1: "", 2: "", 4: ""}
    times = {7: 0, 8: 0}
    name, status = "", StatusCode.UNSET
    hot: dict[str, str] = {}
    for field in fields(data, 0, len(data)):
        number = field.number
        if number == 9 and field.wire_type == LENGTH:
            otlp_values.add_hot(hot, data, field)
        elif number in ids:
            ids[number] = identity(data, field, 16 if number == 1 else 8)
        elif number in times:
            times[number] = time(field)
        elif number == 5:
            name = otlp_values.text(data, field)
        elif number == 15 and field.wire_type == LENGTH:
            status = status_code(data, field)
    return Told(ids[1], ids[2], parent_id(ids[4]), name, times[7], times[8], status, hot)


def identity(data: bytes, field: Field, size: int) -> str:
    """An id as hex; raises `ValueError` for one of another size, but for none at all."""
    if field.wire_type != LENGTH or field.end - field.begin not in (0, size):
        raise ValueError("an id of a wrong size")
    return data[field.begin : field.end].hex()


def time(field: Field) -> int:
    """A time in ns since the epoch."""
    if field.wire_type != FIXED64:
        raise ValueError("a time of a wrong type")
    return clamped(field.begin)


def status_code(data: bytes, status: Field) -> StatusCode:
    """The code in a `Status`."""
    for field in fields(data, status.begin, status.end):
        if field.number == 3:
            return values.status_code(field.begin)
    return StatusCode.UNSET


def _record_ids(data: bytes) -> tuple[str, str]:
    ids = {9: "", 10: ""}
    for field in fields(data, 0, len(data)):
        if field.number in ids:
            ids[field.number] = identity(data, field, 16 if field.number == 9 else 8)
    return ids[9], ids[10]

"""Decodes OTLP protobuf: `TracesData` and `LogsData`, on the wire the same as the requests.

Source: opentelemetry-proto 1.x, `trace.proto` and `logs.proto`; the numbers are those of the fields. Spans
and log records share their envelopes' numbers and are distinguished by their own fields. One that does not
decode is rejected with its offset.
"""

from tracetui.formats.columns import Bytes, Told, add, note_odd
from tracetui.formats.ids import parent_id, span_id, trace_id
from tracetui.formats.otlp import lifecycle, otlp_values, values
from tracetui.formats.otlp.protobuf import FIXED64, LENGTH, VARINT, Field, fields
from tracetui.formats.times import clamped
from tracetui.model.batch import Problem, SpanBatch
from tracetui.model.role import StatusCode

_OLD_SCOPES = 1000
"""Before 2022: `instrumentation_library_spans`, of the same shape as `scope_spans`."""


_ID_SIZES = {1: 16, 2: 8}
_SPAN_FIELDS = {
    1: ("trace_id", LENGTH),
    2: ("span_id", LENGTH),
    4: ("parent_span_id", LENGTH),
    5: ("name", LENGTH),
    7: ("start_time_unix_nano", FIXED64),
    8: ("end_time_unix_nano", FIXED64),
    9: ("attributes", LENGTH),
    15: ("status", LENGTH),
}
"""What the columns need of a span: by number the name and the wire type of a field."""


def add_message(batch: SpanBatch, data: bytes, offset: int) -> None:
    """Add the contents of a `TracesData` or `LogsData`; raises `ValueError` if the envelope is invalid."""
    for field in _parts(batch, data, 0, len(data), (offset, len(data))):
        if field.number == 1:
            try:
                add_group(batch, data, field.begin, field.end, offset)
            except ValueError as error:
                problem = Problem(offset + field.begin, f"bad group: {error}", field.end - field.begin)
                batch.rejected.append(problem)


def add_group(batch: SpanBatch, data: bytes, begin: int, end: int, offset: int) -> None:
    """Add the contents of a `ResourceSpans` or `ResourceLogs` within `data`; `offset` is that of `data`."""
    where = (offset + begin, end - begin)
    parts = _parts(batch, data, begin, end, where)
    resource = b"".join(data[part.begin : part.end] for part in parts if part.number == 1)
    decoded = otlp_values.resource_json(resource)
    note_odd(batch, decoded.odd, where)
    for part in parts:
        if part.number in (2, _OLD_SCOPES):
            try:
                _add_scoped(batch, data, part, decoded.json, offset)
            except ValueError as error:
                problem = Problem(offset + part.begin, f"bad scope: {error}", part.end - part.begin)
                batch.rejected.append(problem)


def _parts(batch: SpanBatch, data: bytes, begin: int, end: int, where: Bytes) -> list[Field]:
    """The fields of an envelope that are messages; those that should be and are not are rejected."""
    all_fields = list(fields(data, begin, end))
    for field in all_fields:
        if field.number in (1, 2, _OLD_SCOPES) and field.wire_type != LENGTH:
            batch.rejected.append(Problem(where[0], f"field {field.number} of a wrong type", where[1]))
    return [field for field in all_fields if field.wire_type == LENGTH]


def _add_scoped(batch: SpanBatch, data: bytes, scoped: Field, resource: bytes, offset: int) -> None:
    where = (offset + scoped.begin, scoped.end - scoped.begin)
    parts = _parts(batch, data, scoped.begin, scoped.end, where)
    scope = otlp_values.scope_json(
        b"".join(data[part.begin : part.end] for part in parts if part.number == 1)
    )
    note_odd(batch, scope.odd, where)
    for part in parts:
        if part.number == 2:
            where = (offset + part.begin, part.end - part.begin)
            add_item(batch, data[part.begin : part.end], resource, scope.json, where)


def add_item(batch: SpanBatch, data: bytes, resource: bytes, scope: bytes, where: Bytes) -> None:
    """Add a span or log record, or reject it; what is around it is OTLP/JSON."""
    try:
        if is_span(data):
            odd: list[str] = []
            add(batch, _told(data, odd), resource, scope, where)
            note_odd(batch, odd, where)
        else:
            trace, span = _record_ids(data)
            lifecycle.remember(batch, trace, span, where)
    except ValueError as error:
        batch.rejected.append(Problem(where[0], f"bad span or log record: {error}", where[1]))


def is_span(data: bytes) -> bool:
    """Whether a message is a span: it starts with ids, or has times where log records and metrics have none.

    Raises `ValueError` for what is neither a span nor a log record.
    """
    message_fields = fields(data, 0, len(data))
    first = next(message_fields, None)
    starts_with_text = first is not None and first.wire_type == LENGTH and first.number in _ID_SIZES
    if first and starts_with_text and first.end - first.begin in (0, _ID_SIZES[first.number]):
        return True
    if any(field.wire_type == FIXED64 and field.number in (7, 8) for field in message_fields):
        return True
    if starts_with_text:
        raise ValueError("neither a span nor a log record")
    return False


def _told(data: bytes, odd: list[str]) -> Told:
    """What the columns need of a span; fields of a wrong type are named in `odd`."""
    by_number: dict[int, Field] = {}
    hot: dict[str, str] = {}
    for field in fields(data, 0, len(data)):
        name, wire_type = _SPAN_FIELDS.get(field.number, ("", field.wire_type))
        if field.wire_type != wire_type:
            odd.append(name)
        elif field.number == 9:
            _add_hot(hot, data, field, odd)
        else:
            by_number[field.number] = field
    return Told(
        trace_id(identity(data, by_number.get(1))),
        span_id(identity(data, by_number.get(2))),
        parent_id(identity(data, by_number.get(4))),
        otlp_values.text(data, by_number[5]) if 5 in by_number else "",
        time(by_number.get(7)),
        time(by_number.get(8)),
        status_code(data, by_number[15], odd) if 15 in by_number else StatusCode.UNSET,
        hot,
    )


def _add_hot(hot: dict[str, str], data: bytes, pair: Field, odd: list[str]) -> None:
    try:
        otlp_values.add_hot(hot, data, pair)
    except ValueError:
        odd.append("attributes")


def identity(data: bytes, field: Field | None) -> str:
    """An id as hex, of whatever length; empty if there is none."""
    return data[field.begin : field.end].hex() if field and field.wire_type == LENGTH else ""


def time(field: Field | None) -> int:
    """A time in ns since the epoch; 0 if there is none."""
    return clamped(field.begin) if field and field.wire_type == FIXED64 else 0


def status_code(data: bytes, status: Field, odd: list[str]) -> StatusCode:
    """The code in a `Status`; what is damaged in it is named in `odd`."""
    try:
        codes = [field for field in fields(data, status.begin, status.end) if field.number == 3]
    except ValueError:
        codes = []
        odd.append("status")
    code = codes[-1] if codes else None
    if code and code.wire_type != VARINT:
        odd.append("status.code")
    return values.status_code(code.begin) if code and code.wire_type == VARINT else StatusCode.UNSET


def _record_ids(data: bytes) -> tuple[str, str]:
    by_number = {field.number: field for field in fields(data, 0, len(data))}
    return trace_id(identity(data, by_number.get(9))), span_id(identity(data, by_number.get(10)))

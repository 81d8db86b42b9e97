"""Decodes one OTLP protobuf message to the whole span, or to the event that a log record is."""

from collections.abc import Iterable

from tracetui.formats.ids import parent_id, span_id, trace_id
from tracetui.formats.otlp import otlp_values, values
from tracetui.formats.otlp.log_record import Record
from tracetui.formats.otlp.otlp_proto import identity, is_span, status_code, time
from tracetui.formats.otlp.protobuf import FIXED32, FIXED64, LENGTH, VARINT, Field, fields
from tracetui.model.span import AttributeValue, Dropped, Event, Link, Resource, Scope, Span, Status

_DAMAGED = "… (damaged)"


def decode_span(data: bytes, resource: Resource, scope: Scope) -> Span:
    """The span in `data`; raises `ValueError` if it is none."""
    if not is_span(data):
        raise ValueError("neither ids nor name")
    message = _by_number(fields(data, 0, len(data)))
    return Span(
        trace_id=trace_id(_id(data, message, 1)),
        span_id=span_id(_id(data, message, 2)),
        parent_span_id=parent_id(_id(data, message, 4)),
        name=_text(data, message, 5),
        kind=values.kind(_number(message, 6)),
        start_ns=time(_last(message, 7, FIXED64)),
        end_ns=time(_last(message, 8, FIXED64)),
        status=_status(data, message),
        attributes=_attributes(data, message.get(9, [])),
        events=tuple(_event(data, field) for field in message.get(11, [])),
        links=tuple(_link(data, field) for field in message.get(13, [])),
        resource=resource,
        scope=scope,
        trace_state=_text(data, message, 3),
        flags=_number(message, 16, FIXED32),
        dropped=Dropped(_number(message, 10), _number(message, 12), _number(message, 14)),
    )


def decode_record(data: bytes) -> Record:
    """The log record in `data`; raises `ValueError` if it is none."""
    message = _by_number(fields(data, 0, len(data)))
    moment = time(_last(message, 1, FIXED64)) or time(_last(message, 11, FIXED64))
    body = _last(message, 5, LENGTH)
    return Record(
        moment,
        _text(data, message, 12),
        _text(data, message, 3),
        otlp_values.any_value(data, body) if body else None,
        _attributes(data, message.get(6, [])),
    )


def _by_number(parts: Iterable[Field]) -> dict[int, list[Field]]:
    grouped: dict[int, list[Field]] = {}
    for field in parts:
        grouped.setdefault(field.number, []).append(field)
    return grouped


def _last(message: dict[int, list[Field]], number: int, wire_type: int) -> Field | None:
    """The last field of a number that has the right type: it counts."""
    return next((field for field in reversed(message.get(number, [])) if field.wire_type == wire_type), None)


def _id(data: bytes, message: dict[int, list[Field]], number: int) -> str:
    return identity(data, _last(message, number, LENGTH))


def _text(data: bytes, message: dict[int, list[Field]], number: int) -> str:
    field = _last(message, number, LENGTH)
    return otlp_values.text(data, field) if field else ""


def _number(message: dict[int, list[Field]], number: int, wire_type: int = VARINT) -> int:
    field = _last(message, number, wire_type)
    return field.begin if field else 0


def _attributes(data: bytes, pairs: Iterable[Field]) -> dict[str, AttributeValue]:
    attributes: dict[str, AttributeValue] = {}
    for pair in pairs:
        try:
            otlp_values.add_pair(attributes, data, pair)
        except ValueError:
            attributes[_DAMAGED] = None
    return attributes


def _status(data: bytes, span: dict[int, list[Field]]) -> Status:
    status = _last(span, 15, LENGTH)
    if status is None:
        return Status()
    code = status_code(data, status, [])
    try:
        return Status(code, _text(data, _by_number(fields(data, status.begin, status.end)), 2))
    except ValueError:
        return Status(code, _DAMAGED)


def _event(data: bytes, event: Field) -> Event:
    try:
        message = _message(data, event)
        name, attributes = _text(data, message, 2), _attributes(data, message.get(3, []))
        return Event(time(_last(message, 1, FIXED64)), name, attributes, _number(message, 4))
    except ValueError:
        return Event(0, _DAMAGED, {})


def _link(data: bytes, link: Field) -> Link:
    try:
        message = _message(data, link)
        ids = trace_id(_id(data, message, 1)), span_id(_id(data, message, 2))
        attributes, flags = _attributes(data, message.get(4, [])), _number(message, 6, FIXED32)
        return Link(*ids, attributes, _text(data, message, 3), flags, _number(message, 5))
    except ValueError:
        return Link("", "", {_DAMAGED: None})


def _message(data: bytes, field: Field) -> dict[int, list[Field]]:
    if field.wire_type != LENGTH:
        raise ValueError(f"field {field.number} is not a message")
    return _by_number(fields(data, field.begin, field.end))

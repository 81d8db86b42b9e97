"""One OTLP protobuf message to the whole span, or to the event that a log record is."""

from collections.abc import Iterable

from tracetui.formats import otlp_values, values
from tracetui.formats.ids import parent_id
from tracetui.formats.log_record import Record
from tracetui.formats.otlp_proto import identity, is_span, status_code, time
from tracetui.formats.protobuf import LENGTH, Field, fields
from tracetui.model.span import AttributeValue, Event, Link, Resource, Scope, Span, Status

_DROPPED = (10, 12, 14)
_DAMAGED = "… (damaged)"


def decode_span(data: bytes, resource: Resource, scope: Scope) -> Span:
    """The span that `data` is; raises `ValueError` where it is none."""
    if not is_span(data):
        raise ValueError("neither ids nor name")
    told = _by_number(fields(data, 0, len(data)))
    start, end = (time(told[number][-1]) if number in told else 0 for number in (7, 8))
    return Span(
        trace_id=_id(data, told, 1, 16),
        span_id=_id(data, told, 2, 8),
        parent_span_id=parent_id(_id(data, told, 4, 8)),
        name=_text(data, told, 5),
        kind=values.kind(told[6][-1].begin if 6 in told else 0),
        start_ns=start,
        end_ns=end,
        status=_status(data, told.get(15, [])),
        attributes=_attributes(data, told.get(9, [])),
        events=tuple(_event(data, field) for field in told.get(11, [])),
        links=tuple(_link(data, field) for field in told.get(13, [])),
        resource=resource,
        scope=scope,
        dropped=sum(told[number][-1].begin for number in _DROPPED if number in told),
    )


def decode_record(data: bytes) -> Record:
    """The log record that `data` is; raises `ValueError` where it is none."""
    told = _by_number(fields(data, 0, len(data)))
    moment = next((time(told[number][-1]) for number in (1, 11) if number in told), 0)
    body = otlp_values.any_value(data, told[5][-1]) if 5 in told else None
    return Record(
        moment, _text(data, told, 12), _text(data, told, 3), body, _attributes(data, told.get(6, []))
    )


def _by_number(found: Iterable[Field]) -> dict[int, list[Field]]:
    told: dict[int, list[Field]] = {}
    for field in found:
        told.setdefault(field.number, []).append(field)
    return told


def _id(data: bytes, told: dict[int, list[Field]], number: int, size: int) -> str:
    return identity(data, told[number][-1], size) if number in told else ""


def _text(data: bytes, told: dict[int, list[Field]], number: int) -> str:
    return otlp_values.text(data, told[number][-1]) if number in told else ""


def _attributes(data: bytes, pairs: Iterable[Field]) -> dict[str, AttributeValue]:
    found: dict[str, AttributeValue] = {}
    for pair in pairs:
        try:
            otlp_values.add_pair(found, data, pair)
        except ValueError:
            found[_DAMAGED] = None
    return found


def _status(data: bytes, statuses: list[Field]) -> Status:
    if not statuses or statuses[-1].wire_type != LENGTH:
        return Status()
    try:
        told = _by_number(fields(data, statuses[-1].begin, statuses[-1].end))
        return Status(status_code(data, statuses[-1]), _text(data, told, 2))
    except ValueError:
        return Status(status_code(data, statuses[-1]), _DAMAGED)


def _event(data: bytes, event: Field) -> Event:
    try:
        told = _message(data, event)
        moment = time(told[1][-1]) if 1 in told else 0
        return Event(moment, _text(data, told, 2), _attributes(data, told.get(3, [])))
    except ValueError:
        return Event(0, _DAMAGED, {})


def _link(data: bytes, link: Field) -> Link:
    try:
        told = _message(data, link)
        return Link(_id(data, told, 1, 16), _id(data, told, 2, 8), _attributes(data, told.get(4, [])))
    except ValueError:
        return Link("", "", {_DAMAGED: None})


def _message(data: bytes, field: Field) -> dict[int, list[Field]]:
    if field.wire_type != LENGTH:
        raise ValueError(f"field {field.number} is no message")
    return _by_number(fields(data, field.begin, field.end))

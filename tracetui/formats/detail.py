"""One span's bytes to the whole span, when someone looks at it."""

from typing import Any

import orjson

from tracetui.errors import DecodeError
from tracetui.formats import lifecycle, values
from tracetui.model.span import Event, Link, Resource, Scope, Span, Status


def decode_span(data: bytes, resource: bytes, scope: bytes) -> Span:
    """The span that `data` describes (OTLP/JSON of it or of its start record), with its resource and scope.

    Raises `DecodeError` where `data` is no JSON object any more.
    """
    fields = _object(data)
    if not fields:
        raise DecodeError(0, "no span")
    if "eventName" in fields:
        fields = _started(fields)
    status = fields.get("status") or {}
    return Span(
        trace_id=values.trace_id(fields.get("traceId")),
        span_id=values.span_id(fields.get("spanId")),
        parent_span_id=values.parent_id(fields.get("parentSpanId")),
        name=fields.get("name") or "",
        kind=values.kind(fields.get("kind")),
        start_ns=values.nanoseconds(fields.get("startTimeUnixNano")),
        end_ns=values.nanoseconds(fields.get("endTimeUnixNano")),
        status=Status(values.status_code(status.get("code")), _text(status.get("message"))),
        attributes=values.attributes(fields.get("attributes")),
        events=tuple(_event(event) for event in _objects(fields.get("events"))),
        links=tuple(_link(link) for link in _objects(fields.get("links"))),
        resource=Resource(values.attributes(_object(resource).get("attributes"))),
        scope=_scope(_object(scope)),
        dropped=sum(_count(fields.get(f"dropped{what}Count")) for what in ("Attributes", "Events", "Links")),
    )


def _object(data: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(data or b"{}")
    except orjson.JSONDecodeError:
        value = _mended(data)
    return value if isinstance(value, dict) else {}


def _mended(data: bytes) -> Any:
    """What JSON forbids and reading let pass in parts that it did not look at: bad UTF-8, half surrogates."""
    mended = values.without_half_surrogates(data).decode("utf-8", "replace")
    try:
        return orjson.loads(mended)
    except orjson.JSONDecodeError:
        return None


def _objects(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _started(record: dict[str, Any]) -> dict[str, Any]:
    told = values.attributes(record.get("attributes"))
    private = (lifecycle.NAME, lifecycle.PARENT_SPAN_ID, lifecycle.START_TIME)
    return {
        "traceId": record.get("traceId"),
        "spanId": record.get("spanId"),
        "name": _text(told.get(lifecycle.NAME)),
        "parentSpanId": _text(told.get(lifecycle.PARENT_SPAN_ID)),
        "startTimeUnixNano": _time(told.get(lifecycle.START_TIME)) or record.get("timeUnixNano"),
        "attributes": [pair for pair in _objects(record.get("attributes")) if pair.get("key") not in private],
    }


def _event(fields: dict[str, Any]) -> Event:
    return Event(
        _time(fields.get("timeUnixNano")),
        _text(fields.get("name")),
        values.attributes(fields.get("attributes")),
    )


def _link(fields: dict[str, Any]) -> Link:
    return Link(
        values.trace_id(_text(fields.get("traceId"))),
        values.span_id(_text(fields.get("spanId"))),
        values.attributes(fields.get("attributes")),
    )


def _scope(fields: dict[str, Any]) -> Scope:
    attributes = values.attributes(fields.get("attributes"))
    return Scope(_text(fields.get("name")), _text(fields.get("version")), attributes)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _time(value: Any) -> int:
    """A time that reading did not look at: 0 where it is none."""
    try:
        return values.nanoseconds(value)
    except (TypeError, ValueError):
        return 0


def _count(value: Any) -> int:
    return value if isinstance(value, int) else 0

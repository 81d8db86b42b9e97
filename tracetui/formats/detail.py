"""Decodes one span's bytes to the whole span, when someone looks at it."""

import json
from typing import Any

import orjson
from msgspec.structs import replace

from tracetui.errors import DecodeError
from tracetui.formats import chrome
from tracetui.formats.framing.expansion_limit import SWELLS, swells
from tracetui.formats.ids import parent_id, span_id, trace_id
from tracetui.formats.others import other_json
from tracetui.formats.otlp import lifecycle, proto_detail, snake, values
from tracetui.formats.otlp.log_record import Record, as_event
from tracetui.formats.results import go_detail, junit_detail
from tracetui.formats.results.go_test import SCOPE as GO_TEST
from tracetui.formats.results.junit_document import SCOPES as JUNIT
from tracetui.formats.streaming.lean_span import lean
from tracetui.formats.times import end_time, event_time, start_time
from tracetui.model.span import Dropped, Event, Link, Resource, Scope, Span, Status

_JUNIT = {scope: encoding for encoding, scope in JUNIT.items()}


def decode_span(data: bytes, resource: bytes, scope: bytes) -> Span:
    """The span in `data`, of whatever format, with its resource and scope (OTLP/JSON, always).

    Raises `DecodeError` if `data` is no span any more.
    """
    origin, instrumentation = _resource(_object(resource)), _scope(_object(scope))
    try:
        encoding = _JUNIT.get(scope)
        if encoding:
            return junit_detail.decode_span(data, origin, instrumentation, encoding)
        if scope == GO_TEST:
            return go_detail.decode_span(data, origin, instrumentation)
        if data.startswith(b"{"):
            return _json_span(data, origin, instrumentation)
        return proto_detail.decode_span(data, origin, instrumentation)
    except ValueError as error:
        raise DecodeError(0, f"no span: {error}") from error


def _json_span(data: bytes, origin: Resource, instrumentation: Scope) -> Span:
    if not swells(data):
        return _span(_object(data), origin, instrumentation)
    span = _span(_object(lean(memoryview(data))), origin, instrumentation)
    return replace(span, events=(Event(0, f"events, links and some attributes are left out: {SWELLS}", {}),))


def _span(fields: dict[str, Any], origin: Resource, instrumentation: Scope) -> Span:
    if not fields:
        raise ValueError("no JSON object")
    other = other_json.decode_span(fields, origin, instrumentation)
    if other:
        return other
    fields = snake.camel(fields) if "span_id" in fields else fields
    if "eventName" in fields:
        fields = _started(fields)
    (status,) = _objects([fields.get("status")]) or [{}]
    return Span(
        trace_id=trace_id(fields.get("traceId")),
        span_id=span_id(fields.get("spanId")),
        parent_span_id=parent_id(fields.get("parentSpanId")),
        name=_text(fields.get("name")),
        kind=values.kind(fields.get("kind")),
        start_ns=start_time(fields.get("startTimeUnixNano")),
        end_ns=end_time(fields.get("endTimeUnixNano")),
        status=Status(values.status_code(status.get("code")), _text(status.get("message"))),
        attributes=values.attributes(fields.get("attributes")),
        events=tuple(_event(event) for event in _objects(fields.get("events"))),
        links=tuple(_link(link) for link in _objects(fields.get("links"))),
        resource=origin,
        scope=instrumentation,
        trace_state=_text(fields.get("traceState")),
        flags=_count(fields.get("flags")),
        dropped=Dropped(*(_dropped(fields, what) for what in ("Attributes", "Events", "Links"))),
    )


def decode_log(data: bytes) -> Event:
    """The log record in `data`, as an event; raises `DecodeError` if it is none."""
    try:
        if not data.startswith(b"{"):
            return as_event(proto_detail.decode_record(data))
        fields = _object(data)
        return chrome.decode_event(fields) if "ph" in fields else as_event(_json_record(fields))
    except ValueError as error:
        raise DecodeError(0, f"no log record: {error}") from error


def _json_record(fields: dict[str, Any]) -> Record:
    if not fields:
        raise ValueError("no JSON object")
    return Record(
        event_time(fields.get("timeUnixNano")) or event_time(fields.get("observedTimeUnixNano")),
        _text(fields.get("eventName")),
        _text(fields.get("severityText")),
        values.any_value(fields.get("body")),
        values.attributes(fields.get("attributes")),
    )


def _object(data: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(data or b"{}")
    except orjson.JSONDecodeError:
        value = _mended(data)
    return value if isinstance(value, dict) else {}


def _mended(data: bytes) -> Any:
    """Decode what JSON forbids and reading accepted: bad UTF-8, half surrogates, NaN."""
    mended = values.without_half_surrogates(data).decode("utf-8", "replace")
    try:
        return json.loads(mended)  # Which knows NaN and Infinity.
    except (ValueError, RecursionError):
        return None


def _objects(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _started(record: dict[str, Any]) -> dict[str, Any]:
    attributes = values.attributes(record.get("attributes"))
    private = (lifecycle.NAME, lifecycle.PARENT_SPAN_ID, lifecycle.START_TIME)
    return {
        "traceId": record.get("traceId"),
        "spanId": record.get("spanId"),
        "name": values.plain_text(attributes.get(lifecycle.NAME)),
        "parentSpanId": values.plain_text(attributes.get(lifecycle.PARENT_SPAN_ID)),
        "startTimeUnixNano": values.plain_text(attributes.get(lifecycle.START_TIME))
        or record.get("timeUnixNano"),
        "attributes": [pair for pair in _objects(record.get("attributes")) if pair.get("key") not in private],
    }


def _event(fields: dict[str, Any]) -> Event:
    return Event(
        event_time(fields.get("timeUnixNano")),
        _text(fields.get("name")),
        values.attributes(fields.get("attributes")),
        _dropped(fields),
    )


def _link(fields: dict[str, Any]) -> Link:
    return Link(
        trace_id(fields.get("traceId")),
        span_id(fields.get("spanId")),
        values.attributes(fields.get("attributes")),
        _text(fields.get("traceState")),
        _count(fields.get("flags")),
        _dropped(fields),
    )


def _resource(fields: dict[str, Any]) -> Resource:
    return Resource(values.attributes(fields.get("attributes")), _dropped(fields))


def _scope(fields: dict[str, Any]) -> Scope:
    attributes = values.attributes(fields.get("attributes"))
    return Scope(_text(fields.get("name")), _text(fields.get("version")), attributes, _dropped(fields))


def _dropped(fields: dict[str, Any], what: str = "Attributes") -> int:
    return _count(fields.get(f"dropped{what}Count"))


def _text(value: Any) -> str:
    """A text; one of a wrong type was left out."""
    return value if isinstance(value, str) else ""


def _count(value: Any) -> int:
    is_number = type(value) is int or (isinstance(value, str) and value.isascii() and value.isdigit())
    return int(value) if is_number else 0

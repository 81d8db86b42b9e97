"""The output of Python's `ConsoleSpanExporter`: a JSON object a span, indented, back to back or in an array.

Source: `ReadableSpan.to_json` of opentelemetry-sdk 1.0 to 1.45. Ids are `0x` and hex, times ISO 8601 in
microseconds, attributes plain JSON; the scope is not written. Old versions wrote a resource's attributes
without an object around them.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Raw, Struct

from tracetui.formats import plain, values
from tracetui.formats.columns import Bytes, Told, add
from tracetui.model.batch import SpanBatch
from tracetui.model.span import Event, Link, Resource, Scope, Span, Status

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class _Context(Struct):
    trace_id: str
    span_id: str


class _Status(Struct):
    status_code: str = ""
    description: str | None = None


class _Event(Struct):
    name: str = ""
    timestamp: str | None = None
    attributes: dict[str, Any] | None = None


class _Link(Struct):
    context: _Context
    attributes: dict[str, Any] | None = None


class _Span(Struct):
    context: _Context
    name: str = ""
    kind: str = ""
    parent_id: str | None = None
    start_time: str | None = None
    end_time: str | None = None
    status: _Status = msgspec.field(default_factory=_Status)
    attributes: dict[str, Any] | None = None
    events: list[_Event] | None = None
    links: list[_Link] | None = None


class _Written(_Span):
    resource: Raw = Raw()


_written = msgspec.json.Decoder(_Written)


def add_span(batch: SpanBatch, text: bytes, where: Bytes) -> None:
    """Adds the span that `text` is; raises `ValueError` where it is none."""
    span = _written.decode(text)
    told = Told(
        values.trace_id(_id(span.context.trace_id)),
        values.span_id(_id(span.context.span_id)),
        values.parent_id(_id(span.parent_id)),
        span.name,
        _time(span.start_time),
        _time(span.end_time),
        values.status_code(f"STATUS_CODE_{span.status.status_code}"),
        plain.hot(span.attributes or {}),
    )
    for event in span.events or ():
        _time(event.timestamp)
    add(batch, told, _resource(bytes(span.resource)), b"", where)


def decode_span(fields: dict[str, Any], resource: Resource, scope: Scope) -> Span:
    """The whole span; raises `ValueError` where `fields` is none."""
    span = msgspec.convert(fields, _Span)
    return Span(
        trace_id=values.trace_id(_id(span.context.trace_id)),
        span_id=values.span_id(_id(span.context.span_id)),
        parent_span_id=values.parent_id(_id(span.parent_id)),
        name=span.name,
        kind=span.kind.removeprefix("SpanKind.").lower(),
        start_ns=_time(span.start_time),
        end_ns=_time(span.end_time),
        status=Status(
            values.status_code(f"STATUS_CODE_{span.status.status_code}"), span.status.description or ""
        ),
        attributes=plain.shown(span.attributes),
        events=tuple(
            Event(_time(event.timestamp), event.name, plain.shown(event.attributes))
            for event in span.events or ()
        ),
        links=tuple(
            Link(_id(link.context.trace_id), _id(link.context.span_id), plain.shown(link.attributes))
            for link in span.links or ()
        ),
        resource=resource,
        scope=scope,
        dropped=0,
    )


@lru_cache(maxsize=1024)
def _resource(raw: bytes) -> bytes:
    if not raw:
        return b""
    told = msgspec.json.decode(raw, type=dict[str, Any] | None) or {}
    attributes = told.get("attributes", told)
    return plain.resource(attributes) if isinstance(attributes, dict) else b""


def _id(text: str | None) -> str:
    return (text or "").removeprefix("0x")


def _time(text: str | None) -> int:
    """Nanoseconds since the epoch; raises `ValueError` for what is no time after it."""
    if not text:
        return 0
    moment = datetime.fromisoformat(text)
    since = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH
    return values.nanoseconds(since // timedelta(microseconds=1) * 1000)

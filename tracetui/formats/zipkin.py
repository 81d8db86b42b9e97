"""Zipkin v2 JSON: a list of spans, or a list of such lists, as its API and exporters write them.

Source: the Zipkin v2 API and OpenTelemetry's "Zipkin exporter" mapping. Times are microseconds and tags text;
a tag `error` is a failure, `otel.status_code` and `otel.scope.name` are OpenTelemetry's own.
"""

from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Raw, Struct

from tracetui.formats import plain, values
from tracetui.formats.columns import Bytes, Told, add
from tracetui.model.batch import SpanBatch
from tracetui.model.role import StatusCode
from tracetui.model.span import Event, Resource, Scope, Span, Status


class _Annotation(Struct):
    timestamp: int = 0
    value: str = ""


class _Span(Struct, rename="camel"):
    trace_id: str
    id: str
    parent_id: str | None = None
    name: str | None = None
    kind: str | None = None
    timestamp: int = 0
    duration: int = 0
    tags: dict[str, str] | None = None
    annotations: list[_Annotation] | None = None


class _Written(_Span, rename="camel"):
    local_endpoint: Raw = Raw()


_written = msgspec.json.Decoder(_Written)


def add_span(batch: SpanBatch, text: bytes, where: Bytes) -> None:
    """Adds the span that `text` is; raises `ValueError` where it is none."""
    span = _written.decode(text)
    tags = span.tags or {}
    start, end = _times(span)
    parent = values.parent_id(_padded(span.parent_id, 16))
    told = Told(*_ids(span), parent, span.name or "", start, end, _status(tags), plain.hot(tags))
    scope = _scope(tags.get("otel.scope.name") or tags.get("otel.library.name") or "")
    add(batch, told, _resource(bytes(span.local_endpoint)), scope, where)


def decode_span(fields: dict[str, Any], resource: Resource, scope: Scope) -> Span:
    """The whole span; raises `ValueError` where `fields` is none."""
    span = msgspec.convert(fields, _Span)
    trace_id, span_id = _ids(span)
    start, end = _times(span)
    tags = span.tags or {}
    return Span(
        trace_id=trace_id,
        span_id=span_id,
        parent_span_id=values.parent_id(_padded(span.parent_id, 16)),
        name=span.name or "",
        kind=(span.kind or "internal").lower(),
        start_ns=start,
        end_ns=end,
        status=Status(_status(tags), tags.get("error", "")),
        attributes=plain.shown(tags),
        events=tuple(Event(note.timestamp * 1000, note.value, {}) for note in span.annotations or ()),
        links=(),
        resource=resource,
        scope=scope,
        dropped=0,
    )


def _ids(span: _Span) -> tuple[str, str]:
    return values.trace_id(_padded(span.trace_id, 32)), values.span_id(_padded(span.id, 16))


def _padded(text: str | None, digits: int) -> str:
    """Zipkin's trace ids may be of 64 bits, OpenTelemetry's never are."""
    return text.rjust(digits, "0") if text else ""


def _times(span: _Span) -> tuple[int, int]:
    start = values.clamped(span.timestamp * 1000)
    return start, values.end_time((span.timestamp + span.duration) * 1000)


def _status(tags: dict[str, str]) -> StatusCode:
    if "error" in tags and tags["error"] != "false":
        return StatusCode.ERROR
    return values.status_code(f"STATUS_CODE_{tags.get('otel.status_code', '')}")


@lru_cache(maxsize=1024)
def _resource(raw: bytes) -> bytes:
    endpoint = msgspec.json.decode(raw, type=dict[str, Any] | None) if raw else None
    return plain.resource(
        {"service.name": endpoint["serviceName"]} if endpoint and "serviceName" in endpoint else {}
    )


@lru_cache(maxsize=1024)
def _scope(name: str) -> bytes:
    return plain.scope(name)

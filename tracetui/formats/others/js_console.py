"""Spans of OpenTelemetry JavaScript's console exporter, written as JSON: one a line, indented or in an array.

Source: `ConsoleSpanExporter._exportInfo` of sdk-trace-base 1.x and 2.x. Times are microseconds, attributes
plain JSON, kinds and status codes numbers; a parent is an id (1.x) or a context (2.x).
"""

from typing import Any

from msgspec import Struct

from tracetui.formats.framing.lenient import Lenient
from tracetui.formats.ids import parent_id, span_id, trace_id
from tracetui.formats.others import plain
from tracetui.formats.others.foreign import Foreign, Writer
from tracetui.formats.otlp import values
from tracetui.formats.times import end_after, event_time, start_time
from tracetui.model.span import Event, Status

_US = 1000
_KINDS = ("internal", "server", "client", "producer", "consumer")


class _Context(Struct, rename="camel"):
    span_id: Any = None


class _Status(Struct):
    code: int | str | None = None
    message: str | None = None


class _Scope(Struct):
    name: str | None = None
    version: str | None = None


class _Resource(Struct):
    attributes: dict[str, Any] | None = None


class _Event(Struct):
    name: str | None = None
    time: Any = None
    attributes: dict[str, Any] | None = None


class JsSpan(Struct, rename="camel"):
    """One span."""

    trace_id: Any = None
    id: Any = None
    parent_id: Any = None
    parent_span_context: _Context | None = None
    name: str | None = None
    kind: int | None = None
    timestamp: Any = None
    duration: Any = None
    attributes: dict[str, Any] | None = None
    status: _Status | None = None
    events: list[_Event] | None = None
    resource: _Resource | None = None
    instrumentation_scope: _Scope | None = None


def told(span: JsSpan) -> Foreign:
    """The span in the common form."""
    start, status, scope = (
        start_time(span.timestamp, _US),
        span.status or _Status(),
        span.instrumentation_scope,
    )
    above = span.parent_span_context
    return Foreign(
        trace_id(span.trace_id),
        span_id(span.id),
        parent_id(above.span_id if above else span.parent_id),
        span.name or "",
        start,
        end_after(start, span.duration, _US),
        Status(values.status_code(status.code), status.message or ""),
        span.attributes or {},
        kind=_kind(span.kind),
        resource=plain.resource((span.resource and span.resource.attributes) or {}),
        scope=plain.scope(scope.name or "", scope.version or "") if scope else b"",
        events=(_event(event) for event in span.events or ()),
    )


def _kind(number: int | None) -> str:
    return _KINDS[number] if number is not None and 0 <= number < len(_KINDS) else "internal"


def _event(event: _Event) -> Event:
    """Its time is seconds and nanoseconds."""
    time = event.time if isinstance(event.time, list) else []
    whole = all(type(part) is int for part in time) and len(time) == 2
    time_ns = event_time(time[0] * 1_000_000_000 + time[1]) if whole else 0
    return Event(time_ns, event.name or "", plain.shown(event.attributes))


WRITER = Writer("console spans", Lenient(JsSpan), told)

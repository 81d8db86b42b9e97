"""The output of OpenTelemetry Go's `stdouttrace` exporter: a JSON object a span, one a line or indented.

Source: `exporters/stdout/stdouttrace` and `tracetest.SpanStub` of opentelemetry-go 1.x. Ids are hex,
a parent of zeros is none, times RFC 3339; attributes are pairs of a key and a typed value.
"""

from typing import Any

import msgspec
from msgspec import Struct

from tracetui.formats.framing.lenient import Lenient
from tracetui.formats.ids import parent_id, span_id, trace_id
from tracetui.formats.others import plain
from tracetui.formats.others.foreign import Foreign, Writer
from tracetui.formats.otlp import values
from tracetui.formats.times import end_time, event_time, start_time
from tracetui.model.span import Event, Link, Status


class _Value(Struct, rename="pascal"):
    value: Any = None


class _Pair(Struct, rename="pascal"):
    key: str = ""
    value: _Value | None = None


class _Context(Struct):
    trace_id: Any = msgspec.field(name="TraceID", default=None)
    span_id: Any = msgspec.field(name="SpanID", default=None)


class _Status(Struct, rename="pascal"):
    code: str | int | None = None
    description: str | None = None


class _Event(Struct, rename="pascal"):
    name: str | None = None
    attributes: list[_Pair] | None = None
    time: Any = None


class _Link(Struct, rename="pascal"):
    span_context: _Context = msgspec.field(default_factory=_Context)
    attributes: list[_Pair] | None = None


class _Scope(Struct, rename="pascal"):
    name: str | None = None
    version: str | None = None


class GoSpan(Struct, rename="pascal"):
    """One span."""

    span_context: _Context = msgspec.field(default_factory=_Context)
    parent: _Context = msgspec.field(default_factory=_Context)
    name: str | None = None
    span_kind: int | str | None = None
    start_time: Any = None
    end_time: Any = None
    attributes: list[_Pair] | None = None
    events: list[_Event] | None = None
    links: list[_Link] | None = None
    status: _Status | None = None
    resource: list[_Pair] | None = None
    instrumentation_scope: _Scope | None = None
    instrumentation_library: _Scope | None = None


def told(span: GoSpan) -> Foreign:
    """The span in the common form."""
    status = span.status or _Status()
    scope = span.instrumentation_scope or span.instrumentation_library or _Scope()
    return Foreign(
        trace_id(span.span_context.trace_id),
        span_id(span.span_context.span_id),
        parent_id(span.parent.span_id),
        span.name or "",
        start_time(span.start_time),
        end_time(span.end_time),
        Status(values.status_code(status.code), status.description or ""),
        _attributes(span.attributes),
        kind=values.kind(span.span_kind),
        resource=plain.resource(_attributes(span.resource)),
        scope=plain.scope(scope.name or "", scope.version or ""),
        events=(_event(event) for event in span.events or ()),
        links=(_link(link) for link in span.links or ()),
    )


def _attributes(pairs: list[_Pair] | None) -> dict[str, Any]:
    return {pair.key: pair.value.value for pair in pairs or () if pair.value}


def _event(event: _Event) -> Event:
    return Event(event_time(event.time), event.name or "", plain.shown(_attributes(event.attributes)))


def _link(link: _Link) -> Link:
    ids = trace_id(link.span_context.trace_id), span_id(link.span_context.span_id)
    return Link(*ids, plain.shown(_attributes(link.attributes)))


WRITER = Writer("Go's stdouttrace", Lenient(GoSpan), told)

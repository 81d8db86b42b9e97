"""The output of Python's `ConsoleSpanExporter`: a JSON object a span, indented, back to back or in an array.

Source: `ReadableSpan.to_json` of opentelemetry-sdk 1.0 to 1.45. Ids are `0x` and hex, times ISO 8601 in
microseconds, attributes plain JSON; the scope is not written. Old versions wrote a resource's attributes
without an object around them.
"""

from typing import Any

import msgspec
from msgspec import Struct

from tracetui.formats.framing.lenient import Lenient, Odd
from tracetui.formats.ids import parent_id, span_id, trace_id
from tracetui.formats.others import plain
from tracetui.formats.others.foreign import Foreign, Writer
from tracetui.formats.otlp import values
from tracetui.formats.times import end_time, event_time, start_time
from tracetui.model.span import Event, Link, Status


class _Context(Struct):
    trace_id: Any = None
    span_id: Any = None


class _Status(Struct):
    status_code: str | None = None
    description: str | None = None


class _Event(Struct):
    name: str | None = None
    timestamp: Any = None
    attributes: dict[str, Any] | None = None


class _Link(Struct):
    context: _Context = msgspec.field(default_factory=_Context)
    attributes: dict[str, Any] | None = None


class ConsoleSpan(Struct):
    """One span."""

    context: _Context = msgspec.field(default_factory=_Context)
    name: str | None = None
    kind: str | None = None
    parent_id: Any = None
    start_time: Any = None
    end_time: Any = None
    status: _Status | None = None
    attributes: dict[str, Any] | None = None
    events: list[_Event] | None = None
    links: list[_Link] | None = None
    resource: dict[str, Any] | None = None


def told(span: ConsoleSpan) -> Foreign:
    """The span in the common form."""
    status = span.status or _Status()
    return Foreign(
        trace_id(span.context.trace_id),
        span_id(span.context.span_id),
        parent_id(span.parent_id),
        span.name or "",
        start_time(span.start_time),
        end_time(span.end_time),
        Status(values.status_code(status.status_code), status.description or ""),
        span.attributes or {},
        kind=(span.kind or "internal").removeprefix("SpanKind.").lower(),
        resource=_resource(span.resource or {}),
        events=(_event(event) for event in span.events or ()),
        links=(_link(link) for link in span.links or ()),
    )


def _event(event: _Event) -> Event:
    return Event(event_time(event.timestamp), event.name or "", plain.shown(event.attributes))


def _link(link: _Link) -> Link:
    ids = trace_id(link.context.trace_id), span_id(link.context.span_id)
    return Link(*ids, plain.shown(link.attributes))


def _resource(resource: dict[str, Any]) -> bytes:
    attributes = resource.get("attributes", resource)
    return plain.resource(attributes) if isinstance(attributes, dict) else b""


def _odd(span: ConsoleSpan) -> Odd:
    attributes = (span.resource or {}).get("attributes")
    return () if attributes is None or isinstance(attributes, dict) else ("resource.attributes",)


WRITER = Writer("console spans", Lenient(ConsoleSpan), told, _odd)

"""Spans as OTLP protobuf. Foreign values never fail: protobuf gets the closest value that it can hold.

Source: opentelemetry-proto 1.x, `trace.proto`, `common.proto` and `resource.proto`.
"""

from collections.abc import Iterable

from opentelemetry.proto.common.v1.common_pb2 import AnyValue, InstrumentationScope, KeyValue
from opentelemetry.proto.resource.v1.resource_pb2 import Resource as WireResource
from opentelemetry.proto.trace.v1 import trace_pb2

from tracetui.export.values import SPAN_ID_BYTES, TRACE_ID_BYTES, hex_id
from tracetui.model.span import Attributes, AttributeValue, Event, Link, Resource, Scope, Span

_KINDS = ("unspecified", "internal", "server", "client", "producer", "consumer")
_MOST_UINT32, _MOST_UINT64 = 2**32 - 1, 2**64 - 1


def span_message(span: Span) -> trace_pb2.Span:
    """The span, without its resource and scope."""
    return trace_pb2.Span(
        trace_id=_id(span.trace_id, TRACE_ID_BYTES),
        span_id=_id(span.span_id, SPAN_ID_BYTES),
        trace_state=_text(span.trace_state),
        parent_span_id=_id(span.parent_span_id, SPAN_ID_BYTES),
        flags=_number(span.flags),
        name=_text(span.name),
        kind=_KINDS.index(span.kind) if span.kind in _KINDS else 0,  # type: ignore[arg-type]
        start_time_unix_nano=_time(span.start_ns),
        end_time_unix_nano=_time(span.end_ns),
        attributes=_pairs(span.attributes),
        dropped_attributes_count=_number(span.dropped.attributes),
        events=map(_event, span.events),
        dropped_events_count=_number(span.dropped.events),
        links=map(_link, span.links),
        dropped_links_count=_number(span.dropped.links),
        status=trace_pb2.Status(code=int(span.status.code), message=_text(span.status.message)),  # type: ignore[arg-type]
    )


def resource_message(resource: Resource) -> WireResource:
    """The resource that produced spans."""
    return WireResource(
        attributes=_pairs(resource.attributes), dropped_attributes_count=_number(resource.dropped)
    )


def scope_message(scope: Scope) -> InstrumentationScope:
    """The instrumentation that produced spans."""
    return InstrumentationScope(
        name=_text(scope.name),
        version=_text(scope.version),
        attributes=_pairs(scope.attributes),
        dropped_attributes_count=_number(scope.dropped),
    )


def _event(event: Event) -> trace_pb2.Span.Event:
    return trace_pb2.Span.Event(
        time_unix_nano=_time(event.time_ns),
        name=_text(event.name),
        attributes=_pairs(event.attributes),
        dropped_attributes_count=_number(event.dropped),
    )


def _link(link: Link) -> trace_pb2.Span.Link:
    return trace_pb2.Span.Link(
        trace_id=_id(link.trace_id, TRACE_ID_BYTES),
        span_id=_id(link.span_id, SPAN_ID_BYTES),
        trace_state=_text(link.trace_state),
        attributes=_pairs(link.attributes),
        dropped_attributes_count=_number(link.dropped),
        flags=_number(link.flags),
    )


def _pairs(attributes: Attributes) -> Iterable[KeyValue]:
    return [KeyValue(key=_text(key), value=_any_value(value)) for key, value in attributes.items()]


def _any_value(value: AttributeValue) -> AnyValue:
    made = AnyValue()
    match value:
        case None:
            pass
        case bool():
            made.bool_value = value
        case int() if -(2**63) <= value < 2**63:
            made.int_value = value
        case float():
            made.double_value = value
        case bytes():
            made.bytes_value = value
        case list():
            made.array_value.SetInParent()
            made.array_value.values.extend(map(_any_value, value))
        case dict():
            made.kvlist_value.SetInParent()
            made.kvlist_value.values.extend(_pairs(value))
        case _:
            made.string_value = _text(str(value))
    return made


def _text(text: str) -> str:
    """A text with unpaired surrogates, which UTF-8 cannot encode, replaced by U+FFFD."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _id(written: str, size: int) -> bytes:
    return bytes.fromhex(hex_id(written, size))


def _time(ns: int) -> int:
    return min(max(ns, 0), _MOST_UINT64)


def _number(count: int) -> int:
    return min(max(count, 0), _MOST_UINT32)

"""OTLP/JSON put together from ready pieces: the records that most spans come to, at a third of the cost.

What is made here is, byte for byte, what `encode` makes of the same values by way of dicts. Where something
stands in the way (a text that has no UTF-8, say) nothing is made, and `encode` goes the long way.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import orjson
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import StatusCode

from tracetui.tracing.quick import QUICK_OK, QuickSpan
from tracetui.tracing.redact import (
    HARMLESS,
    Redact,
    keep,
    own_copy,
    redacted_attributes,
    redacted_value,
    scrub,
)
from tracetui.tracing.values import any_value, flags, nanos, text

_SHORT = 256
_INT64 = 1 << 63
START, TRACE = "tracetui.span.start", 1
"""A start record's event name, and its severity number."""

_START_RECORD = (
    b'{"timeUnixNano":"%%b","severityNumber":%d,"traceId":"%%032x","spanId":"%%016x","eventName":"%b",'
    b'"attributes":[{"key":"tracetui.span.name","value":{"stringValue":%%b}},%%b'
    b'{"key":"tracetui.span.start_time_unix_nano","value":{"intValue":"%%b"}}%%b]}'
) % (TRACE, START.encode())
_START_PARENT = b'{"key":"tracetui.span.parent_span_id","value":{"stringValue":"%016x"}},'
_QUICK_RECORD = (
    b'{"traceId":"%032x","spanId":"%016x","flags":256,"parentSpanId":"%016x","name":%b,"kind":1,'
    b'"startTimeUnixNano":"%d","endTimeUnixNano":"%d","attributes":%b,"status":%b}'
)
_STATUS = {StatusCode.UNSET: b"{}", StatusCode.OK: b'{"code":1}', StatusCode.ERROR: b'{"code":2}'}


def plain_span_record(span: ReadableSpan, redact: Redact = keep) -> bytes | None:
    """`span_record` as JSON, of a span that has only what most spans have; None of another."""
    if type(span) is QuickSpan and span.quick_attributes is not None:
        return _quick_span_record(span, span.quick_attributes, redact)
    context, parent, own = span.context, span.parent, plain_attributes(span)
    if context is None or context.trace_state or span.status.description or own is None:
        return None
    name, attributes = shown(span.name, own, redact)
    try:
        return (
            b'{"traceId":"%032x","spanId":"%016x","flags":%d,%b"name":%b,"kind":%d,"startTimeUnixNano":"%b",%b"status":%b}'
            % (
                context.trace_id,
                context.span_id,
                flags(parent),
                b"" if parent is None else b'"parentSpanId":"%016x",' % parent.span_id,
                orjson.dumps(name),
                span.kind.value + 1,
                nanos(span.start_time).encode(),
                _end_and_attributes(span.end_time, attributes),
                _STATUS[span.status.status_code],
            )
        )
    except (TypeError, KeyError):
        return None


def _quick_span_record(span: QuickSpan, own: Mapping[str, Any], redact: Redact) -> bytes | None:
    status = span._status
    name, attributes = shown(span._name, own, redact)
    if not attributes or (status is not QUICK_OK and status.description):
        return None
    try:
        return _QUICK_RECORD % (
            *span.ids,
            orjson.dumps(name),
            span.start_time,
            span._end_time,
            attribute_list(attributes),
            _STATUS[status.status_code],
        )
    except TypeError:
        return None


def shown(name: Any, attributes: Mapping[str, Any], redact: Redact) -> tuple[str, Mapping[str, Any]]:
    """Name and attributes of a span as they may be recorded."""
    if redact is scrub and type(name) is str and HARMLESS.issuperset(attributes):
        return name, attributes
    return text(redacted_value(redact, "span.name", name)), redacted_attributes(attributes, redact)


def plain_start_record(span: ReadableSpan, name: str, attributes: Mapping[str, Any]) -> bytes | None:
    """The log record that says that `span` has begun, as JSON; None where a value stands in the way."""
    context, parent, start = span.context, span.parent, nanos(span.start_time).encode()
    if context is None:
        return None
    try:
        return _START_RECORD % (
            start,
            context.trace_id,
            context.span_id,
            orjson.dumps(name),
            b"" if parent is None else _START_PARENT % parent.span_id,
            start,
            b"," + attribute_list(attributes)[1:-1] if attributes else b"",
        )
    except TypeError:
        return None


def plain_attributes(span: ReadableSpan) -> Mapping[str, Any] | None:
    """The attributes of a span, if it has no more than those; quick spans tell themselves."""
    if type(span) is QuickSpan and span.quick_attributes is not None:
        return span.quick_attributes
    if span.events or span.links or span.dropped_attributes or span.dropped_events or span.dropped_links:
        return None
    return own_copy(span.attributes or {})


def attribute_list(attributes: Mapping[str, Any]) -> bytes:
    """The `KeyValue` list of OTLP/JSON; raises TypeError for a text without UTF-8 and for a strange key."""
    pieces = []
    for key, value in attributes.items():
        kind = type(value)
        if kind is str and len(value) <= _SHORT:
            # Most attributes of a span are those of the span before.
            pieces.append(_attribute(key, value))
        elif kind is int and -_INT64 <= value < _INT64:
            pieces.append(b'%b{"intValue":"%d"}}' % (_key(key), value))
        else:
            pieces.append(b"%b%b}" % (_key(key), orjson.dumps(any_value(value))))
    return b"[%b]" % b",".join(pieces)


def _end_and_attributes(end_ns: int | None, attributes: Mapping[str, Any]) -> bytes:
    end = nanos(end_ns).encode()
    if not attributes:
        return b'"endTimeUnixNano":"%b",' % end
    return b'"endTimeUnixNano":"%b","attributes":%b,' % (end, attribute_list(attributes))


@lru_cache(maxsize=4096)
def _attribute(key: str, value: str) -> bytes:
    return b'%b{"stringValue":%b}}' % (_key(key), orjson.dumps(value))


@lru_cache(maxsize=4096)
def _key(key: str) -> bytes:
    if type(key) is not str:
        raise TypeError("a key that is no text")
    return b'{"key":%b,"value":' % orjson.dumps(key)

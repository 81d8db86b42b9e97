"""Makes the lines of fast spans from ready fragments, at a fifth of the cost of the general encoder.

The result is, byte for byte, what `encode` and `live.records` make of the same values by way of dicts. If
something is in the way (a text that cannot be encoded in UTF-8, or a redaction of the host's) nothing is
made, and the general encoder takes over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from opentelemetry.sdk.trace import Tracer
from orjson import dumps

from tracetui.tracing.redact import HARMLESS, Redact, scrub
from tracetui.tracing.spans.fast_span import QUICK_OK, FastSpan
from tracetui.tracing.spans.values import key_values

START = "tracetui.span.start"
"""A start record's event name."""
TAIL = "]}]}]}\n"
"""The end of every line, of one span or log record."""
LONG = 64 * 1024
"""Longer lines are left to the general encoder, which cuts them."""
_BITS = 63
"""Of an integer of OTLP that is at least 0."""


class FastLines:
    """Makes the lines of one process; `head` gives the part before a tracer's records."""

    def __init__(self, head: Callable[[Tracer], bytes], redact: Redact) -> None:
        self._head = head
        self._is_default = redact is scrub
        self._heads: dict[Tracer, str] = {}

    def span(self, span: FastSpan) -> bytes | None:
        """The line of a span that has ended."""
        own = span.added if span.told else span.quick_attributes
        if not (own and span._status is QUICK_OK and self._is_default and HARMLESS.issuperset(own)):
            return None
        trace_id, span_id, _ = span.family
        times = span._start_time, span._end_time
        try:
            attributes = all_told(span.told, own) if span.told else told(own)
            name = as_json(span._name)
            line = span_line(
                self.head(span._tracer), trace_id, span_id, span.parent_id, name, *times, attributes
            )
        except TypeError:
            return None
        return line if len(line) <= LONG else None

    def start(self, span: FastSpan) -> bytes | None:
        """The line of the log record that says that a span has started."""
        own = span.quick_attributes
        if not (own and self._is_default and (span.told or HARMLESS.issuperset(own))):
            return None
        trace_id, span_id, _ = span.family
        try:
            attributes = span.told = span.told or told(own)
            name, start_ns = as_json(span._name), span._start_time
            line = start_line(
                self.head(span._tracer), trace_id, span_id, span.parent_id, name, start_ns, attributes
            )
        except TypeError:
            return None
        return line if len(line) <= LONG else None

    def head(self, tracer: Tracer) -> str:
        """The part of a line before the record."""
        return self._heads.get(tracer) or self._new_head(tracer)

    def _new_head(self, tracer: Tracer) -> str:
        head = self._heads[tracer] = self._head(tracer).decode()
        return head


def span_line(
    head: str,
    trace_id: str,
    span_id: str,
    parent_id: str,
    name: str,
    start_ns: int | None,
    end_ns: int | None,
    attributes: str,
) -> bytes:
    """The line of a span of status OK; name and attributes are JSON."""
    return (
        f'{head}{{"traceId":"{trace_id}","spanId":"{span_id}","flags":256,"parentSpanId":"{parent_id}",'
        f'"name":{name},"kind":1,"startTimeUnixNano":"{start_ns}","endTimeUnixNano":"{end_ns}",'
        f'"attributes":[{attributes}],"status":{{"code":1}}}}{TAIL}'
    ).encode()


def start_line(
    head: str,
    trace_id: str,
    span_id: str,
    parent_id: str,
    name: str,
    start_ns: int | None,
    attributes: str,
) -> bytes:
    """The line of a start record; name and attributes are JSON."""
    return (
        f'{head}{{"timeUnixNano":"{start_ns}","severityNumber":1,"traceId":"{trace_id}","spanId":"{span_id}",'
        f'"eventName":"{START}","attributes":[{{"key":"tracetui.span.name","value":{{"stringValue":{name}}}}},'
        f'{{"key":"tracetui.span.parent_span_id","value":{{"stringValue":"{parent_id}"}}}},'
        f'{{"key":"tracetui.span.start_time_unix_nano","value":{{"intValue":"{start_ns}"}}}},'
        f"{attributes}]}}{TAIL}"
    ).encode()


def told(attributes: Mapping[str, Any]) -> str:
    """Attributes as OTLP/JSON, without the brackets; raises TypeError for text that has no UTF-8."""
    return dumps(key_values(attributes.items())).decode()[1:-1]


@lru_cache(maxsize=128)
def as_json(value: str) -> str:
    """A text as JSON; raises TypeError if it has no UTF-8."""
    return dumps(value).decode()


def all_told(start: str, more: Mapping[str, Any]) -> str:
    """What was encoded at the start, and what was added at the end; raises TypeError as `told` does."""
    for key, value in more.items():
        # Of numbers no two are alike.
        is_number = type(value) is int and value >> _BITS == 0
        start = (
            f'{start},{number_told(key)}{value}"}}}}' if is_number else f"{start},{_text_told(key, value)}"
        )
    return start


def told_of(attributes: Mapping[str, Any], text: str, text_told: str) -> str:
    """`told` of attributes of which some are `text`, encoded already, and most those of other spans too."""
    parts = []
    for key, value in attributes.items():
        if value is text:
            parts.append(pair_told(key, text_told))
        elif type(value) is int and value >> _BITS == 0:
            parts.append(f'{number_told(key)}{value}"}}}}')
        else:
            parts.append(_text_told(key, tuple(value) if type(value) is list else value))
    return ",".join(parts)


def pair_told(key: str, text_told: str) -> str:
    """`told` of a text that is encoded already; the key is one of ours."""
    return f'{{"key":"{key}","value":{{"stringValue":{text_told}}}}}'


@lru_cache(maxsize=128)
def number_told(key: str) -> str:
    """The JSON before a number, which is at least 0."""
    return told({key: 0})[: -len('0"}}')]


@lru_cache(maxsize=128, typed=True)
def _text_told(key: str, value: Any) -> str:
    # What is said at the end is much the same of all spans.
    return told({key: value})

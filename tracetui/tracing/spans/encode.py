"""Encodes strict OTLP/JSON: a line is one `TracesData` with one span, or one `LogsData` with one record.

Follows the OTLP/JSON rules (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding): hex ids,
integer enums, lowerCamelCase names, 64-bit integers as strings, no field that the schema does not have.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan, Tracer
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link, SpanContext
from opentelemetry.trace.status import Status

from tracetui.tracing.host.compat import scope_of
from tracetui.tracing.host.per_process import forebears
from tracetui.tracing.redact import Redact, keep, own_copy, redacted_attributes, redacted_value
from tracetui.tracing.spans.fast_span import FastSpan
from tracetui.tracing.spans.home import NOTHING, Homing
from tracetui.tracing.spans.json_fragments import TAIL, FastLines
from tracetui.tracing.spans.line_limit import MAX_LINE, dump, dump_within, few
from tracetui.tracing.spans.values import flags, key_values, nanos, text

FORKED_FROM = "tracetui.process.forked_from"
"""In the resource of a process that inherited its tracing in a fork: the id of the one that had set it up."""

_NO_TRACE, _NO_SPAN = "0" * 32, "0" * 16
_HEADS_KEPT = 256
_TAIL = TAIL.encode()


def span_record(
    span: ReadableSpan, redact: Redact = keep, more: Mapping[str, str] = NOTHING
) -> dict[str, Any]:
    """The `Span` message of a finished span after redaction, with `more` before its attributes."""
    record = _identity(span.context, span.parent)
    record["name"] = text(redacted_value(redact, "span.name", span.name))
    # The API counts kinds from 0, the protocol from 1.
    record["kind"] = span.kind._value_ + 1
    record["startTimeUnixNano"] = nanos(span.start_time)
    record["endTimeUnixNano"] = nanos(span.end_time)
    own, events, links = span.attributes, span.events, span.links
    if more:
        record["attributes"] = [*key_values(more.items()), *_attributes(own, redact)]
    elif own:
        record["attributes"] = _attributes(own, redact)
    # Few spans have any of these, but each is asked for all.
    if events or links or span.dropped_attributes or span.dropped_events or span.dropped_links:
        _add(record, "droppedAttributesCount", span.dropped_attributes)
        _add(record, "events", [_event(event, redact) for event in events])
        _add(record, "droppedEventsCount", span.dropped_events)
        _add(record, "links", [_link(link, redact) for link in links])
        _add(record, "droppedLinksCount", span.dropped_links)
    record["status"] = _status(span.status, redact)
    return record


class Encoder:
    """Encodes records as lines. What all records of a resource and scope share is encoded once.

    `extra_resource` is added to every resource; `redact` sees all attributes except log records'. `homing`
    says which test a span belongs to. `quick` makes the lines of quick spans.
    """

    def __init__(
        self,
        extra_resource: Mapping[str, object] | None = None,
        redact: Redact = keep,
        homing: Homing | None = None,
    ) -> None:
        self._extra = dict(extra_resource or {})
        self._redact = redact
        self._homing = homing or Homing()
        self.quick = FastLines(self._head_of_spans, redact)
        # The values keep the keys' objects alive: an id cannot come to mean another object.
        self._heads: dict[tuple[int, int, str], tuple[object, object, bytes]] = {}

    def span_line(self, span: ReadableSpan) -> bytes:
        """The line of a finished span."""
        if type(span) is FastSpan:
            line = self.quick.span(span)
            if line is not None:
                return line
        head = self.head("Spans", "spans", span.resource, span.instrumentation_scope)
        return self._line(head, span_record(span, self._redact, self._homing.attributes(span)))

    def log_line(
        self, resource: Resource, scope: InstrumentationScope | None, record: dict[str, Any]
    ) -> bytes:
        """The line of a log record."""
        return self._line(self.head("Logs", "logRecords", resource, scope), record)

    def _line(self, head: bytes, record: dict[str, Any]) -> bytes:
        return head + dump_within(record, MAX_LINE - len(head) - len(_TAIL)) + _TAIL

    def head(self, signal: str, plural: str, resource: Resource, scope: InstrumentationScope | None) -> bytes:
        """The part of a line before the record, for `Spans` (in the list `spans`) or `Logs`."""
        key = (id(resource), id(scope), signal)
        known = self._heads.get(key)
        if known is None:
            if len(self._heads) >= _HEADS_KEPT:
                self._heads.clear()
            known = self._heads[key] = (resource, scope, self._new_head(signal, plural, resource, scope))
        return known[2]

    def _head_of_spans(self, tracer: Tracer) -> bytes:
        return self.head("Spans", "spans", tracer.resource, scope_of(tracer))

    def _new_head(
        self, signal: str, plural: str, resource: Resource, scope: InstrumentationScope | None
    ) -> bytes:
        group: dict[str, Any] = {"scope": _scope(scope)}
        _add(group, "schemaUrl", scope.schema_url if scope else None)
        outer: dict[str, Any] = {
            "resource": {"attributes": few(key_values(self._resource(resource).items()))}
        }
        _add(outer, "schemaUrl", resource.schema_url)
        # The lists that hold the record go last, so that the line is head, record and tail.
        inside = dump(group)[:-1] + b',"%s":[' % plural.encode()
        around = dump(outer)[:-1] + b',"scope%s":[' % signal.encode()
        return b'{"resource%s":[' % signal.encode() + around + inside

    def _resource(self, resource: Resource) -> Mapping[str, object]:
        attributes: dict[str, object] = {**resource.attributes, **self._extra}
        before = forebears()
        made_in = attributes.get("process.pid")
        if made_in in before:
            attributes |= {"process.pid": os.getpid(), FORKED_FROM: made_in}
        elif before and made_in is None:
            attributes[FORKED_FROM] = before[0]
        return redacted_attributes(attributes, self._redact)


def _identity(context: SpanContext | None, parent: SpanContext | None) -> dict[str, Any]:
    record: dict[str, Any] = {"traceId": _NO_TRACE, "spanId": _NO_SPAN, "flags": flags(parent)}
    if context is not None:
        record["traceId"], record["spanId"] = f"{context.trace_id:032x}", f"{context.span_id:016x}"
    if parent is not None:
        record["parentSpanId"] = f"{parent.span_id:016x}"
    if context is not None and context.trace_state:
        record["traceState"] = context.trace_state.to_header()
    return record


def _attributes(attributes: Mapping[str, Any] | None, redact: Redact) -> list[dict[str, Any]]:
    return key_values(redacted_attributes(own_copy(attributes), redact).items()) if attributes else []


def _status(status: Status | None, redact: Redact) -> dict[str, Any]:
    record: dict[str, Any] = {}
    if status is not None:
        _add(record, "code", status.status_code._value_)
        if status.description:
            _add(record, "message", text(redacted_value(redact, "span.status.message", status.description)))
    return record


def _event(event: Event, redact: Redact) -> dict[str, Any]:
    record: dict[str, Any] = {"timeUnixNano": nanos(event.timestamp), "name": text(event.name)}
    _add(record, "attributes", _attributes(event.attributes, redact))
    _add(record, "droppedAttributesCount", event.dropped_attributes)
    return record


def _link(link: Link, redact: Redact) -> dict[str, Any]:
    record = _identity(link.context, None)
    record["flags"] = flags(link.context)
    _add(record, "attributes", _attributes(link.attributes, redact))
    _add(record, "droppedAttributesCount", link.dropped_attributes)
    return record


def _scope(scope: InstrumentationScope | None) -> dict[str, Any]:
    record: dict[str, Any] = {}
    if scope is not None:
        _add(record, "name", text(scope.name))
        _add(record, "version", scope.version)
        _add(record, "attributes", few(key_values((scope.attributes or {}).items())))
    return record


def _add(record: dict[str, Any], key: str, value: object) -> None:
    """Add a value unless it is the default, which protobuf's JSON leaves out."""
    if value:
        record[key] = value

"""Jaeger's JSON: what its API answers and its UI saves (`{"data": [trace, ...]}`), or one trace for itself.

Source: `model/json` of jaegertracing/jaeger and jaeger-ui's types. Times are microseconds, ids hex without
leading zeros, a span's process is named by an id or written within it.
"""

from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import Raw, Struct, field

from tracetui.formats import plain, values
from tracetui.formats.columns import Told, add
from tracetui.formats.cursor import Cursor
from tracetui.model.batch import Problem, SpanBatch
from tracetui.model.role import StatusCode
from tracetui.model.span import Event, Link, Resource, Scope, Span, Status


class _Tag(Struct):
    key: str = ""
    value: Any = None


class _Log(Struct):
    timestamp: int = 0
    fields: list[_Tag] | None = None


class _Reference(Struct):
    ref_type: str = field(name="refType", default="")
    trace_id: str = field(name="traceID", default="")
    span_id: str = field(name="spanID", default="")


class _Process(Struct):
    service_name: str = field(name="serviceName", default="")
    tags: list[_Tag] | None = None


class _Span(Struct):
    trace_id: str = field(name="traceID")
    span_id: str = field(name="spanID")
    name: str = field(name="operationName", default="")
    start: int = field(name="startTime", default=0)
    duration: int = 0
    references: list[_Reference] | None = None
    parent: str | None = field(name="parentSpanID", default=None)
    tags: list[_Tag] | None = None
    logs: list[_Log] | None = None
    process_id: str | None = field(name="processID", default=None)
    process: _Process | None = None


class Trace(Struct):
    """A trace, its spans still raw."""

    spans: list[Raw] | None = None
    processes: dict[str, _Process] | None = None


_span = msgspec.json.Decoder(_Span)
_KINDS = ("internal", "server", "client", "producer", "consumer")


def add_traces(batch: SpanBatch, traces: Iterable[Trace], cursor: Cursor) -> None:
    """Adds every span of `traces`; one that does not decode is rejected."""
    for trace in traces:
        resources = {key: _resource(process) for key, process in (trace.processes or {}).items()}
        for raw in trace.spans or ():
            where = cursor.find(raw)
            try:
                _add(batch, _span.decode(raw), resources, where)
            except (ValueError, RecursionError) as error:
                batch.rejected.append(Problem(where[0], f"bad span: {error}", where[1]))


def _add(batch: SpanBatch, span: _Span, resources: dict[str, bytes], where: tuple[int, int]) -> None:
    tags = _attributes(span.tags)
    start, end = _times(span)
    trace_id, span_id = _ids(span.trace_id, span.span_id)
    parent = _parent(span)
    told = Told(trace_id, span_id, parent, span.name, start, end, _status(tags), plain.hot(tags))
    resource = _resource(span.process) if span.process else resources.get(span.process_id or "", b"")
    name = tags.get("otel.scope.name") or tags.get("otel.library.name")
    add(batch, told, resource, plain.scope(name) if isinstance(name, str) else b"", where)


def decode_span(fields: dict[str, Any], resource: Resource, scope: Scope) -> Span:
    """The whole span; raises `ValueError` where `fields` is none."""
    span = msgspec.convert(fields, _Span)
    tags = _attributes(span.tags)
    trace_id, span_id = _ids(span.trace_id, span.span_id)
    start, end = _times(span)
    kind = tags.get("span.kind")
    links = [_ids(other.trace_id, other.span_id) for other in span.references or ()]
    parent = _parent(span)
    return Span(
        trace_id=trace_id,
        span_id=span_id,
        parent_span_id=parent,
        name=span.name,
        kind=kind if kind in _KINDS else _KINDS[0],
        start_ns=start,
        end_ns=end,
        status=Status(_status(tags), str(tags.get("otel.status_description", ""))),
        attributes=plain.shown(tags),
        events=tuple(map(_event, span.logs or ())),
        links=tuple(Link(*ids, {}) for ids in links if ids != (trace_id, parent)),
        resource=resource,
        scope=scope,
        dropped=0,
    )


def _attributes(tags: list[_Tag] | None) -> dict[str, Any]:
    return {tag.key: tag.value for tag in tags or ()}


def _ids(trace_id: str, span_id: str) -> tuple[str, str]:
    return values.trace_id(trace_id.rjust(32, "0")), values.span_id(span_id.rjust(16, "0"))


def _parent(span: _Span) -> str:
    """The span it is a child of or, where it is of none, follows; both within its own trace."""
    near = [other for other in span.references or () if other.trace_id in (span.trace_id, "")]
    near.sort(key=lambda other: other.ref_type != "CHILD_OF")
    text = near[0].span_id if near else span.parent or ""
    return values.parent_id(text.rjust(16, "0")) if text else ""


def _times(span: _Span) -> tuple[int, int]:
    return values.clamped(span.start * 1000), values.end_time((span.start + span.duration) * 1000)


def _status(tags: dict[str, Any]) -> StatusCode:
    if tags.get("error") in (True, "true"):
        return StatusCode.ERROR
    return values.status_code(f"STATUS_CODE_{tags.get('otel.status_code', '')}")


def _event(log: _Log) -> Event:
    """A log: its field `event` is the name that OpenTelemetry gave it."""
    told = _attributes(log.fields)
    name = told.pop("event", None) or told.get("message") or "log"
    return Event(log.timestamp * 1000, str(name), plain.shown(told))


def _resource(process: _Process) -> bytes:
    return plain.resource({"service.name": process.service_name} | _attributes(process.tags))

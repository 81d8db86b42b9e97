"""Jaeger's JSON: what its API answers and its UI saves (`{"data": [trace, ...]}`), one trace, or one span.

Source: `model/json` of jaegertracing/jaeger, its Elasticsearch documents, and jaeger-ui's types. Times are
microseconds, ids hex without leading zeros; a span's process is named by an id or written within it. Single
spans, one a line, are what is dumped from Elasticsearch.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import Raw, Struct, field

from tracetui.formats.columns import Bytes, count_odd
from tracetui.formats.framing.cursor import Cursor
from tracetui.formats.framing.lenient import Lenient
from tracetui.formats.ids import parent_id, span_id, trace_id
from tracetui.formats.others import plain
from tracetui.formats.others.foreign import Foreign, Writer, add_foreign
from tracetui.formats.otlp import values
from tracetui.formats.times import end_after, event_time, start_time, unit_hint
from tracetui.model.batch import Problem, SpanBatch
from tracetui.model.role import StatusCode
from tracetui.model.span import Event, Link, Status

_US = 1000
_KINDS = ("internal", "server", "client", "producer", "consumer")


class _Tag(Struct):
    key: str | None = None
    value: Any = None


class _Log(Struct):
    timestamp: Any = None
    fields: list[_Tag] | None = None


class _Reference(Struct):
    ref_type: str | None = field(name="refType", default=None)
    trace_id: Any = field(name="traceID", default=None)
    span_id: Any = field(name="spanID", default=None)


class Process(Struct):
    """The process that wrote spans."""

    service_name: str | None = field(name="serviceName", default=None)
    tags: list[_Tag] | None = None
    tag: dict[str, Any] | None = None


class JaegerSpan(Struct):
    """One span."""

    trace_id: Any = field(name="traceID", default=None)
    span_id: Any = field(name="spanID", default=None)
    name: str | None = field(name="operationName", default=None)
    start: Any = field(name="startTime", default=None)
    duration: Any = None
    references: list[_Reference] | None = None
    parent: Any = field(name="parentSpanID", default=None)
    tags: list[_Tag] | None = None
    tag: dict[str, Any] | None = None
    logs: list[_Log] | None = None
    process_id: str | None = field(name="processID", default=None)
    process: Process | None = None


class Trace(Struct):
    """A trace, its spans still raw."""

    spans: list[Raw] | None = None
    processes: dict[str, Process] | None = None


_trace = Lenient(Trace)


def told(span: JaegerSpan) -> Foreign:
    """The span in the common form; with its resource only if its process is inside it."""
    tags = _attributes(span.tags, span.tag)
    name = tags.get("otel.scope.name") or tags.get("otel.library.name")
    kind = tags.get("span.kind")
    start = start_time(span.start, _US)
    trace_, parent = trace_id(span.trace_id), _parent(span)
    return Foreign(
        trace_,
        span_id(span.span_id),
        parent,
        span.name or "",
        start,
        end_after(start, span.duration, _US),
        Status(_status(tags), str(tags.get("otel.status_description", ""))),
        tags,
        kind=kind if kind in _KINDS else _KINDS[0],
        resource=resource(span.process) if span.process else b"",
        scope=plain.scope(name) if isinstance(name, str) else b"",
        events=(_event(log) for log in span.logs or ()),
        links=(
            link
            for link in map(_link, _references(span))
            if (link.trace_id, link.span_id) != (trace_, parent)
        ),
        hint=unit_hint(span.start, _US),
    )


WRITER = Writer("Jaeger", Lenient(JaegerSpan), told)


def add_trace(batch: SpanBatch, text: bytes, offset: int) -> None:
    """Add every span of a trace; one that does not decode is rejected."""
    trace = count_odd(batch, _trace.decode_in_place(text), (offset, len(text)))
    resources = _resources(trace)
    cursor = Cursor(text, offset)
    for raw in trace.spans or ():
        where = cursor.find(raw)
        try:
            add_span(batch, raw, resources, where)
        except (ValueError, RecursionError) as error:
            batch.rejected.append(Problem(where[0], f"bad span: {error}", where[1]))
    batch.formats.add(WRITER.name)


def add_span(batch: SpanBatch, raw: Raw, resources: Mapping[str, bytes], where: Bytes) -> None:
    """Add a span of a trace with these resources by process; raises `ValueError` if it is none."""
    decoded = WRITER.shape.decode(raw)
    span = told(decoded.value)
    by_id = resources.get(decoded.value.process_id or "", b"")
    add_foreign(batch, span._replace(resource=span.resource or by_id), where)
    count_odd(batch, decoded, where)


def resources(processes: bytes) -> Mapping[str, bytes]:
    """The resources of a trace's processes, which are raw JSON; none where they cannot be read."""
    try:
        return _resources(_trace.decode(b'{"processes":%b}' % (processes or b"{}")).value)
    except (ValueError, RecursionError):
        return {}


def _resources(trace: Trace) -> Mapping[str, bytes]:
    return {key: resource(process) for key, process in (trace.processes or {}).items()}


def resource(process: Process) -> bytes:
    """A process as a resource."""
    service = {"service.name": process.service_name} if process.service_name else {}
    return plain.resource(service | _attributes(process.tags, process.tag))


def _attributes(tags: list[_Tag] | None, flat: dict[str, Any] | None = None) -> dict[str, Any]:
    """Tags as pairs, and as fields, which Elasticsearch makes of them (dots are `@` there)."""
    pairs = {tag.key: tag.value for tag in tags or () if tag.key}
    return {key.replace("@", "."): value for key, value in (flat or {}).items()} | pairs


def _references(span: JaegerSpan) -> list[_Reference]:
    return [other for other in span.references or () if other.span_id]


def _parent(span: JaegerSpan) -> str:
    """The span it is a child of or, without one, follows; both within its own trace."""
    own = ("", trace_id(span.trace_id))
    near = [other for other in _references(span) if trace_id(other.trace_id) in own]
    near.sort(key=lambda other: other.ref_type != "CHILD_OF")
    return parent_id(near[0].span_id if near else span.parent)


def _status(tags: dict[str, Any]) -> StatusCode:
    if tags.get("error") in (True, "true"):
        return StatusCode.ERROR
    return values.status_code(tags.get("otel.status_code"))


def _event(log: _Log) -> Event:
    """A log: its field `event` is the name that OpenTelemetry gave it."""
    fields = _attributes(log.fields)
    name = fields.pop("event", None) or fields.get("message") or "log"
    return Event(event_time(log.timestamp, _US), str(name), plain.shown(fields))


def _link(other: _Reference) -> Link:
    return Link(trace_id(other.trace_id), span_id(other.span_id), {})

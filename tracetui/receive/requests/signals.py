"""The signals that are received, and the names of their messages."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import (
    ExportLogsServiceRequest,
    ExportLogsServiceResponse,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from tracetui.receive.requests.shapes import Shape, shape_of


class Shapes(NamedTuple):
    """The messages of a request that are read whole."""

    resource: Shape
    scope: Shape
    record: Shape


class Signal(NamedTuple):
    """One signal: its response, and the names of its lists; `identified` says which records are valid.

    Valid records have at least `least_bytes` on the wire.
    """

    shapes: Shapes
    response: type[ExportTraceServiceResponse] | type[ExportLogsServiceResponse]
    groups: str
    scopes: str
    records: str
    rejected: str
    identified: Callable[[Mapping[str, Any]], bool]
    least_bytes: int


def _has_ids(span: Mapping[str, Any]) -> bool:
    """Whether a span has valid ids, which must not be zero; otherwise it is invalid."""
    trace, own = span.get("traceId", ""), span.get("spanId", "")
    return len(trace) == 32 and len(own) == 16 and bool(trace.strip("0")) and bool(own.strip("0"))


def _shapes(request: Any, groups: str, scopes: str, records: str) -> Shapes:
    group = shape_of(request.DESCRIPTOR).child(groups)
    scoped = group.child(scopes)
    return Shapes(group.child("resource"), scoped.child("scope"), scoped.child(records))


_TRACES, _LOGS = ("resourceSpans", "scopeSpans", "spans"), ("resourceLogs", "scopeLogs", "logRecords")
TRACES = Signal(
    _shapes(ExportTraceServiceRequest, *_TRACES),
    ExportTraceServiceResponse,
    *_TRACES,
    "rejected_spans",
    _has_ids,
    len(b"\x0a\x10") + 16 + len(b"\x12\x08") + 8,
)
LOGS = Signal(
    _shapes(ExportLogsServiceRequest, *_LOGS),
    ExportLogsServiceResponse,
    *_LOGS,
    "rejected_log_records",
    lambda _record: True,
    0,
)

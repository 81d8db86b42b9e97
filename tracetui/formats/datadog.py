"""Datadog's spans as JSON: arrays of traces, each an array of spans, as tracers send and log them.

Source: the trace agent's API (v0.4) and ddtrace's `LogWriter`, which wraps them in `traces`. Ids are decimal
numbers, or hex of 16 digits as text; times ns since the epoch; a duration stands for the end.
"""

from typing import Any

from msgspec import Struct

from tracetui.formats import plain
from tracetui.formats.foreign import Foreign, Writer
from tracetui.formats.ids import decimal_id, parent_id
from tracetui.formats.lenient import Lenient
from tracetui.formats.times import end_after, start_time
from tracetui.model.role import StatusCode
from tracetui.model.span import Status

_SCOPE = plain.scope("Datadog")


class DatadogSpan(Struct):
    """One span."""

    trace_id: Any = None
    span_id: Any = None
    parent_id: Any = None
    name: str | None = None
    service: str | None = None
    resource: str | None = None
    type: str | None = None
    start: Any = None
    duration: Any = None
    error: int | bool | None = None
    meta: dict[str, Any] | None = None
    metrics: dict[str, Any] | None = None


def told(span: DatadogSpan) -> Foreign:
    """What it tells."""
    meta, start = span.meta or {}, start_time(span.start)
    beside = {"resource.name": span.resource, "span.type": span.type}
    message = meta.get("error.message") or meta.get("error.msg") or ""
    return Foreign(
        decimal_id(span.trace_id).rjust(32, "0") if span.trace_id else "",
        decimal_id(span.span_id),
        parent_id(decimal_id(span.parent_id)),
        span.name or "",
        start,
        end_after(start, span.duration, 1),
        Status(StatusCode.ERROR if span.error else StatusCode.UNSET, str(message)),
        {key: value for key, value in beside.items() if value} | meta | (span.metrics or {}),
        kind=str(meta.get("span.kind", "internal")),
        resource=plain.resource({"service.name": span.service} if span.service else {}),
        scope=_SCOPE,
    )


WRITER = Writer("Datadog", Lenient(DatadogSpan), told)

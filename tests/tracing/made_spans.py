"""Spans with attributes of any kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link, SpanContext, SpanKind, TraceFlags, TraceState
from opentelemetry.trace.status import Status, StatusCode

CONTEXT = SpanContext(
    0xABC, 0xDEF, is_remote=False, trace_flags=TraceFlags(1), trace_state=TraceState([("k", "v")])
)
PARENT = SpanContext(0xABC, 0x123, is_remote=True, trace_flags=TraceFlags(1))


def span_with(attributes: Mapping[str, Any] | None = None, **changes: Any) -> ReadableSpan:
    """A span with everything a span can have."""
    whole: dict[str, Any] = {
        "name": "test_x[a-b]",
        "context": CONTEXT,
        "parent": PARENT,
        "resource": Resource({"service.name": "s", "process.pid": 1}, "https://schema/1"),
        "attributes": attributes,
        "events": [Event("exception", {"exception.type": "E"}, timestamp=7)],
        "links": [Link(PARENT, {"why": "because"})],
        "kind": SpanKind.CLIENT,
        "status": Status(StatusCode.ERROR, "boom"),
        "start_time": 1_700_000_000_000_000_000,
        "end_time": 1_700_000_000_000_000_001,
        "instrumentation_scope": InstrumentationScope("scope", "1", "https://schema/2"),
    }
    return ReadableSpan(**{**whole, **changes})


class Unprintable:
    def __str__(self) -> str:
        raise RuntimeError("no")

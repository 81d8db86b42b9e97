"""Trace context in environment variables: adopted from the process that started us, passed on to those we
start.

Reads W3C `TRACEPARENT`, `TRACESTATE`, `BAGGAGE` (or what `OTEL_PROPAGATORS` asks for) and resmoke's
`OTEL_TRACE_ID` with `OTEL_PARENT_ID`. Values that cannot be parsed are ignored.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from opentelemetry import baggage, trace
from opentelemetry.context import Context

from tracetui.tracing.baggage_attributes import BAGGAGE
from tracetui.tracing.host.warn import Warn
from tracetui.tracing.spans.fast_span import FastSpan

_DEFAULT_VARIABLES = frozenset({"TRACEPARENT", "TRACESTATE", "BAGGAGE"})
"""What the default propagators read."""


def adopted_context(
    trace_id: str | int | None = None,
    parent_span_id: str | int | None = None,
    extra_context: Mapping[str, object] | None = None,
    warn: Warn | None = None,
) -> Context:
    """The context to start the root span in; arguments win over environment variables."""
    context, configured = Context(), configured_propagators()
    if configured or not _DEFAULT_VARIABLES.isdisjoint(os.environ):
        from tracetui.tracing.propagators import extracted

        context = extracted(configured, warn)
    for key, value in (extra_context or {}).items():
        if value is not None:
            context = baggage.set_baggage(key, value, context)
    given = _remote(trace_id, parent_span_id)
    if given is None and not trace.get_current_span(context).get_span_context().is_valid:
        given = _remote(os.environ.get("OTEL_TRACE_ID"), os.environ.get("OTEL_PARENT_ID"))
    return context if given is None else trace.set_span_in_context(trace.NonRecordingSpan(given), context)


def configured_propagators() -> str:
    """The value of `OTEL_PROPAGATORS`; empty for the default ones."""
    return os.environ.get("OTEL_PROPAGATORS", "")


def variables_for(context: Context, configured: str | None = None) -> dict[str, str]:
    """The environment variables by which a child process continues `context`.

    `configured` is the result of `configured_propagators`, for frequent callers.
    """
    span = trace.get_current_span(context)
    configured = configured_propagators() if configured is None else configured
    if not configured and BAGGAGE not in context and type(span) is FastSpan:
        # What the default propagators come to, without what they do for it.
        trace_id, span_id, flags = span.family
        return {"TRACEPARENT": f"00-{trace_id}-{span_id}-{flags:02x}"}
    from tracetui.tracing.propagators import injected

    return injected(context, configured)


def parse_id(value: str | int | None, bits: int) -> int | None:
    """An id of at most `bits` bits from hex text or an integer; None if it is no valid id."""
    try:
        number = int(value, 16) if isinstance(value, str) else int(value or 0)
    except ValueError:
        return None
    return number if 0 < number < 1 << bits else None


def _remote(trace_id: str | int | None, span_id: str | int | None) -> trace.SpanContext | None:
    trace_number, span_number = parse_id(trace_id, 128), parse_id(span_id, 64)
    if trace_number is None or span_number is None:
        return None
    return trace.SpanContext(trace_number, span_number, is_remote=True, trace_flags=trace.TraceFlags(1))

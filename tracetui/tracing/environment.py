"""Trace context in environment variables: adopted from whoever started us, handed to whoever we start.

Reads W3C `TRACEPARENT`, `TRACESTATE`, `BAGGAGE` and resmoke's `OTEL_TRACE_ID` with `OTEL_PARENT_ID`. What
cannot be understood is as if it were not there.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from opentelemetry import baggage, trace
from opentelemetry.baggage.propagation import W3CBaggagePropagator
from opentelemetry.context import Context
from opentelemetry.propagators.composite import CompositePropagator
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_PROPAGATOR = CompositePropagator([TraceContextTextMapPropagator(), W3CBaggagePropagator()])
_VARIABLES = ("TRACEPARENT", "TRACESTATE", "BAGGAGE")


def adopted_context(
    trace_id: str | int | None = None,
    parent_span_id: str | int | None = None,
    extra_context: Mapping[str, object] | None = None,
) -> Context:
    """The context to start the root span in; what is given here wins over what the environment says."""
    carrier = {name.lower(): os.environ[name] for name in _VARIABLES if os.environ.get(name)}
    context = _PROPAGATOR.extract(carrier, Context())
    for key, value in (extra_context or {}).items():
        if value is not None:
            context = baggage.set_baggage(key, value, context)
    given = _remote(trace_id, parent_span_id)
    if given is None and not trace.get_current_span(context).get_span_context().is_valid:
        given = _remote(os.environ.get("OTEL_TRACE_ID"), os.environ.get("OTEL_PARENT_ID"))
    return context if given is None else trace.set_span_in_context(trace.NonRecordingSpan(given), context)


def variables_for(context: Context) -> dict[str, str]:
    """The environment variables by which a child process continues `context`."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier, context)
    return {name.upper(): value for name, value in carrier.items()}


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

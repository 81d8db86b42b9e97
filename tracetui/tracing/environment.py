"""Trace context in environment variables: adopted from the process that started us, passed on to those we
start.

Reads W3C `TRACEPARENT`, `TRACESTATE`, `BAGGAGE` (or what `OTEL_PROPAGATORS` asks for) and resmoke's
`OTEL_TRACE_ID` with `OTEL_PARENT_ID`. Values that cannot be parsed are ignored.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.metadata import entry_points

from opentelemetry import baggage, trace
from opentelemetry.baggage.propagation import W3CBaggagePropagator
from opentelemetry.context import Context
from opentelemetry.propagators.composite import CompositePropagator
from opentelemetry.propagators.textmap import Getter, Setter, TextMapPropagator
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from tracetui.tracing.baggage import BAGGAGE
from tracetui.tracing.host.warn import Warn
from tracetui.tracing.spans.fast_span import FastSpan


class _Variables(Getter[Mapping[str, str]], Setter[dict[str, str]]):
    """Environment variables as a carrier of context: `x-b3-traceid` is in `X_B3_TRACEID`."""

    def get(self, carrier: Mapping[str, str], key: str) -> list[str] | None:
        value = carrier.get(_variable(key))
        return [value] if value else None

    def keys(self, carrier: Mapping[str, str]) -> list[str]:
        return list(carrier)

    def set(self, carrier: dict[str, str], key: str, value: str) -> None:
        carrier[_variable(key)] = value


_VARIABLES = _Variables()
_KNOWN: Mapping[str, Callable[[], TextMapPropagator]] = {
    "tracecontext": TraceContextTextMapPropagator,
    "baggage": W3CBaggagePropagator,
}


def adopted_context(
    trace_id: str | int | None = None,
    parent_span_id: str | int | None = None,
    extra_context: Mapping[str, object] | None = None,
    warn: Warn | None = None,
) -> Context:
    """The context to start the root span in; arguments win over environment variables."""
    context = _propagator(warn).extract(os.environ, Context(), _VARIABLES)
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
    carrier: dict[str, str] = {}
    _propagator().inject(carrier, context, _VARIABLES)
    return carrier


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


def _propagator(warn: Warn | None = None) -> TextMapPropagator:
    propagator, problems = _propagators(configured_propagators() or "tracecontext,baggage")
    if warn is not None:
        for problem in problems:
            warn(f"OTEL_PROPAGATORS: {problem}")
    return propagator


@lru_cache(maxsize=8)
def _propagators(configured: str) -> tuple[TextMapPropagator, list[str]]:
    """The propagators of a comma-separated list, and what is wrong with those that cannot be loaded."""
    names = [name.strip() for name in configured.split(",") if name.strip()]
    propagators, problems = [], []
    for name in [] if "none" in names else names:
        try:
            propagators.append(_KNOWN[name]() if name in _KNOWN else _installed(name))
        except Exception as error:  # noqa: BLE001 - foreign code, or none at all: go on without it
            problems.append(f"{name!r} cannot be used ({type(error).__name__}: {error})")
    return CompositePropagator(propagators), problems


def _installed(name: str) -> TextMapPropagator:
    for entry in entry_points(group="opentelemetry_propagator", name=name):
        propagator: TextMapPropagator = entry.load()()
        return propagator
    raise LookupError("it is not installed")


def _variable(key: str) -> str:
    return re.sub(r"[^A-Z0-9_]", "_", key.upper())

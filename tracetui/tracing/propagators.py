"""OpenTelemetry's propagators, on environment variables. Loaded only if there is something to propagate."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.metadata import entry_points

from opentelemetry.baggage.propagation import W3CBaggagePropagator
from opentelemetry.context import Context
from opentelemetry.propagators.composite import CompositePropagator
from opentelemetry.propagators.textmap import Getter, Setter, TextMapPropagator
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from tracetui.tracing.host.warn import Warn


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


def extracted(configured: str, warn: Warn | None = None) -> Context:
    """The context in the environment; `configured` is the value of `OTEL_PROPAGATORS`."""
    return _propagator(configured, warn).extract(os.environ, Context(), _VARIABLES)


def injected(context: Context, configured: str) -> dict[str, str]:
    """The variables that hand `context` down."""
    carrier: dict[str, str] = {}
    _propagator(configured).inject(carrier, context, _VARIABLES)
    return carrier


def _propagator(configured: str, warn: Warn | None = None) -> TextMapPropagator:
    propagator, problems = _propagators(configured or "tracecontext,baggage")
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

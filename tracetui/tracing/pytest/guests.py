"""Spans of the code under test, where it has a tracer provider of its own, in the same trace and files."""

from __future__ import annotations

import os
from collections.abc import Callable
from weakref import WeakSet

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.environment_variables import OTEL_PYTHON_TRACER_PROVIDER
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor, TracerProvider


class Guests:
    """Joins the host's providers as they appear; `is_welcome` says whether their spans are to be kept now."""

    def __init__(self, provider: TracerProvider, is_welcome: Callable[[], bool]) -> None:
        self._own = provider
        self._is_welcome = is_welcome
        self._joined: WeakSet[TracerProvider] = WeakSet()
        # Before anybody has set one it is this, unless the SDK is asked to make one when it is missed.
        self._none = None if OTEL_PYTHON_TRACER_PROVIDER not in os.environ else self
        self._seen: object = None
        self._is_over = False

    def look(self) -> None:
        """Join the global provider, if the host has set one since."""
        # Asked in every phase of every test: not by the function, where that is known to find nothing.
        provider = getattr(trace, "_TRACER_PROVIDER", self)
        if provider is self._none or provider is self._seen:
            return
        provider = trace.get_tracer_provider()
        self._seen = provider
        if not isinstance(provider, TracerProvider) or provider is self._own or provider in self._joined:
            return
        self._joined.add(provider)
        provider.add_span_processor(_Forwarder(self._own, self._may_write))

    def leave(self) -> None:
        """The run is over: what the host does from now on is not ours to write."""
        self._is_over = True

    def _may_write(self) -> bool:
        return not self._is_over and self._is_welcome()


class _Forwarder(SpanProcessor):
    """What the host's provider does to its processors at its end is not done to ours."""

    def __init__(self, provider: TracerProvider, may_write: Callable[[], bool]) -> None:
        # The SDK has no public way to ask a provider for them.
        self._ours = provider._active_span_processor
        self._may_write = may_write

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        if self._may_write():
            self._ours.on_start(span, parent_context)

    def on_end(self, span: ReadableSpan) -> None:
        if self._may_write():
            self._ours.on_end(span)

    def shutdown(self) -> None:
        """Nothing: the run goes on."""

    def force_flush(self, timeout_millis: int = 30000) -> bool:  # noqa: ARG002 - nothing is held back
        return True

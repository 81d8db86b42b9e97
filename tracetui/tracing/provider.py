"""A tracer provider whose spans start and end by our own clock, whatever a test does to everyone's.

OpenTelemetry's SDK asks `time.time_ns` when it is given no time. Libraries that freeze or shift time replace
that function, and spans would start in 1985 and last nothing. So each span is given its times.
"""

from __future__ import annotations

from collections.abc import Sequence

from opentelemetry.context import Context
from opentelemetry.sdk.trace import Span, Tracer, TracerProvider
from opentelemetry.trace import Link, SpanKind
from opentelemetry.trace import Span as AnySpan
from opentelemetry.trace import Tracer as AnyTracer
from opentelemetry.util.types import Attributes

from tracetui.tracing.clock import now_ns


class RealTimeProvider(TracerProvider):
    """The SDK's provider; where its tracers and their spans are given no time, it is our clock's."""

    def get_tracer(
        self,
        instrumenting_module_name: str,
        instrumenting_library_version: str | None = None,
        schema_url: str | None = None,
        attributes: Attributes = None,
    ) -> AnyTracer:
        tracer = super().get_tracer(
            instrumenting_module_name, instrumenting_library_version, schema_url, attributes
        )
        if type(tracer) is Tracer:
            # The SDK makes and keeps the tracer: this way it can go on changing how.
            tracer.__class__ = RealTimeTracer
        return tracer


class RealTimeTracer(Tracer):
    """The SDK's tracer, with our clock."""

    def start_span(
        self,
        name: str,
        context: Context | None = None,
        kind: SpanKind = SpanKind.INTERNAL,
        attributes: Attributes = None,
        links: Sequence[Link] | None = (),
        start_time: int | None = None,
        record_exception: bool = True,
        set_status_on_exception: bool = True,
    ) -> AnySpan:
        at_ns = now_ns() if start_time is None else start_time
        span = super().start_span(
            name, context, kind, attributes, links, at_ns, record_exception, set_status_on_exception
        )
        if isinstance(span, Span):
            span.__class__ = RealTimeSpan
        return span


class RealTimeSpan(Span):
    """The SDK's span, with our clock."""

    def end(self, end_time: int | None = None) -> None:
        super().end(now_ns() if end_time is None else end_time)

    def add_event(self, name: str, attributes: Attributes = None, timestamp: int | None = None) -> None:
        super().add_event(name, attributes, now_ns() if timestamp is None else timestamp)

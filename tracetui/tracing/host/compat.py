"""What tracing needs of OpenTelemetry's SDK beyond its public interface.

`tests/tracing/test_compat.py` checks it against the installed SDK. Spans of every provider are seen here,
from start to end, without a processor on any of them: code that inspects its own provider finds what it put
there, and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import wraps
from typing import Protocol

from opentelemetry.context import Context
from opentelemetry.sdk.trace import Span, SpanLimits, SpanProcessor, Tracer, TracerProvider
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.util._decorator import _AgnosticContextManager

SpanBlock = _AgnosticContextManager
"""What `start_as_current_span` gives: `with` blocks of ours have to be decorators too, as the SDK's are."""


class SpanWatch(Protocol):
    """Is told of spans in the thread that starts and ends them; must not raise.

    The times are those given to the span, None if the SDK read its own clock.
    """

    def started(self, span: Span, time_ns: int | None) -> None:
        """`span` has started."""

    def ended(self, span: Span, time_ns: int | None) -> None:
        """`span` was asked to end, perhaps not for the first time."""


def processors_of(span: Span) -> Sequence[object]:
    """The processors that a provider gave to its span."""
    processor = span._span_processor
    return getattr(processor, "_span_processors", (processor,))


def parts_of(processor: SpanProcessor) -> Sequence[SpanProcessor]:
    """The processors inside a provider's or tracer's: calling them directly saves the SDK's loop."""
    parts: Sequence[SpanProcessor] = vars(processor)["_span_processors"]
    return parts


def parts_of_provider(provider: TracerProvider) -> Sequence[SpanProcessor]:
    """The processors that were added to a provider; there is no public way to ask."""
    return parts_of(provider._active_span_processor)


def scope_of(tracer: Tracer) -> InstrumentationScope:
    """The scope of a tracer's spans, before there is a span to ask."""
    return tracer._instrumentation_scope


def limits_of(tracer: Tracer) -> SpanLimits:
    """The limits of a tracer's spans, before there is a span."""
    return tracer._span_limits


_watches: list[SpanWatch] = []
_start, _end = Span.start, Span.end


def watch_spans(watch: SpanWatch) -> None:
    """Tell `watch` of all spans of this process; of several watches, only the last is told."""
    _watches.append(watch)
    Span.start, Span.end = _watched_start, _watched_end  # type: ignore[method-assign]


def unwatch_spans(watch: SpanWatch) -> None:
    """Tell it of no more spans; a watch that is not registered is ignored."""
    if watch in _watches:
        _watches.remove(watch)
    if not _watches and Span.start is _watched_start:
        Span.start, Span.end = _start, _end  # type: ignore[method-assign]


@wraps(_start)
def _watched_start(self: Span, start_time: int | None = None, parent_context: Context | None = None) -> None:
    _start(self, start_time, parent_context)
    for watch in _watches[-1:]:
        watch.started(self, start_time)


@wraps(_end)
def _watched_end(self: Span, end_time: int | None = None) -> None:
    try:
        _end(self, end_time)
    finally:
        # A processor of the host's that raises does not undo the end.
        for watch in _watches[-1:]:
            watch.ended(self, end_time)

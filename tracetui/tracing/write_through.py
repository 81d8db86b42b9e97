"""The processor behind every file of spans: copy the baggage, note the start, write the end at once."""

from __future__ import annotations

from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor

from tracetui.tracing.baggage import Predicate, copy_baggage, looks_public
from tracetui.tracing.file_exporter import FileSpanExporter
from tracetui.tracing.live import LiveLog
from tracetui.tracing.per_process import PerProcess


class WriteThroughSpanProcessor(SpanProcessor):
    """Hands each span to `exporter` as it ends, in the thread that ends it; keeps start records beside it.
    The baggage of `base` is on every span, also of threads and tasks that did not get it from their parent.

    Unlike the SDK's `SimpleSpanProcessor` it shows spans that are still open, and never uses `logging`.
    """

    def __init__(
        self,
        exporter: FileSpanExporter,
        resource: Resource,
        base: Context,
        predicate: Predicate = looks_public,
    ) -> None:
        self._exporter = exporter
        self._base = base
        self._predicate = predicate
        self._live = PerProcess(lambda: LiveLog(exporter.place, resource, lambda: exporter.lost))

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        copy_baggage(span, parent_context, self._predicate)
        copy_baggage(span, self._base, self._predicate)
        self._live().started(span)

    def on_end(self, span: ReadableSpan) -> None:
        if span.context is not None and span.context.trace_flags.sampled:
            self._exporter.export((span,))
        self._live().ended(span)

    def shutdown(self) -> None:
        self._live().close()
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        return self._exporter.force_flush(timeout_millis)

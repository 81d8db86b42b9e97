"""Copies baggage of the parent context to attributes of every span, as resmoke does, in front of any
exporter.

Baggage also travels in the HTTP headers of whatever is instrumented: put nothing secret in it. Entries whose
key looks like a secret's are never copied unless a predicate of your own asks for them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence

from opentelemetry.context import Context
from opentelemetry.sdk.trace import ReadableSpan, Span
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

from tracetui.tracing.baggage_attributes import Predicate, copy_baggage, looks_public
from tracetui.tracing.host.per_process import PerProcess, Tally
from tracetui.tracing.otlp.quiet import keep_quiet, silence

Batch = Sequence[ReadableSpan]
Pack = Callable[[Batch], Iterable[Batch]]


def as_they_come(spans: Batch) -> Iterable[Batch]:
    """The packing for an exporter that takes any batch: unchanged."""
    return (spans,)


class _Deliveries(SpanExporter):
    """Counts what another exporter accepted; its exceptions and log records stay in here."""

    def __init__(self, exporter: SpanExporter, pack: Pack) -> None:
        self._exporter = exporter
        self._pack = pack
        self._is_closed = False
        self.spans = 0

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        before = self.spans
        with silence:
            for batch in self._pack(spans):
                # The batch processor exports under a lock of its own: one thread at a time.
                self.spans += self._deliver(batch)
        is_all = self.spans - before == len(spans)
        return SpanExportResult.SUCCESS if is_all else SpanExportResult.FAILURE

    def shutdown(self) -> None:
        self._is_closed = True
        with silence:
            self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        return self._exporter.force_flush(timeout_millis)

    def _deliver(self, spans: Batch) -> int:
        """How many spans the exporter accepted. A span that it chokes on costs only itself."""
        try:
            result = self._exporter.export(spans)
        except Exception:  # noqa: BLE001 - foreign code: what it raises must not reach the host
            if len(spans) == 1 or self._is_closed:
                return 0
            middle = len(spans) // 2
            return self._deliver(spans[:middle]) + self._deliver(spans[middle:])
        return len(spans) if result is SpanExportResult.SUCCESS else 0


class BatchedBaggageSpanProcessor(BatchSpanProcessor):
    """A `BatchSpanProcessor` that copies baggage to attributes and knows what it lost.

    `predicate` says which baggage keys are copied; `pack` makes of a batch those that are sent. The other
    arguments are `BatchSpanProcessor`'s, whose defaults are `OTEL_BSP_*`.
    """

    def __init__(
        self,
        exporter: SpanExporter,
        predicate: Predicate = looks_public,
        *,
        pack: Pack = as_they_come,
        max_queue_size: int | None = None,
        schedule_delay_millis: float | None = None,
        max_export_batch_size: int | None = None,
        export_timeout_millis: float | None = None,
    ) -> None:
        keep_quiet()
        self._deliveries = _Deliveries(exporter, pack)
        self._predicate = predicate
        # What the parent had queued at a fork is the parent's to deliver.
        self._ended = PerProcess(lambda: Tally(self._deliveries.spans))
        super().__init__(
            self._deliveries,
            max_queue_size,
            schedule_delay_millis,
            max_export_batch_size,
            export_timeout_millis,
        )

    @property
    def lost(self) -> int:
        """Spans of this process that ended undelivered; until `shutdown()` some of them still wait."""
        return max(0, self._ended().total - self._deliveries.spans)

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        copy_baggage(span, parent_context, self._predicate)

    def on_end(self, span: ReadableSpan) -> None:
        if span.context is not None and span.context.trace_flags.sampled:
            self._ended().add()
        with silence:
            super().on_end(span)

    def force_flush(self, timeout_millis: int | None = None) -> bool:
        """Deliver what is queued; False if that took longer than `timeout_millis` (30 s): it goes on then."""
        flush = threading.Thread(target=super().force_flush, name="tracetui-flush", daemon=True)
        try:
            flush.start()
        except RuntimeError:
            return False
        flush.join((30_000 if timeout_millis is None else timeout_millis) / 1000)
        return not flush.is_alive()

    def shutdown(self) -> None:
        with silence:
            super().shutdown()  # type: ignore[no-untyped-call]

"""Baggage of the parent context -> attributes on every span, as resmoke has it, with any exporter behind.

Baggage also travels in the HTTP headers of whatever is instrumented: put nothing secret in it. Entries whose
key looks like a secret's are never copied unless a predicate of your own asks for them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from opentelemetry import baggage
from opentelemetry.context import Context
from opentelemetry.sdk.trace import ReadableSpan, Span
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

from tracetui.tracing.per_process import PerProcess, Tally

_SECRET = re.compile(
    r"pass(word|wd|phrase)|secret|token|api[-_.]?key|authorization|cookie|session|credential|private",
    re.IGNORECASE,
)
Predicate = Callable[[str], bool]


@lru_cache(maxsize=1024)
def looks_public(key: str) -> bool:
    """The default predicate: every key but those that look like a secret's."""
    return _SECRET.search(key) is None


def copy_baggage(span: Span, parent_context: Context | None, predicate: Predicate = looks_public) -> None:
    """Set the baggage of `parent_context` on `span`; an attribute the span was given itself is kept."""
    own = span.attributes or {}
    for key, value in baggage.get_all(parent_context).items():
        if value is not None and key not in own and predicate(key):
            span.set_attribute(key, value)  # type: ignore[arg-type]  # the SDK makes a string of what it cannot hold


class _Deliveries(SpanExporter):
    """An exporter that counts what another one took."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter
        self.spans = 0

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = self._exporter.export(spans)
        if result is SpanExportResult.SUCCESS:
            # The batch processor exports under a lock of its own: one thread at a time.
            self.spans += len(spans)
        return result

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        return self._exporter.force_flush(timeout_millis)


class BatchedBaggageSpanProcessor(BatchSpanProcessor):
    """A `BatchSpanProcessor` that copies baggage to attributes and knows what it lost.

    `predicate` says which baggage keys are copied; the other arguments are `BatchSpanProcessor`'s.
    """

    def __init__(
        self,
        exporter: SpanExporter,
        predicate: Predicate = looks_public,
        *,
        max_queue_size: int | None = None,
        schedule_delay_millis: float | None = None,
        max_export_batch_size: int | None = None,
        export_timeout_millis: float | None = None,
    ) -> None:
        self._deliveries = _Deliveries(exporter)
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
        super().on_end(span)

    def shutdown(self) -> None:
        super().shutdown()  # type: ignore[no-untyped-call]

"""What every span of a program passes through, on its way to the files and to what is beside them."""

from __future__ import annotations

from collections.abc import Sequence

from opentelemetry import baggage
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor

from tracetui.tracing.about.resource import this_process
from tracetui.tracing.baggage import BAGGAGE, Predicate, copy_baggage, looks_public
from tracetui.tracing.clock import now_ns
from tracetui.tracing.file_exporter import FileSpanExporter
from tracetui.tracing.live import LiveLog
from tracetui.tracing.otlp.tee import GRACE_SECONDS, Tee, shut_down
from tracetui.tracing.per_process import PerProcess
from tracetui.tracing.quick import QuickSpan
from tracetui.tracing.redact import Redact, redacted, redacted_resource
from tracetui.tracing.warn import Warn


class Sinks(SpanProcessor):
    """Baggage is copied and the start noted when a span starts. When it ends it is written to the file, by
    the thread that ends it, and then handed to the tees; none of them sees what `redact` hides.

    The baggage of `base` is on every span, also of threads and tasks that did not get it from their parent.
    Unlike the SDK's processors it shows spans that are still open, and never uses `logging`.
    """

    takes_quick_spans = True
    """A span that has ended may be no copy: it is read here and now."""

    def __init__(
        self,
        exporter: FileSpanExporter,
        resource: Resource,
        base: Context,
        tees: Sequence[Tee],
        *,
        redact: Redact,
        warn: Warn,
        predicate: Predicate = looks_public,
    ) -> None:
        self.exporter = exporter
        self.tees = tees
        self.grace_seconds = GRACE_SECONDS
        self._base = base
        self._base_has_baggage = bool(baggage.get_all(base))
        self._redact = redact
        self._warn = warn
        self._predicate = predicate
        # After a fork the SDK's resource still has the parent's process id.
        self._resource = PerProcess(lambda: redacted_resource(resource.merge(this_process()), redact))
        self._own = PerProcess(
            lambda: (*exporter.own(), LiveLog(exporter.place, resource, lambda: exporter.lost, redact))
        )

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        if parent_context is None or BAGGAGE in parent_context:
            copy_baggage(span, parent_context, self._predicate)
        if self._base_has_baggage:
            copy_baggage(span, self._base, self._predicate)
        self._own()[2].started(span)

    def on_end(self, span: ReadableSpan) -> None:
        file, encoder, live = self._own()
        # Quick spans are: to ask would take the making of a context.
        if type(span) is QuickSpan or (span.context is not None and span.context.trace_flags.sampled):
            # The file first: it does not wait for the others.
            file.append(encoder.span_line, span)
            if self.tees:
                self._send(span)
        live.ended(span)

    def on_change(self, span: ReadableSpan) -> None:
        """Show the attributes of a span that is still open as they are now."""
        self._own()[2].changed(span)

    def _send(self, span: ReadableSpan) -> None:
        told = redacted(span, self._redact, self._resource())
        for tee in self.tees:
            tee.processor.on_end(told)

    def shutdown(self) -> None:
        """Close the files, deliver the rest, say what was lost; in `grace_seconds` at most."""
        self.exporter.force_flush()
        self._own()[2].close()
        self.exporter.shutdown()
        shut_down(self.tees, self._warn, self.grace_seconds)

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        self.exporter.force_flush()
        deadline_ns = now_ns() + timeout_millis * 1_000_000
        return all(tee.force_flush(deadline_ns) for tee in self.tees)

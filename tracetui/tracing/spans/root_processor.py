"""The processor that every span of a program passes through, on its way to the files and other sinks."""

from __future__ import annotations

import atexit
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from opentelemetry import baggage
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor

from tracetui.tracing.about.resource import this_process
from tracetui.tracing.baggage_attributes import (
    BAGGAGE,
    Predicate,
    copy_baggage,
    looks_public,
    public_entries,
)
from tracetui.tracing.files.span_file import SpanFile
from tracetui.tracing.host.clock import now_ns
from tracetui.tracing.host.per_process import PerProcess
from tracetui.tracing.host.warn import Warn
from tracetui.tracing.live import LiveLog
from tracetui.tracing.otlp import GRACE_SECONDS
from tracetui.tracing.redact import Redact, redacted, redacted_resource, scrub
from tracetui.tracing.spans.fast_span import FastSpan

if TYPE_CHECKING:
    from tracetui.tracing.otlp.tee import Tee


class Sinks(SpanProcessor):
    """Copies baggage and notes the start when a span starts; writes it to the file when it ends.

    The thread that ends a span writes it and then hands it to the tees; none of them sees what `redact`
    hides. The baggage of `base` is on every span, also of threads and tasks that did not inherit it. Unlike
    the SDK's processors it shows spans still open, and never uses `logging`. Where it `takes_lines`, there is
    nothing that would see or change a span before it is one.
    """

    takes_quick_spans = True
    """A span that has ended may be no copy: it is read here and now."""

    def __init__(
        self,
        exporter: SpanFile,
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
        self.at_exit: Callable[[], object] = self.pause
        self.is_over = False
        self._is_paused = False
        self._may_take_lines = redact is scrub and not tees and not baggage.get_all(base)
        self.takes_lines = self._may_take_lines
        self._base = base
        self._base_has_baggage = bool(baggage.get_all(base))
        self._redact = redact
        self._warn = warn
        self._predicate = predicate
        # After a fork the SDK's resource still has the parent's process id.
        self._resource = PerProcess(lambda: redacted_resource(resource.merge(this_process()), redact))
        self.own = PerProcess(
            lambda: (
                *exporter.own(),
                LiveLog(exporter.place, resource, lambda: exporter.losses, redact, exporter.homing),
            )
        )

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        if parent_context is None or BAGGAGE in parent_context:
            copy_baggage(span, parent_context, self._predicate)
        if self._base_has_baggage:
            copy_baggage(span, self._base, self._predicate)
        if self._is_paused:
            self._resume()
        if not self.is_over:
            self.own()[2].started(span)

    def started(self, span: ReadableSpan) -> None:
        """Note the start of a span that we must not change."""
        if self._is_paused:
            self._resume()
        if not self.is_over:
            self.own()[2].started(span)

    def forget(self, span: ReadableSpan) -> None:
        """Stop showing a span as open, and never write it."""
        self.own()[2].ended(span)

    @property
    def base_attributes(self) -> dict[str, object]:
        """The attributes that the baggage of `base` adds to every span."""
        return public_entries(self._base, self._predicate)

    def on_end(self, span: ReadableSpan) -> None:
        file, encoder, live = self.own()
        # Quick spans are: to ask would take the making of a context.
        if type(span) is FastSpan or (span.context is not None and span.context.trace_flags.sampled):
            # The file first: it does not wait for the others.
            if not file.append(encoder.span_line, span) and self.is_over:
                self._tell_late(file.lost)
            if self.tees:
                self._send(span)
        live.ended(span)

    def on_change(self, span: ReadableSpan) -> None:
        """Show the current attributes of a span that is still open."""
        self.own()[2].changed(span)

    def _send(self, span: ReadableSpan) -> None:
        cleaned = redacted(span, self._redact, self._resource())
        for tee in self.tees:
            tee.processor.on_end(cleaned)

    def pause(self) -> None:
        """Write and deliver everything: this may be the end, or not."""
        self._is_paused, self.takes_lines = True, False
        self.force_flush(int(self.grace_seconds * 1000))
        self.own()[2].close(is_final=False)

    def shutdown(self) -> None:
        """Close the files, deliver the rest, and report losses; in `grace_seconds` at most."""
        self.is_over, self._is_paused, self.takes_lines = True, False, False
        self.exporter.force_flush()
        self.own()[2].close()
        self.exporter.shutdown()
        if self.tees:
            from tracetui.tracing.otlp.tee import shut_down

            shut_down(self.tees, self._warn, self.grace_seconds)

    def _resume(self) -> None:
        """Continue after a pause. Python forgets exit handlers that have run."""
        self._is_paused, self.takes_lines = False, self._may_take_lines
        atexit.register(self.at_exit)

    def _tell_late(self, lost: int) -> None:
        """Report how many spans came too late: at the first, at the end, and rarely in between."""
        if lost & (lost - 1) == 0:
            self.own()[2].tell_dropped()
            atexit.unregister(self._tell_last)
            atexit.register(self._tell_last)

    def _tell_last(self) -> None:
        self.own()[2].tell_dropped()

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        self.exporter.force_flush()
        deadline_ns = now_ns() + timeout_millis * 1_000_000
        return all(tee.force_flush(deadline_ns) for tee in self.tees)

"""The tracing of a program, as `set_up_tracing` returns it."""

from __future__ import annotations

import atexit
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from opentelemetry import context as contexts
from opentelemetry.context import Context
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.trace import Span, Tracer

from tracetui.tracing.files.line_file import LineFile
from tracetui.tracing.otlp import GRACE_SECONDS
from tracetui.tracing.spans.root_processor import Sinks


class Tracing:
    """A program's tracing: start the root span with `tracer` in `context`, and call `shutdown()` at the
    end.
    """

    def __init__(self, provider: TracerProvider, sinks: Sinks, context: Context) -> None:
        self.provider = provider
        self.tracer: Tracer = provider.get_tracer("tracetui")
        self.context = context
        self._sinks = sinks
        self._is_shut_down = False
        self._before: Context | None = None
        sinks.at_exit = self._at_exit
        atexit.register(self._at_exit)

    @property
    def spans_dir(self) -> Path:
        """The absolute directory of the files."""
        return self._sinks.exporter.directory

    @property
    def spans_written(self) -> int:
        """Spans of this process that are in its file."""
        return self._sinks.exporter.written

    @property
    def spans_lost(self) -> int:
        """Spans of this process that ended and are not in its file."""
        return self._sinks.exporter.lost

    @property
    def spans_undelivered(self) -> int:
        """Spans of this process that did not reach an exporter beside the files; final after `shutdown()`."""
        return sum(tee.processor.lost for tee in self._sinks.tees)

    @property
    def first_error(self) -> str:
        """Why the first lost span was lost; empty if none was."""
        return self._sinks.exporter.first_error

    def show_change(self, span: Span) -> None:
        """Show viewers the current attributes of an open span, if its start was shown."""
        if isinstance(span, ReadableSpan):
            self._sinks.on_change(span)

    @property
    def sinks(self) -> Sinks:
        """The processor that its spans pass through."""
        return self._sinks

    def make_current(self) -> None:
        """Let spans without a context of their own start in ours, in this thread or task, until the
        shutdown.
        """
        self._before = contexts.get_current()
        contexts.attach(self.context)

    def logs_file(self) -> LineFile:
        """The calling process's file of log records, beside its spans; the caller closes it."""
        return self._sinks.exporter.place.logs()

    def shutdown(self, grace_seconds: float = GRACE_SECONDS) -> None:
        """Close the files and deliver the rest, in `grace_seconds` at most; a second call does nothing."""
        if self._is_shut_down:
            return
        self._is_shut_down = True
        self._sinks.grace_seconds = grace_seconds
        atexit.unregister(self._at_exit)
        if self._before is not None and contexts.get_current() is self.context:
            contexts.attach(self._before)
        self.provider.shutdown()

    def _at_exit(self) -> None:
        # The main thread is over when Python ends. A host may run the exit handlers of others, and go on.
        if threading.main_thread().is_alive():
            self._sinks.pause()
        else:
            self.shutdown()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.shutdown()

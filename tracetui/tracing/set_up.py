"""One call that sets a program up to be traced: spans to files, to OTLP/gRPC where that is configured.

Nothing here raises into the host program, and nothing global is changed: the provider is the caller's own.
"""

from __future__ import annotations

import atexit
import os
import platform
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import Tracer

from tracetui.tracing.environment import adopted_context, parse_id
from tracetui.tracing.file_exporter import FileSpanExporter, Warn, spans_directory, warn_on_stderr
from tracetui.tracing.ids import UrandomIdGenerator
from tracetui.tracing.line_file import LineFile
from tracetui.tracing.otlp import OtlpTee, configured_endpoint
from tracetui.tracing.write_through import WriteThroughSpanProcessor


class Tracing:
    """A program's tracing: start the root span with `tracer` in `context`, call `shutdown()` at the end."""

    def __init__(
        self,
        provider: TracerProvider,
        exporter: FileSpanExporter,
        context: Context,
        tee: OtlpTee | None = None,
        warn: Warn = warn_on_stderr,
    ) -> None:
        self.provider = provider
        self.tracer: Tracer = provider.get_tracer("tracetui")
        self.context = context
        self._exporter = exporter
        self._files = WriteThroughSpanProcessor(exporter, provider.resource, context)
        self._tee = tee
        self._warn = warn
        # The file first: it does not wait for the other.
        provider.add_span_processor(self._files)
        if tee is not None:
            provider.add_span_processor(tee.processor)
        self._is_shut_down = False
        atexit.register(self.shutdown)

    @property
    def spans_dir(self) -> Path:
        """The directory of the files, absolute."""
        return self._exporter.directory

    @property
    def spans_written(self) -> int:
        """Spans of this process that are in its file."""
        return self._exporter.written

    @property
    def spans_lost(self) -> int:
        """Spans of this process that ended and are not in its file."""
        return self._exporter.lost

    @property
    def first_error(self) -> str:
        """Why the first lost span was lost; empty if none was."""
        return self._exporter.first_error

    def logs_file(self) -> LineFile:
        """A file of log records for the process that asks, beside its spans; whoever asks closes it."""
        return self._exporter.place.logs()

    def shutdown(self) -> None:
        """Close the files and deliver the rest, in 2 s at most; a second call does nothing."""
        if self._is_shut_down:
            return
        self._is_shut_down = True
        atexit.unregister(self.shutdown)
        self._files.shutdown()
        if self._tee is not None:
            self._tee.shutdown(self._warn)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.shutdown()


def set_up_tracing(
    spans_dir: str | os.PathLike[str] | None = None,
    *,
    service_name: str,
    trace_id: str | int | None = None,
    parent_span_id: str | int | None = None,
    extra_context: Mapping[str, object] | None = None,
    otlp_endpoint: str | None = None,
    warn: Warn = warn_on_stderr,
) -> Tracing:
    """Set up tracing to `spans_dir` (else `TRACETUI_DIR`, `OTEL_COLLECTOR_DIR`, `spans`).

    `trace_id` and `parent_span_id` (hex, or integers) name the parent of the root span, else `TRACEPARENT`
    does, else resmoke's `OTEL_TRACE_ID` and `OTEL_PARENT_ID`; a `trace_id` alone is used for new traces.
    `extra_context` is baggage, and so becomes attributes of every span. `otlp_endpoint`, else
    `OTEL_EXPORTER_OTLP_[TRACES_]ENDPOINT`, gets every span too. `warn` takes the few lines there may be to
    say; they go to stderr.
    """
    service = os.environ.get("OTEL_SERVICE_NAME") or service_name
    resource = Resource.create(
        {"service.name": service, "process.pid": os.getpid(), "host.name": platform.node()}
    )
    provider = TracerProvider(
        # A parent that was not sampled for some backend says nothing about our files.
        sampler=None if os.environ.get("OTEL_TRACES_SAMPLER") else ALWAYS_ON,
        resource=resource,
        shutdown_on_exit=False,
        id_generator=UrandomIdGenerator(parse_id(trace_id, 128)),
    )
    exporter = FileSpanExporter(spans_directory(spans_dir), service_name=service, warn=warn)
    context = adopted_context(trace_id, parent_span_id, extra_context)
    return Tracing(provider, exporter, context, _tee(otlp_endpoint, warn), warn)


def _tee(otlp_endpoint: str | None, warn: Warn) -> OtlpTee | None:
    endpoint = configured_endpoint(otlp_endpoint)
    if endpoint is None or os.environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return None
    try:
        return OtlpTee(endpoint)
    except Exception as error:  # noqa: BLE001 - whatever a foreign exporter dislikes, the files are written
        warn(f"no spans are sent to {endpoint}: {type(error).__name__}: {error}")
        return None

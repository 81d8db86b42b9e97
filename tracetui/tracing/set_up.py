"""One call that sets a program up to be traced: spans to files, and to OTLP where that is configured.

    with set_up_tracing("spans", service_name="my-runner") as tracing:
        with tracing.tracer.start_as_current_span("all tests", context=tracing.context):
            run_tests()

A span is a `with` block, or a function, called as often as one likes (`async` ones too):

    @tracing.tracer.start_as_current_span("run_test")
    def run_test(name): ...

Where functions are decorated before tracing is set up, as they are when modules are imported, take the tracer
from OpenTelemetry, and set tracing up for everyone:

    tracer = opentelemetry.trace.get_tracer("my-runner")
    set_up_tracing("spans", service_name="my-runner", is_global=True)

What happens after that raises nothing into the host program.

Where spans go: to files in `spans_dir`, else `TRACETUI_DIR`, `OTEL_COLLECTOR_DIR`, `spans`; to
`otlp_endpoint`, else `OTEL_EXPORTER_OTLP_[TRACES_]ENDPOINT`, and to the exporters in `OTEL_TRACES_EXPORTER`;
and to `resmoke_dir` as `metricsN.json`. `batch_seconds` and `max_bytes` are those of `FileSpanExporter`.

What they belong to: `trace_id` and `parent_span_id` (hex, or integers) name the parent of the root span, else
`TRACEPARENT` does, else resmoke's `OTEL_TRACE_ID` and `OTEL_PARENT_ID`; a `trace_id` alone is used for new
traces. With `is_global`, OpenTelemetry's global tracers and the current context are ours; otherwise nothing
global is changed.

What they say: `extra_context` is baggage, and so becomes attributes of every span, where `baggage_predicate`
accepts the key. `redact` sees all attributes before anything is recorded (see `tracetui.tracing.redact`), in
the place of `scrub`, which it may call. `warn` takes the few lines there may be to say.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial

from opentelemetry import context as contexts
from opentelemetry import trace

from tracetui.tracing import settings
from tracetui.tracing.about.resource import resource_of
from tracetui.tracing.baggage import Predicate, looks_public
from tracetui.tracing.environment import adopted_context, parse_id
from tracetui.tracing.file_exporter import FileSpanExporter
from tracetui.tracing.files.documents import DocumentSpanExporter
from tracetui.tracing.ids import UrandomIdGenerator
from tracetui.tracing.otlp.tee import Tee
from tracetui.tracing.provider import RealTimeProvider
from tracetui.tracing.redact import Redact, scrub
from tracetui.tracing.sinks import Sinks
from tracetui.tracing.traced import Tracing
from tracetui.tracing.warn import Warn, warn_on_stderr

__all__ = ["Tracing", "set_up_tracing"]


def set_up_tracing(
    spans_dir: str | os.PathLike[str] | None = None,
    *,
    service_name: str,
    trace_id: str | int | None = None,
    parent_span_id: str | int | None = None,
    extra_context: Mapping[str, object] | None = None,
    otlp_endpoint: str | None = None,
    is_global: bool = False,
    redact: Redact = scrub,
    baggage_predicate: Predicate = looks_public,
    batch_seconds: float = 0.0,
    max_bytes: int | None = None,
    resmoke_dir: str | os.PathLike[str] | None = None,
    warn: Warn = warn_on_stderr,
) -> Tracing:
    """Set up tracing of this program, with the options that the module explains.

    Raises `ValueError` where OpenTelemetry's SDK refuses its settings.
    """
    service = os.environ.get("OTEL_SERVICE_NAME") or service_name
    provider = _provider(service, parse_id(trace_id, 128), warn)
    exporter = FileSpanExporter(
        spans_dir,
        service_name=service,
        warn=warn,
        redact=redact,
        batch_seconds=batch_seconds,
        max_bytes=max_bytes,
    )
    context = adopted_context(trace_id, parent_span_id, extra_context, warn)
    tees = [*settings.tees(otlp_endpoint, warn), *_documents(resmoke_dir)]
    sinks = Sinks(
        exporter, provider.resource, context, tees, redact=redact, warn=warn, predicate=baggage_predicate
    )
    provider.add_span_processor(sinks)
    if is_global:
        _make_global(provider, context, warn)
    return Tracing(provider, sinks, context)


def _provider(service: str, trace_id: int | None, warn: Warn) -> RealTimeProvider:
    return RealTimeProvider(
        sampler=settings.sampler(warn),
        resource=resource_of(service),
        shutdown_on_exit=False,
        id_generator=UrandomIdGenerator(trace_id),
    )


def _documents(directory: str | os.PathLike[str] | None) -> list[Tee]:
    if directory is None or settings.is_disabled():
        return []
    return [Tee(partial(DocumentSpanExporter, directory), os.fspath(directory))]


def _make_global(provider: RealTimeProvider, context: contexts.Context, warn: Warn) -> None:
    if isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider):
        trace.set_tracer_provider(provider)
    else:
        warn("OpenTelemetry has a global tracer provider already: its tracers are not traced here")
    contexts.attach(context)

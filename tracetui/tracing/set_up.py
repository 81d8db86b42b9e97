"""Sets a program up to be traced in one call: spans go to files, and to OTLP where that is configured.

    with set_up_tracing("spans", service_name="my-runner") as tracing:
        with tracing.tracer.start_as_current_span("all tests", context=tracing.context):
            run_tests()

A span is a `with` block, or a function, called any number of times (`async` ones too):

    @tracing.tracer.start_as_current_span("run_test")
    def run_test(name): ...

Functions may be decorated before tracing is set up, as happens when modules are imported, with a tracer from
OpenTelemetry:

    tracer = opentelemetry.trace.get_tracer("my-runner")

After the set-up nothing is raised into the host program.

Where spans go: to files in `spans_dir`, else `TRACETUI_DIR`, `OTEL_COLLECTOR_DIR`, `spans`; to
`otlp_endpoint`, else `OTEL_EXPORTER_OTLP_[TRACES_]ENDPOINT`, and to the exporters in `OTEL_TRACES_EXPORTER`;
and to `resmoke_dir` as `metricsN.json`. `batch_seconds` and `max_bytes` are those of `FileSpanExporter`.

Their parents: `trace_id` and `parent_span_id` (hex, or integers) name the parent of the root span, else
`TRACEPARENT` does, else resmoke's `OTEL_TRACE_ID` and `OTEL_PARENT_ID`; a `trace_id` alone is used for new
traces. OpenTelemetry's global tracers and the current context are ours too, until the shutdown or the next
set-up; with `is_global=False`, or if another program has made its own global (one line says so), nothing
global is changed.

Their contents: `extra_context` is baggage, and so becomes attributes of every span if `baggage_predicate`
accepts the key. `redact` sees all attributes before anything is recorded (see `tracetui.tracing.redact`),
instead of `scrub`, which it may call. `warn` is called with the few lines there may be to print.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from opentelemetry import context as contexts
from opentelemetry import trace

from tracetui.tracing import settings
from tracetui.tracing.about.resource import resource_of
from tracetui.tracing.baggage_attributes import Predicate, looks_public
from tracetui.tracing.environment import adopted_context, parse_id
from tracetui.tracing.files.span_file import SpanFile
from tracetui.tracing.host.warn import Warn, warn_on_stderr
from tracetui.tracing.redact import Redact, scrub
from tracetui.tracing.spans.home import Homing, home_of_environment
from tracetui.tracing.spans.ids import UrandomIdGenerator
from tracetui.tracing.spans.provider import RealTimeProvider
from tracetui.tracing.spans.root_processor import Sinks
from tracetui.tracing.traced import Tracing

if TYPE_CHECKING:
    from tracetui.tracing.otlp.tee import Tee

__all__ = ["Tracing", "set_up_tracing"]


def set_up_tracing(
    spans_dir: str | os.PathLike[str] | None = None,
    *,
    service_name: str,
    trace_id: str | int | None = None,
    parent_span_id: str | int | None = None,
    extra_context: Mapping[str, object] | None = None,
    otlp_endpoint: str | None = None,
    is_global: bool = True,
    redact: Redact = scrub,
    baggage_predicate: Predicate = looks_public,
    batch_seconds: float = 0.0,
    max_bytes: int | None = None,
    resmoke_dir: str | os.PathLike[str] | None = None,
    warn: Warn = warn_on_stderr,
) -> Tracing:
    """Set up tracing; the module explains the options. Raises `ValueError` if the SDK refuses one."""
    service = os.environ.get("OTEL_SERVICE_NAME") or service_name
    # Before the provider: a forked child begins anew in the order in which it was prepared, exporters first.
    tees = [*settings.tees(otlp_endpoint, warn), *_documents(resmoke_dir)]
    provider = _provider(service, parse_id(trace_id, 128), warn)
    context = adopted_context(trace_id, parent_span_id, extra_context, warn)
    exporter = SpanFile(
        spans_dir,
        service_name=service,
        warn=warn,
        redact=redact,
        batch_seconds=batch_seconds,
        max_bytes=max_bytes,
        homing=_homing(context, is_given=trace_id is not None),
    )
    sinks = Sinks(
        exporter, provider.resource, context, tees, redact=redact, warn=warn, predicate=baggage_predicate
    )
    provider.add_span_processor(sinks)
    tracing = Tracing(provider, sinks, context)
    takes_over = is_global and not settings.is_disabled()
    if takes_over and _made_global(provider, os.fspath(tracing.spans_dir), warn):
        tracing.make_current()
    return tracing


def _homing(context: contexts.Context, *, is_given: bool) -> Homing:
    """What spans that start here belong to: the test that this runs in, unless a parent was given."""
    if is_given:
        return Homing()
    return Homing(home_of_environment(), trace.get_current_span(context).get_span_context().span_id)


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
    from tracetui.tracing.files.documents import DocumentSpanExporter
    from tracetui.tracing.otlp.tee import Tee

    return [Tee(partial(DocumentSpanExporter, directory), os.fspath(directory))]


def _made_global(provider: RealTimeProvider, spans_dir: str, warn: Warn) -> bool:
    """Make our tracers global, unless another provider that is still in use is; returns whether they are."""
    current = trace.get_tracer_provider()
    if isinstance(current, trace.ProxyTracerProvider):
        trace.set_tracer_provider(provider)
    elif isinstance(current, RealTimeProvider):
        if not current.is_over:
            return False
        current.become(provider)
    else:
        kind = type(current)
        warn(
            f"spans of OpenTelemetry's global tracers do not reach {spans_dir}: they are of"
            f" {kind.__module__}.{kind.__qualname__}; use the tracer of set_up_tracing"
        )
        return False
    return True

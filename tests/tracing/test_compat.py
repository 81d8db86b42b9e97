"""What we need of the SDK beyond its promises is as we take it to be."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanLimits, SpanProcessor, Tracer, TracerProvider

from tracetui.tracing.host.compat import (
    SpanBlock,
    limits_of,
    parts_of,
    parts_of_provider,
    processors_of,
    scope_of,
    unwatch_spans,
    watch_spans,
)


class Heard:
    """A watch that keeps what it hears."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str, int | None]] = []

    def started(self, span: Span, time_ns: int | None) -> None:
        self.said.append(("started", span.name, time_ns))

    def ended(self, span: Span, time_ns: int | None) -> None:
        self.said.append(("ended", span.name, time_ns))


@pytest.fixture
def heard() -> Iterator[Heard]:
    watch = Heard()
    watch_spans(watch)
    yield watch
    unwatch_spans(watch)


def test_every_span_starts_and_ends_by_the_methods_of_its_class(heard: Heard) -> None:
    """With the times it was given; whichever provider made it, and whenever that was."""
    tracer = TracerProvider().get_tracer("t")
    with tracer.start_as_current_span("block"):
        pass
    tracer.start_span("plain", start_time=5).end(7)
    assert heard.said == [
        ("started", "block", None),
        ("ended", "block", None),
        ("started", "plain", 5),
        ("ended", "plain", 7),
    ]


def test_a_processor_that_raises_hides_no_end(heard: Heard) -> None:
    """The span has ended all the same, and the exception goes on to whoever ended it."""

    class Broken(SpanProcessor):
        def on_end(self, span: ReadableSpan) -> None:
            raise ValueError(span.name)

    provider = TracerProvider()
    provider.add_span_processor(Broken())
    with pytest.raises(ValueError, match="broken"):
        provider.get_tracer("t").start_span("broken").end()
    assert [what for what, _, _ in heard.said] == ["started", "ended"]


def test_the_last_watch_hears_and_the_first_goes_on(heard: Heard) -> None:
    """A run within a run; and when all have left, the class is as it was."""
    inner = Heard()
    watch_spans(inner)
    TracerProvider().get_tracer("t").start_span("inner")
    unwatch_spans(inner)
    unwatch_spans(inner)
    TracerProvider().get_tracer("t").start_span("outer")
    assert [[name for _, name, _ in each.said] for each in (inner, heard)] == [["inner"], ["outer"]]
    unwatch_spans(heard)
    assert {Span.start.__module__, Span.end.__module__} == {"opentelemetry.sdk.trace"}
    assert inspect.getsource(Span.end).lstrip().startswith("def end(")


def test_a_span_knows_the_processors_of_its_provider() -> None:
    """All of them, and one that was made without a provider its own."""
    provider, processor = TracerProvider(), SpanProcessor()
    provider.add_span_processor(processor)
    span = provider.get_tracer("t").start_span("s")
    assert isinstance(span, Span)
    assert list(processors_of(span)) == [processor]


def test_a_provider_and_its_tracers_know_their_processors() -> None:
    """Those that were added, in their order; also one that is added after the tracer was made."""
    provider, processors = TracerProvider(), [SpanProcessor(), SpanProcessor()]
    tracer = provider.get_tracer("t")
    for processor in processors:
        provider.add_span_processor(processor)
    assert isinstance(tracer, Tracer)
    assert list(parts_of_provider(provider)) == list(parts_of(tracer.span_processor)) == processors


def test_a_tracer_knows_scope_and_limits_of_its_spans() -> None:
    """Before there is a span."""
    limits = SpanLimits(max_span_attributes=7)
    tracer = TracerProvider(span_limits=limits).get_tracer("t", "1")
    assert isinstance(tracer, Tracer)
    assert (scope_of(tracer).name, scope_of(tracer).version) == ("t", "1")
    assert limits_of(tracer) is limits


def test_a_block_is_of_the_known_type() -> None:
    """Which ours replaces."""
    assert type(TracerProvider().get_tracer("t").start_as_current_span("s")) is SpanBlock


def test_a_span_has_the_fields_that_a_fast_one_stands_for() -> None:
    """`FastSpan` makes those of the SDK's span when somebody asks."""
    span = TracerProvider().get_tracer("t").start_span("s")
    fields = "_name _kind _status _start_time _end_time _parent _context _resource _instrumentation_scope"
    assert set(fields.split()) <= vars(span).keys()

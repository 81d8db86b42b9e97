"""What we need of the SDK beyond its promises is as we take it to be."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor, TracerProvider

from tracetui.tracing.host.compat import processors_of, unwatch_spans, watch_spans


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

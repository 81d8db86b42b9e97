"""`BatchedBaggageSpanProcessor`: baggage on every span, any exporter behind, and a count of what was lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from opentelemetry import baggage
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from tests.tracing.recording import spans_in
from tracetui.tracing import BatchedBaggageSpanProcessor, FileSpanExporter
from tracetui.tracing.baggage_attributes import looks_public


class Refusing(SpanExporter):
    """Takes nothing."""

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:  # noqa: ARG002
        return SpanExportResult.FAILURE


@pytest.fixture
def provider() -> Iterator[TracerProvider]:
    provider = TracerProvider(shutdown_on_exit=False)
    yield provider
    provider.shutdown()


def test_any_exporter_gets_the_baggage(provider: TracerProvider) -> None:
    """With the SDK's own in-memory exporter, entries are attributes and nothing is lost."""
    memory = InMemorySpanExporter()
    processor = BatchedBaggageSpanProcessor(memory)
    provider.add_span_processor(processor)
    context = baggage.set_baggage("evergreen.task.id", "t1")
    provider.get_tracer("t").start_span("s", context=context).end()
    processor.shutdown()
    (span,) = memory.get_finished_spans()
    assert dict(span.attributes or {}) == {"evergreen.task.id": "t1"}
    assert processor.lost == 0


def test_the_predicate_decides(provider: TracerProvider) -> None:
    """Only keys that the predicate accepts are copied."""
    memory = InMemorySpanExporter()
    processor = BatchedBaggageSpanProcessor(memory, lambda key: key.startswith("mine."))
    provider.add_span_processor(processor)
    context = baggage.set_baggage("theirs", 1, baggage.set_baggage("mine.a", 2))
    provider.get_tracer("t").start_span("s", context=context).end()
    processor.shutdown()
    assert dict(memory.get_finished_spans()[0].attributes or {}) == {"mine.a": 2}


def test_a_predicate_that_raises_costs_its_key(provider: TracerProvider) -> None:
    """The span is started and delivered without the key that the predicate chokes on."""
    memory = InMemorySpanExporter()
    processor = BatchedBaggageSpanProcessor(memory, lambda key: {"good": True}[key])
    provider.add_span_processor(processor)
    context = baggage.set_baggage("bad", 1, baggage.set_baggage("good", 2))
    provider.get_tracer("t").start_span("s", context=context).end()
    processor.shutdown()
    assert dict(memory.get_finished_spans()[0].attributes or {}) == {"good": 2}


class Choking(SpanExporter):
    """Raises for any batch that holds a span called `bad`."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        if "bad" in [span.name for span in spans]:
            raise RuntimeError("no")
        self.names += [span.name for span in spans]
        return SpanExportResult.SUCCESS


def test_an_exporter_that_raises_costs_the_span_it_chokes_on(
    provider: TracerProvider, caplog: pytest.LogCaptureFixture
) -> None:
    """All the others of the batch are delivered, in order, and nothing is logged."""
    exporter = Choking()
    processor = BatchedBaggageSpanProcessor(exporter)
    provider.add_span_processor(processor)
    for number in range(100):
        provider.get_tracer("t").start_span("bad" if number == 42 else f"{number}").end()
    processor.shutdown()
    assert exporter.names == [f"{number}" for number in range(100) if number != 42]
    assert processor.lost == 1
    assert caplog.records == []


def test_our_exporter_works_behind_it(tmp_path: Path, provider: TracerProvider) -> None:
    """Batched into our own file exporter, all spans are in the file after the shutdown."""
    processor = BatchedBaggageSpanProcessor(FileSpanExporter(tmp_path), max_export_batch_size=7)
    provider.add_span_processor(processor)
    for number in range(50):
        provider.get_tracer("t").start_span(f"s{number}").end()
    processor.shutdown()
    assert len({span.name for span in spans_in(tmp_path)}) == 50


def test_what_was_not_delivered_is_counted(provider: TracerProvider) -> None:
    """What an exporter refuses is counted as lost."""
    processor = BatchedBaggageSpanProcessor(Refusing())
    provider.add_span_processor(processor)
    for _ in range(30):
        provider.get_tracer("t").start_span("s").end()
    processor.shutdown()
    assert processor.lost == 30


def test_what_the_queue_drops_is_counted(provider: TracerProvider) -> None:
    """Delivered and lost add up to what ended, however small the queue."""
    memory = InMemorySpanExporter()
    processor = BatchedBaggageSpanProcessor(
        memory, max_queue_size=4, max_export_batch_size=4, schedule_delay_millis=60_000
    )
    provider.add_span_processor(processor)
    for _ in range(5_000):
        provider.get_tracer("t").start_span("s").end()
    processor.shutdown()
    assert len(memory.get_finished_spans()) + processor.lost == 5_000


@pytest.mark.parametrize("key", ["api_key", "Authorization", "github.token", "db.password", "session-id"])
def test_keys_that_look_secret_are_not_public(key: str) -> None:
    """By default no secret becomes an attribute because someone put it in the baggage."""
    assert not looks_public(key)
    assert looks_public("evergreen.task.id")

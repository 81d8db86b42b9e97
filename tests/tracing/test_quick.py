"""The quick way of making and writing spans comes to the same as the long one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import StatusCode

from tests.tracing.recording import spans_in
from tracetui.tracing import set_up_tracing
from tracetui.tracing.live.records import Recorder
from tracetui.tracing.redact import scrub
from tracetui.tracing.set_up import Tracing
from tracetui.tracing.spans.encode import Encoder
from tracetui.tracing.spans.fast_span import FastSpan, finish, start_quickly
from tracetui.tracing.spans.provider import RealTimeProvider

AT_NS = 1_700_000_000_000_000_000


TEXTS = st.text(max_size=8)
KEYS = st.sampled_from(["a", "pytest.nodeid", "é", 'quo"ted'])
STARTS = st.dictionaries(KEYS, TEXTS | st.integers() | st.lists(TEXTS, max_size=2), min_size=1)
ENDS = st.dictionaries(KEYS | st.just("end"), TEXTS | st.booleans() | st.integers() | st.floats())


@given(STARTS, ENDS, TEXTS, st.sampled_from(StatusCode), st.booleans())
def test_a_line_of_ready_texts_is_the_line_of_dicts(
    attributes: dict[str, Any], more: dict[str, Any], name: str, code: StatusCode, is_announced: bool
) -> None:
    """Whatever is made the quick way is byte for byte what the long way makes."""
    provider = RealTimeProvider(sampler=ALWAYS_ON)
    tracer = provider.get_tracer("quick")
    root = trace.set_span_in_context(tracer.start_span("root"))
    span = start_quickly(tracer, name, root, attributes, AT_NS)
    assert isinstance(span, FastSpan)
    long, quick = (Recorder(provider.resource, redact) for redact in (scrub_too, scrub))
    if is_announced:
        assert quick.start(span) == long.start(span)
        assert quick.start(span) == long.start(span)
    provider.add_span_processor(Taker())
    finish(span, more, code, "", AT_NS + 5)
    assert span.quick_attributes is not None
    long_line = Encoder(redact=scrub_too).span_line(span)
    encoder = Encoder(redact=scrub)
    assert encoder.span_line(span) == encoder.span_line(span) == long_line


def scrub_too(key: str, value: Any) -> Any:
    """A hook that does the same as the default one, which nobody can know."""
    return scrub(key, value)


class Taker(SpanProcessor):
    """Takes spans as they are."""

    takes_quick_spans = True


@pytest.fixture
def tracing(tmp_path: Path) -> Iterator[Tracing]:
    with set_up_tracing(tmp_path, service_name="quick") as tracing:
        yield tracing


def start(tracing: Tracing) -> trace.Span:
    root = tracing.tracer.start_span("root")
    return start_quickly(tracing.tracer, "test", trace.set_span_in_context(root), {"a": "1", "b": 2}, AT_NS)


def end(span: trace.Span, status: StatusCode = StatusCode.OK) -> None:
    finish(span, {"a": "new", "c": True, "d": ["x", "y"]}, status, "message", AT_NS + 5)


@pytest.mark.parametrize("status", [StatusCode.OK, StatusCode.ERROR])
def test_a_quick_span_is_written_as_the_sdks_would_be(tracing: Tracing, status: StatusCode) -> None:
    """Looked at by nobody or turned into a span of the SDK: the same line, ids aside."""
    looked_at, left_alone = start(tracing), start(tracing)
    assert type(looked_at) is type(left_alone) is FastSpan
    looked_at.set_attributes({})
    assert (looked_at.quick_attributes, left_alone.quick_attributes) == (None, {"a": "1", "b": 2})
    end(looked_at, status)
    end(left_alone, status)
    first, second = (dict(span.raw) for span in spans_in(tracing.spans_dir))
    for record in (first, second):
        del record["traceId"], record["spanId"], record["parentSpanId"]
    assert first == second


def test_whoever_asks_a_quick_span_asks_a_span_of_the_sdk(tracing: Tracing) -> None:
    """Attributes, events and names that code under test gives to the current span are in the file."""
    span = start(tracing)
    threads = [threading.Thread(target=span.set_attribute, args=(f"t{n}", n)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    span.add_event("happened", {"x": 1})
    span.update_name("renamed")
    assert span.is_recording()
    end(span)
    assert not span.is_recording()
    (written,) = spans_in(tracing.spans_dir)
    assert {f"t{n}" for n in range(8)} | {"a", "b", "c", "d"} == set(written.attributes)
    assert (written.name, written.attributes["a"], len(written.raw["events"])) == ("renamed", "new", 1)


def test_a_processor_of_the_hosts_gets_a_whole_span(tracing: Tracing) -> None:
    """A processor that is added later sees what the SDK would have shown it."""
    memory = InMemorySpanExporter()
    span = start(tracing)
    tracing.provider.add_span_processor(SimpleSpanProcessor(memory))
    end(span)
    (seen,) = memory.get_finished_spans()
    assert dict(seen.attributes or {}) == {"b": 2, "a": "new", "c": True, "d": ("x", "y")}
    assert (type(seen), seen.end_time, len(spans_in(tracing.spans_dir))) == (ReadableSpan, AT_NS + 5, 1)


def test_a_trace_state_is_handed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Below a parent from elsewhere, and where there is a trace state, spans are the SDK's."""
    monkeypatch.setenv("TRACEPARENT", f"00-{0xABC:032x}-{0xDEF:016x}-01")
    monkeypatch.setenv("TRACESTATE", "vendor=1")
    with set_up_tracing(tmp_path, service_name="quick") as tracing:
        root = start_quickly(tracing.tracer, "root", tracing.context, {"a": 1}, AT_NS)
        below = start_quickly(tracing.tracer, "x", trace.set_span_in_context(root), {"a": 1}, AT_NS)
        end(below)
        end(root)
    assert not isinstance(root, FastSpan)
    assert [span.raw["traceState"] for span in spans_in(tmp_path)] == ["vendor=1"] * 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "2"),
        ("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "2"),
        ("OTEL_TRACES_SAMPLER", "always_off"),
        ("OTEL_SDK_DISABLED", "true"),
    ],
)
def test_limits_and_samplers_are_the_sdks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """Where a limit or a sampler could tell the difference there is no quick span."""
    monkeypatch.setenv(name, value)
    with set_up_tracing(tmp_path, service_name="quick") as tracing:
        assert not isinstance(start(tracing), FastSpan)

"""OTLP protobuf, as requests and as the Collector's file exporter frames them; JSON of the same agrees."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.proto.logs.v1.logs_pb2 import LogsData
from opentelemetry.proto.metrics.v1.metrics_pb2 import MetricsData
from opentelemetry.proto.trace.v1.trace_pb2 import ScopeSpans, TracesData
from opentelemetry.sdk.trace import ReadableSpan

from tests.budgets import examples
from tests.builders import T0, TRACE, line, span
from tests.formats.official import exported, sdk_spans
from tests.formats.protobuf import framed, read
from tests.formats.test_samples import DATA
from tracetui.errors import DecodeError
from tracetui.formats.detail import decode_log, decode_span
from tracetui.model.batch import SpanBatch
from tracetui.model.role import Outcome, Role


def spans_of(data: bytes, batch: SpanBatch) -> list[object]:
    """Every span of a batch in full."""
    return [
        decode_span(data[begin : begin + length], resource, scope)
        for begin, length, resource, scope in zip(
            batch.offset, batch.length, batch.resource, batch.scope, strict=True
        )
    ]


def columns(batch: SpanBatch) -> list[list[object]]:
    """What a batch says of its spans, but for where they stand."""
    names = ("trace_id", "span_id", "parent_span_id", "name", "start_ns", "end_ns")
    return [getattr(batch, name) for name in (*names, "status", "facts")]


@settings(max_examples=examples(25))
@given(st.lists(sdk_spans(), min_size=1, max_size=4))
def test_protobuf_and_json_of_the_official_exporters_read_the_same(made: list[ReadableSpan]) -> None:
    """Columns and whole spans, of requests and of frames."""
    request = encode_spans(made).SerializeToString()
    json = exported(*made)
    expected = read(json)
    for data in (request, framed(request), framed(request, b"", request)):
        batch = read(data)
        assert batch.rejected == []
        assert batch.torn == []
        times = len(batch) // len(expected)
        assert columns(batch) == [column * times for column in columns(expected)]
        assert spans_of(data, batch) == spans_of(json, expected) * times


def test_frames_of_json_are_read() -> None:
    """What the Collector compresses frame by frame may be JSON."""
    data = framed(line(span("one")).rstrip(), line(span("two"), span("three")))
    batch = read(data)
    assert (batch.name, batch.rejected) == (["one", "two", "three"], [])
    assert [found.name for found in spans_of(data, batch)] == batch.name  # type: ignore[attr-defined]


REQUEST = (DATA / "dialects" / "dagger-pytest-otel-0.3.1.traces.binpb").read_bytes()


@settings(max_examples=examples(15))
@given(st.lists(st.integers(0, len(REQUEST)), max_size=6).map(sorted), st.booleans(), st.booleans())
def test_any_split_gives_the_same_batch(cuts: list[int], settles: bool, bare: bool) -> None:
    """Framed and bare; settling changes nothing."""
    data = REQUEST[4:] if bare else REQUEST
    cuts = [min(cut, len(data)) for cut in cuts]
    assert read(data, cuts, settles=settles) == read(data)


def test_byte_by_byte() -> None:
    """Even so."""
    assert read(REQUEST, range(1, len(REQUEST)), settles=True) == read(REQUEST)


@pytest.mark.parametrize("cut", [3, 5, 100, 9000])
def test_a_torn_message_is_told(cut: int) -> None:
    """What is whole is read; the rest is one torn record, where it starts."""
    batch = read(REQUEST + REQUEST[:cut])
    assert len(batch) == 8
    assert [problem.offset for problem in batch.torn] == [len(REQUEST)]


def test_an_impossible_length_ends_the_reading() -> None:
    """Nothing tells where the next message starts: one rejection, and no memory is taken for it."""
    batch = read(REQUEST + b"\xff\xff\xff\xff" + REQUEST)
    assert len(batch) == 8
    assert [problem.offset for problem in batch.rejected] == [len(REQUEST)]


def test_a_recording_of_dagger_pytest_otel() -> None:
    """Seven tests below their session, outcomes by the semantic conventions, xfail by the reason."""
    batch = read(REQUEST)
    assert batch.role.count(Role.TEST) == 7
    outcomes = dict(zip(batch.title, batch.outcome, strict=True))
    assert outcomes["tests/test_depot.py::test_known"] is Outcome.XFAILED
    assert outcomes["tests/test_depot.py::test_lift"] is Outcome.SKIPPED
    assert outcomes["tests/test_depot.py::TestRoute::test_short"] is Outcome.PASSED
    assert outcomes["suite"] is Outcome.FAILED


def test_its_logs_belong_to_its_spans() -> None:
    """Captured output, remembered by trace and span."""
    data = (DATA / "dialects" / "dagger-pytest-otel-0.3.1.logs.binpb").read_bytes()
    batch, traces = read(data), read(REQUEST)
    assert (len(batch), batch.log_records, len(batch.logs)) == (0, 7, 7)
    assert {record.span_id for record in batch.logs} <= set(traces.span_id)
    events = [decode_log(data[record.offset : record.offset + record.length]) for record in batch.logs]
    assert [event.attributes["body"] for event in events[:2]] == ["opening 1\n", "opening 2\n"]


def test_log_records_of_every_kind_are_no_spans() -> None:
    """With or without a time, an event name, a severity, ids."""
    logs = LogsData()
    records = logs.resource_logs.add().scope_logs.add().log_records
    records.add(time_unix_nano=T0, trace_id=bytes.fromhex(TRACE), span_id=b"12345678", event_name="exception")
    records.add(severity_text="INFO")
    records.add(severity_number=9).body.string_value = "hello"
    records.add(observed_time_unix_nano=T0)
    batch = read(framed(logs.SerializeToString()))
    assert (len(batch), batch.log_records, len(batch.logs), batch.rejected) == (0, 4, 1, [])


def field(number: int, content: bytes) -> bytes:
    """A field of bytes, by hand: protobuf's own writer refuses what is nested deep."""
    length, size = b"", len(content)
    while size >= 0x80:
        length, size = length + bytes([size & 0x7F | 0x80]), size >> 7
    return bytes([number << 3 | 2]) + length + bytes([size]) + content


@pytest.mark.parametrize("deep", [30, 65, 2000])
def test_nesting_has_a_bottom(deep: int) -> None:
    """Values nested deep in a resource and in a span are cut; the span is read and can be looked at."""
    value = b""
    for _ in range(deep):
        value = field(5, field(1, value))
    pair = field(1, b"test.name") + field(2, value)
    made = field(1, bytes.fromhex(TRACE)) + field(5, b"x") + field(9, pair)
    data = framed(field(1, field(1, field(1, pair)) + field(2, field(2, made))))
    batch = read(data)
    assert (batch.name, batch.rejected) == (["x"], [])
    assert len(spans_of(data, batch)) == 1


def test_metrics_are_rejected() -> None:
    """They share the envelope's numbers, and are neither spans nor log records."""
    metrics = MetricsData()
    metric = metrics.resource_metrics.add().scope_metrics.add().metrics.add(name="test.duration")
    metric.gauge.data_points.add(time_unix_nano=T0, as_double=1.5)
    batch = read(framed(metrics.SerializeToString()))
    assert (len(batch), batch.log_records, len(batch.rejected)) == (0, 0, 1)


def test_instrumentation_libraries_of_old_collectors() -> None:
    """Before 2022 scopes stood under another number."""
    traces = TracesData()
    group = traces.resource_spans.add()
    group.resource.attributes.add(key="service.name").value.string_value = "old"
    scoped = ScopeSpans()
    scoped.spans.add(name="old", trace_id=bytes.fromhex(TRACE), span_id=b"12345678", end_time_unix_nano=T0)
    content = scoped.SerializeToString()
    old = group.SerializeToString() + bytes([0xC2, 0x3E, len(content)]) + content
    batch = read(bytes([0x0A, len(old)]) + old)
    assert (batch.name, batch.rejected) == (["old"], [])


@settings(max_examples=examples(70))
@given(st.data())
def test_no_bytes_break_the_reader(data: st.DataObject) -> None:
    """Flipped, cut, doubled: spans and rejections, never an exception; a span can be looked at or says no."""

    hurt = bytearray(REQUEST)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(hurt) - 1))
        match data.draw(st.sampled_from(["flip", "cut", "double"])):
            case "flip":
                hurt[at] ^= data.draw(st.integers(1, 255))
            case "cut":
                del hurt[at : at + data.draw(st.integers(1, 50))]
            case _:
                hurt[at:at] = hurt[at : at + 30]
    bare = data.draw(st.booleans())
    whole = bytes(hurt[4:] if bare else hurt)
    batch = read(whole)
    for begin, length, resource, scope in zip(
        batch.offset, batch.length, batch.resource, batch.scope, strict=True
    ):
        try:
            decode_span(whole[begin : begin + length], resource, scope)
        except DecodeError:
            continue

"""Requests to lines: nothing of them is lost, and any reader takes them."""

import base64
import json
from typing import Any

import pytest
from google.protobuf.json_format import ParseDict  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status, TracesData

from tests.budgets import examples
from tracetui.receive.requests.json import lines_of_json
from tracetui.receive.requests.lines import FULL_BYTES, Lines
from tracetui.receive.requests.protobuf import lines_of_protobuf
from tracetui.receive.requests.signals import LOGS, TRACES, Signal
from tracetui.tracing.spans.line_limit import MAX_LINE

ID_TEXTS = {"traceId": "0" * 31 + "1", "spanId": "0" * 15 + "1"}
IDS: Any = {"trace_id": bytes(range(16)), "span_id": bytes(range(8))}


def request(*spans: Span, resource: str = "r", scope: str = "s") -> ExportTraceServiceRequest:
    """A request with spans of one writer."""
    made = ExportTraceServiceRequest()
    group = made.resource_spans.add(schema_url="https://u")
    group.resource.attributes.add(key=resource).value.int_value = -(2**63)
    group.scope_spans.add(scope={"name": scope}, spans=spans, schema_url="https://v")
    return made


def lines(signal: Signal, sent: Any) -> Lines:
    """The lines of a request, sent as protobuf."""
    return lines_of_protobuf(signal, sent.SerializeToString(), lambda _: None)


def of_json(signal: Signal, text: bytes) -> Lines:
    """The lines of a request, sent as JSON."""
    return lines_of_json(signal, text, lambda _: None)


def again(data: bytes) -> list[ResourceSpans]:
    """The groups of lines, by protobuf's own reader of JSON, which wants ids in base64."""
    groups = []
    for line in data.splitlines():
        document = json.loads(line)
        for group in document["resourceSpans"]:
            for scoped in group["scopeSpans"]:
                for span in scoped["spans"]:
                    for record in (span, *span.get("links", ())):
                        for key in ("traceId", "spanId", "parentSpanId"):
                            if key in record:
                                record[key] = base64.b64encode(bytes.fromhex(record[key])).decode()
        groups += ParseDict(document, TracesData()).resource_spans
    return groups


texts = st.text(st.characters(codec="utf-8"), max_size=20)
values = st.recursive(
    st.one_of(
        st.just(AnyValue()),
        texts.map(lambda text: AnyValue(string_value=text)),
        st.booleans().map(lambda value: AnyValue(bool_value=value)),
        st.integers(-(2**63), 2**63 - 1).map(lambda value: AnyValue(int_value=value)),
        st.floats(allow_nan=False).map(lambda value: AnyValue(double_value=value)),
        st.binary(max_size=5).map(lambda value: AnyValue(bytes_value=value)),
    ),
    lambda inner: st.lists(inner, max_size=3).map(
        lambda items: AnyValue(array_value=ArrayValue(values=items))
    ),
    max_leaves=5,
)
pairs = st.lists(st.builds(KeyValue, key=texts, value=values), max_size=3)
numbers = st.integers(0, 2**32 - 1)
events = st.builds(
    Span.Event,
    time_unix_nano=st.integers(0, 2**64 - 1),
    name=texts,
    attributes=pairs,
    dropped_attributes_count=numbers,
)
links = st.builds(
    Span.Link,
    trace_id=st.binary(min_size=16, max_size=16),
    span_id=st.binary(min_size=8, max_size=8),
    trace_state=texts,
    attributes=pairs,
    flags=numbers,
)
spans = st.builds(
    Span,
    trace_id=st.binary(min_size=16, max_size=16).filter(any),
    span_id=st.binary(min_size=8, max_size=8).filter(any),
    parent_span_id=st.sampled_from([b"", b"12345678"]),
    trace_state=texts,
    flags=numbers,
    name=texts,
    kind=st.integers(0, 5),
    start_time_unix_nano=st.integers(0, 2**64 - 1),
    end_time_unix_nano=st.integers(0, 2**64 - 1),
    attributes=pairs,
    events=st.lists(events, max_size=2),
    links=st.lists(links, max_size=2),
    dropped_links_count=numbers,
    status=st.builds(Status, code=st.integers(0, 2), message=texts),
)


@settings(max_examples=examples(15))
@given(st.lists(spans, min_size=1, max_size=4))
def test_nothing_of_a_request_is_lost(some: list[Span]) -> None:
    """Protobuf's own reader finds in the lines what was sent, as JSON what was sent as protobuf."""
    sent = request(*some)
    written = lines(TRACES, sent)
    assert (written.taken, written.rejected) == (len(some), 0)
    assert again(written.data) == list(sent.resource_spans)
    document = json.loads(written.data)
    assert of_json(TRACES, json.dumps(document).encode()).data == written.data


def test_lines_are_strict() -> None:
    """Hex ids, numbers for enums, texts for 64 bits, a line end at the end, and keys that readers expect."""
    span = Span(name="a", kind="SPAN_KIND_CLIENT", start_time_unix_nano=5, status=Status(code=2), **IDS)  # type: ignore[arg-type]
    (line,) = lines(TRACES, request(span)).data.splitlines(keepends=True)
    group = json.loads(line)["resourceSpans"][0]
    assert line.endswith(b"}\n")
    assert list(group) == ["resource", "schemaUrl", "scopeSpans"]
    assert group["scopeSpans"][0]["spans"] == [
        {
            "traceId": "000102030405060708090a0b0c0d0e0f",
            "spanId": "0001020304050607",
            "name": "a",
            "kind": 3,
            "startTimeUnixNano": "5",
            "status": {"code": 2},
        }
    ]


@pytest.mark.parametrize(
    "ids",
    [
        {},
        {"trace_id": b"x" * 15, "span_id": b"x" * 8},
        {"trace_id": b"x" * 16, "span_id": b"x" * 9},
        {"trace_id": b"\0" * 16, "span_id": b"x" * 8},
        {"trace_id": b"x" * 16, "span_id": b"\0" * 8},
    ],
)
def test_what_has_no_ids_is_no_span(ids: Any) -> None:
    """It is counted, and costs nothing else."""
    written = lines(TRACES, request(Span(name="bad", **ids), Span(name="good", **IDS)))
    assert (written.taken, written.rejected) == (1, 1)
    assert b"bad" not in written.data


def test_lines_are_short() -> None:
    """A line ends where it is full; a span that is too long is cut, as our writer cuts it."""
    many = [Span(name=str(number), **IDS, trace_state="x" * 1000) for number in range(1000)]
    made = lines(TRACES, request(*many)).data.splitlines(keepends=True)
    assert all(len(line) <= FULL_BYTES + 2000 for line in made)
    assert sum(line.count(b'"spanId"') for line in made) == 1000
    long = AnyValue(string_value="y" * (2 << 20))
    big = Span(name="big", attributes=[KeyValue(key="k", value=long)], **IDS)
    written = lines(TRACES, request(big, many[0]))
    assert all(len(line) < MAX_LINE for line in written.data.splitlines())
    assert (written.taken, written.data.count(b'"spanId"')) == (2, 2)


def test_log_records() -> None:
    """As they are, with or without ids."""
    made = ExportLogsServiceRequest()
    scoped = made.resource_logs.add().scope_logs.add()
    scoped.log_records.add(body={"string_value": "a"}, event_name="e", **IDS)
    scoped.log_records.add(severity_number=9)
    written = lines(LOGS, made)
    assert (written.taken, written.rejected) == (2, 0)
    records = json.loads(written.data)["resourceLogs"][0]["scopeLogs"][0]["logRecords"]
    assert records[0]["traceId"] == IDS["trace_id"].hex()
    assert records[1] == {"severityNumber": 9}
    assert of_json(LOGS, written.data).data == written.data


def test_an_empty_request_is_no_line() -> None:
    """Nor are empty groups."""
    assert lines(TRACES, ExportTraceServiceRequest()) == ({}, 0)
    empty = ExportTraceServiceRequest(resource_spans=[ResourceSpans(scope_spans=[ScopeSpans()])])
    assert lines(TRACES, empty) == ({}, 0)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"{",
        b'{"resourceSpans": 5}',
        b'{"resourceSpans": [5]}',
        b'{"resourceSpans": [{"scopeSpans": [{"spans": [5]}]}]}',
        b'{"resourceSpans": [{"scopeSpans": [{"spans": [{"traceId": "zz", "name": "%b"}]}]}]}',
        b'{"resourceSpans": [{"scopeSpans": [{"spans": [{"traceId": 7, "name": "%b"}]}]}]}',
        b'{"resourceSpans": [{"scopeSpans": [{"spans": [{"name": 7, "traceState": "%b"}]}]}]}',
        b'{"resourceSpans": ' * 2000,
    ],
)
def test_what_is_no_json_of_otlp(text: bytes) -> None:
    """One error, whatever it is."""
    with pytest.raises(ValueError, match=r"."):
        of_json(TRACES, text.replace(b"%b", b"x" * 100))


def test_unknown_fields_are_passed_over() -> None:
    """As the specification wants it, which grows."""
    text = b'{"x": 1, "resourceSpans": [{"y": 2, "scopeSpans": [{"spans": [{"z": 3, %b}]}]}]}'
    (line,) = of_json(TRACES, text % json.dumps(ID_TEXTS).encode()[1:-1]).data.splitlines()
    assert json.loads(line)["resourceSpans"][0]["scopeSpans"][0]["spans"] == [ID_TEXTS]

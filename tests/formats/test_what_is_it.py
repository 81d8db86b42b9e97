"""What a file is, by its head: each format by what its writers write, and nothing that is a trace refused."""

import json
import struct
from pathlib import Path

import pytest
from opentelemetry.proto.metrics.v1.metrics_pb2 import MetricsData

from tests.builders import compact, indented, line, resource_spans, span, start_record
from tests.formats.foreign import FOREIGN
from tracetui.formats.what_is_it import HEAD_BYTES, Verdict, judge

DATA = Path(__file__).parent.parent / "data"
TRACES = sorted(path for path in DATA.rglob("*") if path.is_file() and path.suffix != ".md")


@pytest.mark.parametrize("what", FOREIGN)
def test_what_is_no_trace_is_named(what: str) -> None:
    """Its name, and what to do next."""
    judged = judge(FOREIGN[what], whole=True)
    assert (judged.verdict, judged.what) == (Verdict.NO_TRACE, what)
    assert judged.next_step
    assert str(judged) == f"this is {what}: {judged.next_step}"


@pytest.mark.parametrize(("data", "results"), [
    (b'<?xml version="1.0" encoding="utf-8"?>\n<!-- made --><testsuites name="x"><testsuite/>', "JUnit XML"),
    (b"\xef\xbb\xbf\n<testsuite>", "JUnit XML"),
    (b'{"Time":"2026","Action":"run","Package":"x","Test":"T"}\n', "go test -json"),
    (b'{"ImportPath": "x", "Action": "build-output"}\n', "go test -json"),
    (b'go: downloading x v1\n{"Action":"start","Package":"x"}\n', "go test -json"),
])  # fmt: skip
def test_results_are_read_as_what_they_are(data: bytes, results: str) -> None:
    """They are no traces, and read all the same."""
    assert judge(data, whole=True) == (Verdict.TRACE, "", "", results)


def test_comments_before_xml_are_looked_at_once() -> None:
    """Many of them before an element that nobody knows take no longer than their bytes."""
    assert judge(b"<!-- x -->" * 2000 + b"<1>", whole=True).what == "text"
    assert judge(b"<!-- x -->" * 2000 + b"<testsuite>", whole=True).results == "JUnit XML"


@pytest.mark.parametrize("data", [b"[]", b"{}", b"[[]]", b"{}\n{}\n", b"null", b"5", b"true\n", b'"x"'])
def test_json_of_nothing_is_json(data: bytes) -> None:
    """Whoever exported an empty result is not told that it is text."""
    assert judge(data, whole=True)[:2] == (Verdict.NO_TRACE, "JSON")


def test_an_empty_search_of_tempo_is_named() -> None:
    """As one that found something is."""
    judged = judge(b'{"traces":[],"metrics":{"inspectedTraces":0}}', whole=True)
    assert judged.what == "a Tempo search result"


@pytest.mark.parametrize("path", TRACES, ids=lambda path: str(path.relative_to(DATA)))
def test_no_trace_is_refused_at_any_length_of_its_head(path: Path) -> None:
    """However few bytes there are, a trace is read, or waited for."""
    data = path.read_bytes()
    assert judge(data, whole=True).verdict is Verdict.TRACE
    for length in (*range(1, 80), *range(80, len(data), 997)):
        assert judge(data[:length]).verdict is not Verdict.NO_TRACE


EVIL = {"operation_Id": "1", "itemType": "x", "log": 1, "entries": 2, "version": 3, "name": "MessageData",
        "type": "context-options", "config": 1, "suites": 2, "projects": 3, "results": 1, "tool": 2,
        "summary": 3, "data": "RequestData"}  # fmt: skip


@pytest.mark.parametrize("data", [
    line(span("MessageData", EVIL)),
    compact([{"traceId": "1", "id": "2", "name": "MessageData", "timestamp": 5, "tags": EVIL}]),
    compact({"traceID": "1", "spanID": "2", "operationName": "MessageData", "tag": EVIL}),
    compact({"name": "x", "context": {"trace_id": "1"}, "parent_id": 0, "start_time": 0, "attributes": EVIL}),
    compact([[{"trace_id": 1, "span_id": 2, "name": "x", "start": 5, "duration": 6, "meta": EVIL}]]),
    compact([{"ph": "X", "name": "x", "ts": 5, "dur": 6, "args": EVIL}]),
    compact({"Name": "x", "SpanContext": {"TraceID": "1"}, "Attributes": [EVIL]}),
    compact({"traceEvents": [{"ph": "X", "name": "MessageData", "args": EVIL}]}),
])  # fmt: skip
def test_the_names_of_others_in_a_trace_do_not_matter(data: bytes) -> None:
    """A span may be called, or tagged, as what others write is."""
    assert judge(data, whole=True).verdict is Verdict.TRACE


@pytest.mark.parametrize("data", [
    line(span("x")), indented(span("x")), start_record(span("x")), b"\xef\xbb\xbf" + line(span("x")),
    b"\0" * 4096 + line(span("x")), b"INFO: started\nINFO: " + json.dumps(resource_spans(span("x"))).encode(),
    b"log\n" * 9000 + line(span("x")), b"\xff\x01" + line(span("x")),
    struct.pack(">I", len(line(span("x")))) + line(span("x")),
    b'{"resourceMetrics":[]}\n' + line(span("x")),
    b"2 passed\n{\n    \"name\": \"x\",\n    \"context\": {\n        \"trace_id\": \"0x1\"\n    }\n}\n",
])  # fmt: skip
def test_traces_behind_what_loggers_and_power_cuts_leave(data: bytes) -> None:
    """Padding, log lines, other signals and stray bytes do not hide spans."""
    assert judge(data, whole=True).verdict is Verdict.TRACE


@pytest.mark.parametrize(
    "data", [b"", b"   \n", b"\0\0\0", b'{"reso', b'{"metadata": {"x": [', b"[\n", b"some text"]
)
def test_too_little_to_tell(data: bytes) -> None:
    """A short head is waited for; an open record is read as a trace is, for it may be one that is torn."""
    assert judge(data).verdict is Verdict.PERHAPS
    ended = Verdict.NO_TRACE if data == b"some text" else Verdict.PERHAPS
    assert judge(data, whole=True).verdict is ended


def otlp_metrics(name: str) -> bytes:
    """A request with one metric."""
    metrics = MetricsData()
    group = metrics.resource_metrics.add()
    group.resource.attributes.add(key="service.name").value.string_value = "depot"
    metric = group.scope_metrics.add().metrics.add(name=name, unit="s")
    metric.gauge.data_points.add(time_unix_nano=5, as_double=1.5)
    data: bytes = metrics.SerializeToString()
    return data


def test_metrics_in_protobuf_are_no_trace() -> None:
    """As a request, and framed; a name as long as a trace id leaves it open."""
    data = otlp_metrics("test.duration")
    for head in (data, struct.pack(">I", len(data)) + data):
        assert judge(head, whole=True).what == "OTLP metrics"
        assert judge(head[:9]).verdict is not Verdict.NO_TRACE
    assert judge(otlp_metrics("x" * 16), whole=True).verdict is Verdict.TRACE


@pytest.mark.parametrize(("length", "kind"), [(63, Verdict.PERHAPS), (64, Verdict.NO_TRACE)])
def test_64_bytes_tell_that_a_file_is_binary(length: int, kind: Verdict) -> None:
    """Fewer may be the beginning of something that is known."""
    assert judge((bytes(range(1, 9)) * 9)[:length]).verdict is kind


def test_a_head_of_full_length_is_judged_only_once() -> None:
    """A log is told after `HEAD_BYTES`, not a byte before."""
    log = b"a line of a log\n" * (HEAD_BYTES // 16)
    assert judge(log).verdict is Verdict.NO_TRACE
    assert judge(log[:-1]).verdict is Verdict.PERHAPS


def test_documents_that_show_spans_are_no_traces() -> None:
    """Markdown with an example in it."""
    assert judge(b"# Spans\n\n```json\n" + indented(span("x")) + b"\n```\n", whole=True).what == "text"


@pytest.mark.parametrize("head", [b"TAP version 14\n1..2\n", b"1..2\nok 1 - a\n", b"1..1\r\n# x\nnot ok 1\n"])
def test_tap_may_begin_with_its_plan(head: bytes) -> None:
    """Older writers tell no version."""
    assert judge(head, whole=True).what == "TAP"

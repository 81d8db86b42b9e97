"""What a file is, by its head: each format by what its writers write, and nothing that is a trace refused."""

import json
import struct
from pathlib import Path

import pytest
from opentelemetry.proto.metrics.v1.metrics_pb2 import MetricsData

from tests.builders import compact, indented, line, resource_spans, span, start_record
from tracetui.formats.what_is_it import HEAD_BYTES, Verdict, judge

DATA = Path(__file__).parent.parent / "data"
TRACES = sorted(path for path in DATA.rglob("*") if path.is_file() and path.suffix != ".md")

FOREIGN = {
    "JUnit XML": b'<?xml version="1.0" encoding="utf-8"?>\n<!-- made --><testsuites name="x"><testsuite/>',
    "a .NET test result (TRX)": b'\xef\xbb\xbf<?xml version="1.0"?><TestRun id="1">',
    "XML": b"<project><module/></project>",
    "an HTML page": b"<!DOCTYPE html>\n<html><head><title>x</title>",
    "a systrace page": b"<!DOCTYPE html>\n<html><head><title>Android systrace report</title>",
    "an ftrace log": b"# tracer: nop\n#\n  <idle>-0 [001] 1.0: sched_switch: x\n",
    "a speedscope profile": b'{"$schema": "https://www.speedscope.app/file-format-schema.json", "x": 1}',
    "a HAR file": b'{"log": {"version": "1.2", "entries": []}}',
    "an error response from Jaeger": b'{"data": null, "errors": [{"code": 404, "msg": "trace not found"}]}',
    "a Tempo search result": b'{"traces":[{"traceID":"2f","rootServiceName":"x","spans":[{"spanID":5}]}]}',
    "AWS X-Ray": b'{"trace_id": "1-5759e988-bd862e3fe1be46a994272793", "id": "1", "start_time": 1.5e9}',
    "Google Cloud Trace": b'{"projectId": "p", "traceId": "a1", "spans": [{"spanId": "1", "labels": {}}]}',
    "Application Insights": b'{"time":"2026-01-01","data":{"baseType":"RequestData"}}',
    "a Playwright report": b'{"config": {"rootDir": "/x", "projects": []}, "suites": [], "errors": []}',
    "a Playwright trace": b'{"version":8,"type":"context-options"}\n{"type":"before"}\n',
    "the output of `go test -json`": b'{"Time":"2026","Action":"run","Package":"x","Test":"T"}\n',
    "a pytest-json-report": b'{"created": 1.5, "duration": 2, "exitcode": 1, "root": "/x", "tests": []}',
    "a CTRF report": b'{"results": {"tool": {"name": "jest"}, "summary": {"tests": 1}, "tests": []}}',
    "a pytest-reportlog": b'{"pytest_version": "8.4.0", "$report_type": "SessionStart"}\n',
    "a SARIF result": b'{"$schema": "https://x/sarif-2.1.0.json", "version": "2.1.0", "runs": []}',
    "the JSON output of Rust's libtest or nextest": b'{"type":"suite","event":"started","test_count":3}\n',
    "Cucumber messages": b'{"meta":{"protocolVersion":"27.0.0","implementation":{"name":"x"}}}\n',
    "a Mochawesome report": b'{"stats":{"suites":1},"results":[],"meta":{"mocha":{}}}',
    "coverage data (LCOV)": b"TN:\nSF:src/a.py\nDA:1,1\nend_of_record\n",
    "a Robot Framework result": b'<?xml version="1.0"?>\n<robot generator="Robot 7.3">',
    "a TestNG result": b'<testng-results ignored="0" total="5">',
    "a Chrome or Node CPU profile": b'{"nodes":[{"id":1,"callFrame":{"functionName":"x"}}],"samples":[1]}',
    "OTLP metrics": b'{"resourceMetrics":[{"scopeMetrics":[{"exemplars":[{"traceId":"a"}]}]}]}\n',
    "the output of OpenTelemetry JavaScript's console exporter": (
        b"{\n  resource: {\n    attributes: {}\n  },\n  traceId: 'a',\n  parentId: undefined,\n}\n"
    ),
    "a core dump": b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x04\x00" + bytes(46),
    "a program": b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00" + bytes(46),
    "a pprof profile": b"\x0a\x04\x08\x01\x10\x02\x0a\x04\x08\x03\x10\x04" + bytes(60),
    "a Perfetto trace": b"\x0a\x12\x40\xc0\xa4\x82\xc9\x96\x02\x50\x01\xca\x05\x02\x08\x01\x0a\x05\x40\x01"
    * 4,
    "a zip archive": b"PK\x03\x04" + bytes(70),
    "the output of the Collector's debug exporter": (
        b"2026-01-01T00:00:00.000Z\tinfo\tResourceSpans #0\nResource SchemaURL: \nSpan #0\n    Trace ID : a\n"
    ),
    "the output of OpenTelemetry .NET's console exporter": b"Activity.TraceId:    a1\nActivity.SpanId: b\n",
    "the output of OpenTelemetry Rust's stdout exporter": b"Spans\nResource\n\t ->  service.name=String(x)\n",
    "the output of OpenTelemetry Ruby's console exporter": (
        b'#<struct OpenTelemetry::SDK::Trace::SpanData\n name="x",\n kind=:internal>\n'
    ),
    "the output of OpenTelemetry Java's logging exporter": (
        b"Jan 1, 2026 x LoggingSpanExporter export\nINFO: 'x' : "
        + b"a" * 32
        + b" "
        + b"b" * 16
        + b" INTERNAL [tracer: x:] AttributesMap{data={}}\n"
    ),
    "the output of OpenTelemetry C++'s ostream exporter": b"{\n  name       : x\n  trace_id      : a1\n}\n",
    "the output of OpenTelemetry PHP's console exporter": (
        b'{"resource":{},"scope":{"name":"x","spans":[{"name":"x","context":{"trace_id":"a","span_id":"b"},'
        b'"parent_span_id":"","start":1,"end":2}]}}'
    ),
    "a Docker log": b'{"log":"{\\"resourceSpans\\":[]}\\n","stream":"stdout","time":"2026-01-01"}\n',
    "a Honeycomb export": b'[{"Time":"2026","trace.trace_id":"a","trace.span_id":"b","name":"x"}]',
    "a New Relic export": b'[{"common":{},"spans":[{"trace.id":"a","id":"1","attributes":{}}]}]',
    "an OpenSearch Data Prepper index": (
        b'{"traceId":"a","spanId":"b","parentSpanId":"","startTime":"x","endTime":"y","durationInNanos":5}\n'
    ),
    "a span dump from ClickHouse or Elasticsearch": b'{"TraceId":"a","SpanId":"b","SpanName":"x"}\n',
    "a Grafana query result": b'[{"fields":[{"name":"traceID","values":["a"]}],"length":1,"refId":"A"}]',
    "k6 output": b'{"type":"Point","data":{"time":"x","value":1},"metric":"http_reqs"}\n',
    "a k6 summary": b'{"metrics":{},"root_group":{"name":""}}',
    "a Cypress result": b'{"totalTests":2,"runs":[],"cypressVersion":"12"}',
    "JSON": b'{\n  "name": "package", "version": "1.0"\n}\n',
    "text": b"2026-01-01 INFO [main] started {port: 80}\n" * 3,
    "a binary file": bytes(range(1, 9)) * 20,
}


@pytest.mark.parametrize("what", FOREIGN)
def test_what_is_no_trace_is_named(what: str) -> None:
    """Its name, and what to do next."""
    judged = judge(FOREIGN[what], whole=True)
    assert (judged.verdict, judged.what) == (Verdict.NO_TRACE, what)
    assert judged.next_step
    assert str(judged) == f"this is {what}: {judged.next_step}"


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


def test_a_head_of_full_length_is_judged_for_good() -> None:
    """A log is told after `HEAD_BYTES`, not a byte before."""
    log = b"a line of a log\n" * (HEAD_BYTES // 16)
    assert judge(log).verdict is Verdict.NO_TRACE
    assert judge(log[:-1]).verdict is Verdict.PERHAPS


def test_documents_that_show_spans_are_no_traces() -> None:
    """Markdown with an example in it."""
    assert judge(b"# Spans\n\n```json\n" + indented(span("x")) + b"\n```\n", whole=True).what == "text"

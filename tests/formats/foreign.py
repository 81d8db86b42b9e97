"""Heads of files that are no traces."""

FOREIGN = {
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
    "a pytest-json-report": b'{"created": 1.5, "duration": 2, "exitcode": 1, "root": "/x", "tests": []}',
    "a CTRF report": b'{"results": {"tool": {"name": "jest"}, "summary": {"tests": 1}, "tests": []}}',
    "a pytest-reportlog": b'{"pytest_version": "8.4.0", "$report_type": "SessionStart"}\n',
    "a SARIF result": b'{"$schema": "https://x/sarif-2.1.0.json", "version": "2.1.0", "runs": []}',
    "the JSON output of Rust's libtest or nextest": b'{"type":"suite","event":"started","test_count":3}\n',
    "the JSON output of Dart's test runner": (
        b'{"protocolVersion":"0.1.1","runnerVersion":"1.25.8","pid":5,"type":"start","time":0}\n'
        b'{"suite":{"id":0,"platform":"vm","path":"test/a_test.dart"},"type":"suite","time":0}\n'
    ),
    "a Firefox profile": b'{"meta":{"interval":1,"version":31},"libs":[],"pages":[],"threads":[]}',
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
    "a Playwright blob report": b'{"method":"onBlobReportMetadata","params":{"version":2,"userAgent":"x"}}\n',
    "a Datadog search result": b'{"data":[{"id":"A","type":"spans","attributes":{"span_id":"2"}}]}',
    "metrics of Prometheus": b"# HELP http_requests_total Requests.\n# TYPE http_requests_total counter\n",
    "folded stacks": b"main;run;read file 12\nmain;run 3\n",
    "a k6 summary": b'{"metrics":{},"root_group":{"name":""}}',
    "a Cypress result": b'{"totalTests":2,"runs":[],"cypressVersion":"12"}',
    "JSON": b'{\n  "name": "package", "version": "1.0"\n}\n',
    "text": b"2026-01-01 INFO [main] started {port: 80}\n" * 3,
    "a binary file": bytes(range(1, 9)) * 20,
}

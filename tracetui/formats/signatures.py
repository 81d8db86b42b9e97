"""What files that are no traces look like, their names, and what to do to get a trace.

Recognised by the first bytes alone, never by a name. Sources: the documentation of the formats named, and the
magic numbers that `file(1)` knows.
"""

import re
from functools import cache
from typing import NamedTuple


class Magic(NamedTuple):
    """A format recognised by its first bytes: its name ("this is NAME") and the next step, a clause."""

    what: str
    next_step: str
    pattern: bytes

    def matches(self, head: bytes, at: int, end: int) -> bool:
        """Whether `head` is that, from `at` on."""
        return _compiled(self.pattern, re.IGNORECASE | re.DOTALL).match(head, at, end) is not None


class Keys(NamedTuple):
    """A JSON format recognised by its keys: one of each group in `keys`; and by `pattern`, if it has one."""

    what: str
    next_step: str
    keys: tuple[frozenset[bytes], ...]
    pattern: bytes = b""

    def matches(self, head: bytes, keys: frozenset[bytes]) -> bool:
        """Whether `head`, in which these `keys` stand, is that."""
        if not all(group & keys for group in self.keys):
            return False
        return not self.pattern or _compiled(self.pattern, 0).search(head) is not None


@cache
def _compiled(pattern: bytes, flags: int) -> re.Pattern[bytes]:
    """Most are never asked for: a trace is recognised before."""
    return re.compile(pattern, flags)


_PYTEST = "it has no spans; record the run with `pytest --tracetui=DIR`"
_TESTS = "it has results but no spans; run the tests with an OpenTelemetry SDK"
_PROFILE = "it has samples but no spans; open it in a viewer for profiles"
_PERFETTO = "convert it with Perfetto's `traceconv json TRACE OUT.json`, and open OUT.json"
_EXPORT = "export the spans to an OpenTelemetry Collector with a file exporter, and open what that writes"
_OWN = f"its spans are in a format that tracetui does not read; {_EXPORT}"
_SHOWN = (
    "it is meant for people to read; export OTLP from the program to a Collector or a file, and open that"
)
_BESIDE = "open the trace written beside it"
_METRICS = "they have no spans; open the file that traces are exported to"
_UNPACK = "unpack it and open what is inside"


_BEFORE_ELEMENT = rb"(?>(?:<\?xml[^>]*+>\s*+|(?><!--.*?-->)\s*+)*)"
"""What may stand before the first element of XML, and is never looked at in another way."""


def _xml(what: str, next_step: str, elements: bytes) -> Magic:
    return Magic(what, next_step, _BEFORE_ELEMENT + b"<(?:" + elements + rb")[\s>/]")


def _keys(what: str, next_step: str, keys: str, pattern: bytes = b"") -> Keys:
    """`keys` are groups apart by a space, the alternatives in one by a bar."""
    groups = tuple(frozenset(group.encode().split(b"|")) for group in keys.split())
    return Keys(what, next_step, groups, pattern)


JUNIT, GO_TEST = "JUnit XML", "go test -json"
"""Results of tests that are read, without being traces (`formats.results`)."""

IS_JUNIT = re.compile(_BEFORE_ELEMENT + rb"<testsuites?[\s>/]", re.DOTALL)
IS_GO_TEST = re.compile(
    rb"^[ \t]*+\{(?=[^\n]*\"Action\"\s*+:\s*+\""
    rb"(?:start|run|output|pass|fail|skip|bench|pause|cont|attr|build-\w+)\")"
    rb"[^\n]*\"(?:Package|ImportPath)\"\s*+:",
    re.MULTILINE,
)

TEXT = (
    _xml("a Robot Framework result", _TESTS, b"robot"),
    _xml("a TestNG result", _TESTS, b"testng-results"),
    _xml("a .NET test result (TRX)", _TESTS, b"TestRun"),
    _xml("an NUnit result", _TESTS, b"test-run|test-results"),
    _xml("an xUnit.net result", _TESTS, b"assemblies|assembly"),
    _xml("a coverage report", _BESIDE, b"coverage"),
    _xml("an SVG picture", _BESIDE, b"svg"),
    Magic("a systrace page", "open it in Perfetto's legacy viewer, save it as JSON, and open that",
           rb"<(?:!doctype\s+html|html).*(?:systrace|trace-data|trace_viewer)"),
    Magic("an HTML page", "save the data it shows as JSON, and open that",
           rb"<(?:!doctype\s+html|html)"),
    _xml("XML", "tracetui does not read XML; record the run with `pytest --tracetui=DIR`", rb"[a-z][\w.:-]*"),
    Magic("an ftrace log", _PERFETTO, rb"(?:TRACE:\s*)?# tracer: "),
    Magic("coverage data (LCOV)", _BESIDE, rb"(?:TN:[^\n]*\n)?SF:[^\n]+\n"),
    Magic("TAP", _TESTS, rb"TAP version \d+|1\.\.\d+\s*\n(?:# [^\n]*\n)*(?:not )?ok \d"),
    Magic("metrics of Prometheus", _METRICS, rb"# (?:HELP|TYPE|UNIT) [A-Za-z_:]"),
    Magic("folded stacks", _PROFILE, rb"[^\s;{\[\"<][^\n;]{0,400}(?:;[^\n;]{1,400}){1,400} \d+\r?(?:\n|\Z)"),
    Magic("the output of the Collector's debug exporter", "it is meant for people to read; "
           "add a file exporter to the Collector, and open what that writes",
           rb".{0,4000}?ResourceSpans #0\b"),
    Magic("the output of OpenTelemetry .NET's console exporter", _SHOWN, rb".{0,400}?Activity\.TraceId:\s"),
    Magic("the output of OpenTelemetry Rust's stdout exporter", _SHOWN, rb"Spans\s+Resource\s"),
    Magic("the output of OpenTelemetry Ruby's console exporter", _SHOWN,
           rb"#<struct OpenTelemetry::SDK::Trace::SpanData"),
    Magic("the output of OpenTelemetry Java's logging exporter", _SHOWN,
           rb"[^\n{]{0,200}(?:\n[^\n{]{0,200})?\s[0-9a-f]{32} [0-9a-f]{16} [A-Z]+ \[tracer: "),
)  # fmt: skip
"""Text that begins with something else than JSON."""

_INSIGHTS = (
    rb'"baseType"\s*:\s*"(?:Request|RemoteDependency|Message|Exception|Availability)Data"'
    rb'|"(?:name|[Tt]ype)"\s*:\s*"(?:Microsoft\.ApplicationInsights[^"]*|AppRequests|AppDependencies)"'
)

METRICS = ("OTLP metrics", _METRICS)

JSON = (
    _keys("a speedscope profile", _PROFILE, "profiles|$schema", rb"speedscope\.app/file-format-schema"),
    _keys("a HAR file", "it has requests but no spans; trace the program that makes them",
          "log entries startedDateTime|creator|version"),
    _keys("an error response from Jaeger", "Jaeger did not find the trace; ask for one that it "
          "still keeps", "data errors", rb'"data"\s*:\s*(?:null|\[\s*\])'),
    _keys("an error response from Jaeger", "Jaeger did not find the trace; ask for one that it "
          "still keeps", "error httpCode message"),
    _keys("a Tempo search result", "it names traces but has no spans; fetch each with "
          "`GET /api/traces/TRACE_ID`",
          "traces rootServiceName|rootTraceName|inspectedTraces|inspectedBytes|inspectedBlocks"),
    _keys("AWS X-Ray", _OWN, "Segments Document"),
    _keys("AWS X-Ray", _OWN, "trace_id|traceId",
          rb'"trace(?:_id|Id)"\s*:\s*"1-[0-9a-f]{8}-[0-9a-f]{24}"'),
    _keys("Google Cloud Trace", _OWN, "projectId traceId spans"),
    _keys("Google Cloud Trace", _OWN, "name", rb'"name"\s*:\s*"projects/[^"]*/traces/'),
    _keys("Application Insights", _OWN, "baseType|name|type|Type", _INSIGHTS),
    _keys("Application Insights", _OWN, "operation_Id itemType|itemCount|cloud_RoleName"),
    _keys("an Application Insights query result", _OWN, "tables columns rows"),
    _keys("Elastic APM", _OWN, "processor|metadata transaction|span trace_id|trace"),
    _keys("a Honeycomb export", _OWN, "trace.trace_id trace.span_id|name|duration_ms"),
    _keys("a New Relic export", _OWN, "trace.id spans common|attributes"),
    _keys("an OpenSearch Data Prepper index", _OWN, "traceId spanId endTime durationInNanos|traceGroup"),
    _keys("a span dump from ClickHouse or Elasticsearch", _OWN,
          "TraceId SpanId SpanName|ParentSpanId|EndTimestamp|TraceStatus"),
    _keys("a Grafana query result", "it is a table; download the trace itself as JSON, or fetch it with "
          "`GET /api/traces/TRACE_ID`", "fields values refId|schema|config"),
    _keys("a Sentry event", _OWN, "event_id contexts spans|transaction"),
    _keys("a SkyWalking trace", _OWN, "segmentId endpointName|serviceCode"),
    _keys("k6 output", _TESTS, "type metric data", rb'"type"\s*:\s*"(?:Metric|Point)"'),
    _keys("a k6 summary", _TESTS, "metrics root_group"),
    _keys("a Cypress result", _TESTS, "cypressVersion runs|totalTests"),
    _keys("a Mocha report", _TESTS, "stats passes failures pending"),
    _keys("an RSpec report", _TESTS, "examples summary_line"),
    _keys("a Playwright report", "it has results but no spans; open it with `npx playwright show-report`, or "
          "run the tests with an OpenTelemetry SDK", "config suites rootDir|projects|specs"),
    _keys("a Playwright trace", "it has actions but no spans; open it with `npx playwright show-trace`",
          "type", rb'"type"\s*:\s*"(?:context-options|resource-snapshot|frame-snapshot)"'),
    _keys("a Playwright blob report", "it has results but no spans; merge it with `npx playwright "
          "merge-reports`, or run the tests with an OpenTelemetry SDK", "method params",
          rb'"method"\s*:\s*"on(?:BlobReportMetadata|Configure)"'),
    _keys("a Datadog search result", _OWN, "data type attributes", rb'"type"\s*:\s*"spans?"'),
    _keys("a pytest-json-report", _PYTEST, "created exitcode root|summary"),
    _keys("a pytest-reportlog", _PYTEST, "$report_type"),
    _keys("a SARIF result", _BESIDE, "version runs",
          rb'"\$schema"\s*:\s*"[^"]*sarif|"version"\s*:\s*"2\.1\.0"'),
    _keys("the JSON output of Rust's libtest or nextest", _TESTS, "type event",
          rb'"type"\s*:\s*"suite"[^}]*"event"\s*:\s*"started"'),
    _keys("the JSON output of Dart's test runner", _TESTS, "protocolVersion runnerVersion"),
    _keys("Cucumber messages", _TESTS, "meta protocolVersion"),
    _keys("a Mochawesome report", _TESTS, "stats results meta"),
    _keys("a CTRF report", _TESTS, "results tool summary"),
    _keys("a Jest or Vitest report", _TESTS, "numTotalTests testResults"),
    _keys("a Cucumber report", _TESTS, "keyword elements steps"),
    _keys("an Allure result", _TESTS, "uuid historyId|testCaseId|fullName status|stage"),
    _keys("Bazel's build events", "open its JSON profile (`--profile`) instead", "started buildToolVersion"),
    _keys("a Chrome or Node CPU profile", _PROFILE, "nodes callFrame"),
    _keys("a Firefox profile", _PROFILE, "meta threads libs|shared|pages"),
    _keys("a heap snapshot", _PROFILE, "snapshot node_fields"),
    _keys(*METRICS, "resourceMetrics|resource_metrics"),
    _keys("OTLP profiles", "they have no spans; open the file that traces are exported to",
          "resourceProfiles|resource_profiles"),
    _keys("the output of otlp-stdout-span-exporter", "its payloads are packed; unpack each (base64, then "
          "gunzip), and open that", "__otel_otlp_stdout"),
    _keys("the output of OpenTelemetry JavaScript's console exporter", "it is not JSON; export OTLP from the "
          "program, or write its spans with `JSON.stringify`", "",
          rb"\A[\[\s]*\{\s+(?:resource: \{|instrumentationScope: \{|traceId: ')"),
    _keys("the output of OpenTelemetry C++'s ostream exporter", _SHOWN, "",
          rb"\A\{\s+name\s+: [^\n]*\n\s+trace_id\s+: "),
    _keys("the output of OpenTelemetry PHP's console exporter", _SHOWN,
          "scope context parent_span_id start end"),
    _keys("a Docker log", "the program's output is wrapped in it; unpack it with `jq -r .log FILE`, and "
          "open that", "log stream time", rb'"stream"\s*:\s*"std(?:out|err)"'),
    _keys("coverage data", _BESIDE, "meta executed_lines"),
    _keys("a systemd journal", "it has logs but no spans; export the spans of the services",
          "__REALTIME_TIMESTAMP"),
)  # fmt: skip
"""JSON of others; some of it has keys that traces have too."""

BINARY = (
    Magic("a core dump", _BESIDE, rb"\x7fELF.{12}(?:\x04\x00|\x00\x04)"),
    Magic("a program", _BESIDE, rb"\x7fELF|MZ.{56}|\xfe\xed\xfa|[\xce\xcf]\xfa\xed\xfe|\xca\xfe\xba\xbe"),
    Magic("a crash dump", _BESIDE, rb"MDMP|PAGEDU"),
    Magic("a pprof profile", _PROFILE, rb"\x0a[\x02-\x08](?:\x08.\x10.|\x08.|\x10.)[\x0a\x12]"),
    Magic("a perf recording", _PROFILE, rb"PERFILE2"),
    Magic("a Java flight recording", _PROFILE, rb"FLR\0"),
    Magic("a SQLite database", _BESIDE, rb"SQLite format 3\0"),
    Magic("a zip archive", _UNPACK, rb"PK(?:\x03\x04|\x05\x06)"),
    Magic("a 7z archive", _UNPACK, rb"7z\xbc\xaf\x27\x1c"),
    Magic("compressed data", _UNPACK, rb"\x1f\x8b|BZh[1-9]|\xfd7zXZ\0|\x28\xb5\x2f\xfd|\x04\x22\x4d\x18"
           rb"|\x5d\0\0[\0-\x08\x80].{9}|\x1f[\x9d\xa0]|Rar!\x1a\x07"),
    Magic("a Parquet file", _BESIDE, rb"PAR1"),
    Magic("a picture", _BESIDE, rb"\x89PNG|\xff\xd8\xff|GIF8|RIFF....WEBP"),
    Magic("a PDF", _BESIDE, rb"%PDF-"),
    Magic("msgpack of Datadog's tracer", "ask its agent for JSON, or export OTLP",
           rb"[\x80-\x9f\xdc-\xdf].*(?:\xa8trace_id|\xa7span_id)"),
    Magic("a Perfetto trace", _PERFETTO, rb"\x0a(?:[\x01-\x7f]|[\x80-\xff]{1,3}[\x00-\x7f])"
           rb"(?:[\x08\x18\x32\x40\x50\x58\x68]|[\x82-\xfa][\x01-\x08])"),
)  # fmt: skip
"""Files that are no text."""

"""The only way tests make spans: OTLP/JSON as dicts and bytes, down to whole small test runs.

A span is a dict as it stands in a file (`span`), documents are bytes (`line`, `indented`, `start_record`,
`heartbeat`), and `table` reads any of them into the store. Ids follow from what is given: the same call makes
the same bytes, today and tomorrow.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tracetui.formats.otlp.otlp_json import OtlpJson
from tracetui.store.snapshot import Snapshot
from tracetui.store.table import SpanTable

Json = dict[str, Any]
Parent = Json | str | None

T0 = 1_795_000_000_000_000_000
"""When all runs here begin: ns since the epoch, in November 2026."""
MS, S = 1_000_000, 1_000_000_000
TRACE = "0af7651916cd43dd8448eb211c80319c"
RESOURCE: Mapping[str, Any] = {"service.name": "depot"}
NOTHING: Mapping[str, Any] = MappingProxyType({})

HOSTILE_NAMES = (
    "tests/test_x.py::test_x[a-b]",
    "tests/test_x.py::test_tmp[/tmp/x]",
    "tests/test_x.py::test_screen[\x1b[2J]",
    "tests/test_x.py::test_quit[@click=app.quit]",
    "tests/test_x.py::test_bidi[\u202egnp.exe]",
    "tests/test_x.py::test_wide[日本語-🧪]",
)
"""Names that mean something to a terminal, to a markup language or to neither."""


def span(
    name: str = "span",
    attributes: Mapping[str, Any] = NOTHING,
    *,
    start: int = T0,
    end: int = T0 + MS,
    parent: Parent = None,
    trace: str = TRACE,
    id: str | None = None,  # noqa: A002 - the word for it
    status: int = 0,
    message: str = "",
    events: Sequence[Json] = (),
    links: Sequence[Json] = (),
) -> Json:
    """A span from `start` to `end` (ns since the epoch, 0 for no end), below `parent` (a span or an id)."""
    made: Json = {"traceId": trace, "spanId": id or id_of(trace, name, start)}
    if parent:
        made["parentSpanId"] = parent if isinstance(parent, str) else parent["spanId"]
    made |= {"name": name, "kind": 1, "startTimeUnixNano": str(start)}
    if end:
        made["endTimeUnixNano"] = str(end)
    told = {"attributes": key_values(attributes), "events": list(events), "links": list(links)}
    made |= {key: value for key, value in told.items() if value}
    made["status"] = ({"message": message} if message else {}) | ({"code": status} if status else {})
    return made


def case(name: str, outcome: str = "passed", worker: str = "", **more: Any) -> Json:
    """A test as our pytest plugin writes it; `more` is what `span` takes beside attributes."""
    suite = name.partition("::")[0]
    bad = outcome in ("failed", "error")
    attributes = {
        "tracetui.span.role": "test",
        "pytest.nodeid": name,
        "test.case.name": name,
        "test.suite.name": suite,
        "pytest.outcome": outcome,
        "test.case.result.status": "fail" if bad else outcome if outcome == "skipped" else "pass",
        **({"pytest.xdist.worker": worker} if worker else {}),
    }
    return span(name, attributes, **{"status": 2 if bad else 1, **more})


def belongs_to(test: Json) -> Mapping[str, str]:
    """The attributes by which a span of code under test, in a trace of its own, says which test it is of."""
    return {"tracetui.parent.trace_id": test["traceId"], "tracetui.parent.span_id": test["spanId"]}


def exception(
    kind: str = "AssertionError", message: str = "assert 1 == 2", *, at: int = T0, stacktrace: str = ""
) -> Json:
    """An exception event."""
    told = {"exception.type": kind, "exception.message": message}
    told["exception.stacktrace"] = stacktrace or f"Traceback (most recent call last):\n{kind}: {message}\n"
    return {"timeUnixNano": str(at), "name": "exception", "attributes": key_values(told)}


def key_values(attributes: Mapping[str, Any]) -> list[Json]:
    """Python values as OTLP/JSON attributes."""
    return [{"key": key, "value": any_value(value)} for key, value in attributes.items()]


def any_value(value: Any) -> Json:
    """A Python value as an OTLP/JSON `AnyValue`."""
    match value:
        case None:
            return {}
        case bool():
            return {"boolValue": value}
        case int():
            return {"intValue": str(value)}
        case float():
            return {"doubleValue": value}
        case bytes():
            return {"bytesValue": base64.b64encode(value).decode()}
        case dict():
            return {"kvlistValue": {"values": key_values(value)}}
        case list() | tuple():
            return {"arrayValue": {"values": [any_value(item) for item in value]}}
    return {"stringValue": str(value)}


def document(*spans: Json, scope: str = "tests", resource: Mapping[str, Any] = RESOURCE) -> Json:
    """A `TracesData` that holds `spans`."""
    return {"resourceSpans": [resource_spans(*spans, scope=scope, resource=resource)]}


def resource_spans(*spans: Json, scope: str = "tests", resource: Mapping[str, Any] = RESOURCE) -> Json:
    """A bare `ResourceSpans`, as OpenTelemetry Java logs it."""
    scoped = {"scope": {"name": scope}, "spans": list(spans)}
    return {"resource": {"attributes": key_values(resource)}, "scopeSpans": [scoped]}


def line(*spans: Json, scope: str = "tests", resource: Mapping[str, Any] = RESOURCE) -> bytes:
    """One `TracesData` on one line, as a file exporter writes it."""
    return compact(document(*spans, scope=scope, resource=resource))


def indented(*spans: Json, scope: str = "tests", resource: Mapping[str, Any] = RESOURCE) -> bytes:
    """One `TracesData` over many lines, without a line end at its end, as resmoke writes it."""
    return json.dumps(document(*spans, scope=scope, resource=resource), indent=2).encode()


def compact(value: Any) -> bytes:
    """JSON on one line."""
    return (
        json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"
    )


def log_line(*records: Json, resource: Mapping[str, Any] = RESOURCE) -> bytes:
    """Log records on one line."""
    logs = {"scope": {"name": "tests"}, "logRecords": list(records)}
    return compact(
        {"resourceLogs": [{"resource": {"attributes": key_values(resource)}, "scopeLogs": [logs]}]}
    )


def start_record(started: Json, resource: Mapping[str, Any] = RESOURCE) -> bytes:
    """The line that says that a span has begun, as our live log writes it."""
    told = {"tracetui.span.name": started["name"]}
    if "parentSpanId" in started:
        told["tracetui.span.parent_span_id"] = started["parentSpanId"]
    told["tracetui.span.start_time_unix_nano"] = int(started["startTimeUnixNano"])
    record = {
        "timeUnixNano": started["startTimeUnixNano"],
        "severityNumber": 1,
        "traceId": started["traceId"],
        "spanId": started["spanId"],
        "eventName": "tracetui.span.start",
        "attributes": key_values(told) + started.get("attributes", []),
    }
    return log_line(record, resource=resource)


def heartbeat(
    at: int = T0,
    *,
    pid: int = 0,
    host: str = "elsewhere",
    boot_id: str = "",
    open_spans: int = 1,
    dropped: int = 0,
    has_ended: bool = False,
    removed: int = 0,
    resource: Mapping[str, Any] = RESOURCE,
) -> bytes:
    """The line that says that the writer lives."""
    told = {
        "process.pid": pid,
        "host.name": host,
        "tracetui.boot_id": boot_id,
        "tracetui.open_spans": open_spans,
        "tracetui.dropped_spans": dropped,
        **({"tracetui.removed_spans": removed} if removed else {}),
        **({"tracetui.writer.ended": True} if has_ended else {}),
    }
    record = {"timeUnixNano": str(at), "severityNumber": 1, "eventName": "tracetui.heartbeat"}
    return log_line(record | {"attributes": key_values(told)}, resource=resource)


def unfinished(started: Json) -> Json:
    """The span as it is written by those who export it once without its end (Dagger)."""
    return {key: value for key, value in started.items() if key not in ("endTimeUnixNano", "status")}


def id_of(*parts: object) -> str:
    """16 hex digits that follow from `parts`."""
    return blake2b(repr(parts).encode("utf-8", "replace"), digest_size=8).hexdigest()


def table(*sources: bytes, settle: bool = True) -> SpanTable:
    """A store that read each of `sources` as a file of its own, named `source0`, `source1` and so on."""
    made = SpanTable()
    for number, data in enumerate(sources):
        made.add_source(f"source{number}")
        reader = OtlpJson()
        reader.feed(data)
        if settle:
            reader.finish()
        made.append(number, reader.take(), len(data))
    return made


def snapshot(*sources: bytes) -> Snapshot:
    """What `table` ends with."""
    return table(*sources).snapshot()


def small_spans() -> tuple[list[Json], list[Json]]:
    """The spans of a small run under pytest, finished ones and those under way: what `small_run` writes."""
    suite = {"tracetui.span.role": "suite", "test.suite.name": "depot"}
    top = span("depot", suite | {"test.suite.run.status": "in_progress"}, end=0)
    workers = [_worker("gw0", T0 + 40 * MS, top), _worker("gw1", T0 + 41 * MS, top)]
    clocks = [T0 + 50 * MS, T0 + 60 * MS]
    finished: list[Json] = []
    for name, outcome, took_ms in _PLAN:
        lane = clocks.index(min(clocks))
        made = _case_with_phases(name, outcome, workers[lane], f"gw{lane}", clocks[lane], took_ms * MS)
        clocks[lane] = int(made[-1]["endTimeUnixNano"]) + 2 * MS
        finished += made
    lane = clocks.index(min(clocks))
    running = case(RUNNING, "", f"gw{lane}", start=clocks[lane], end=0, parent=workers[lane])
    return finished, [top, *workers, running]


def small_run() -> bytes:
    """A run under way: a suite, two workers, ten tests with phases (one failed with an exception, one
    skipped, six with `HOSTILE_NAMES`), a slow session fixture, and `RUNNING`, which has not ended."""
    finished, running = small_spans()
    return b"".join(map(line, finished)) + b"".join(map(start_record, running))


def write_small_run(directory: Path) -> Path:
    """`small_run` as our exporter lays it down: spans, and beside them `live/`; returns the directory."""
    finished, running = small_spans()
    (directory / "live").mkdir(parents=True)
    (directory / "run.traces.jsonl").write_bytes(b"".join(map(line, finished)))
    (directory / "live" / "run.logs.jsonl").write_bytes(b"".join(map(start_record, running)))
    return directory


RUNNING = "tests/test_route.py::test_long[a-b]"
_PLAN = (
    ("tests/test_depot.py::test_opens", "passed", 120),
    ("tests/test_depot.py::test_closes", "failed", 80),
    ("tests/test_depot.py::test_lift", "skipped", 1),
    ("tests/test_route.py::test_short", "passed", 700),
    *((name, "passed", 30 + 10 * place) for place, name in enumerate(HOSTILE_NAMES)),
)


def _worker(name: str, start: int, parent: Json) -> Json:
    told = {"tracetui.span.role": "worker", "pytest.xdist.worker": name}
    return span(f"worker {name}", told, start=start, end=0, parent=parent)


def _case_with_phases(
    name: str, outcome: str, parent: Json, worker: str, start: int, took: int
) -> list[Json]:
    """The spans of one test, children first; the first test also sets up a session fixture."""
    end = start + took + 2 * MS
    test = case(name, outcome, worker, start=start, end=end, parent=parent)
    setup = _phase("setup", name, "passed", test, start, start + MS)
    call = _phase("call", name, outcome, test, start + MS, end - MS)
    teardown = _phase("teardown", name, "passed", test, end - MS, end)
    hook = {"tracetui.span.role": "hook", "tracetui.fixture.scope": "session"}
    fixture = span("fixture yard", hook, start=start, end=start + MS // 2, parent=setup)
    return [*([fixture] if name.endswith("test_opens") else []), setup, call, teardown, test]


def _phase(when: str, name: str, outcome: str, test: Json, start: int, end: int) -> Json:
    told = {
        "tracetui.span.role": "phase",
        "pytest.when": when,
        "pytest.nodeid": name,
        "pytest.outcome": outcome,
    }
    made = span(when, told, start=start, end=end, parent=test, id=id_of(name, when), status=1)
    if outcome == "failed":
        made["events"] = [exception(message="assert 3 == 4", at=end)]
        made["status"] = {"message": "assert 3 == 4", "code": 2}
    return made

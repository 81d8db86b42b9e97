"""Recordings to measure with: N spans of test runs, in three dialects, 1 or 512 a line, always the same ones.

A run is one trace of about 10,000 spans: a suite, its tests on four workers, what each test did; written in
the order in which spans end. A span has about 12 attributes; one test in twenty fails, with a stack trace.
"""

import random
from collections.abc import Callable, Iterator
from itertools import count, islice
from typing import Any, NamedTuple

import orjson

Json = dict[str, Any]
Pairs = dict[str, str | int | float | bool]

T0 = 1_795_000_000_000_000_000
MS = 1_000_000
TESTS_PER_RUN = 2_500
WORKERS = 4
PACKAGES = ("orders", "routing", "billing", "search", "depot", "labels", "pricing", "tracking")
TRACEBACK = "Traceback (most recent call last):\n" + "".join(
    f'  File "/srv/ci/src/depot/{module}.py", line {line}, in {function}\n    return {function}(order, "x")\n'
    for module, line, function in (("api", 212, "handle"), ("plan", 71, "route"), ("roads", 1034, "length"))
)


class Case(NamedTuple):
    """The names of a test."""

    path: str
    function: str
    nodeid: str
    line: int


class Run:
    """One trace: its ids, and a clock per worker."""

    def __init__(self, number: int) -> None:
        self.random = random.Random(number)
        self.number = number
        self.trace_id = f"{self.random.getrandbits(128):032x}"
        self.suite_id = self.new_id()
        self.start = T0 + number * 3_600_000 * MS
        self.clocks = [self.start + 40 * MS + worker * 1000 for worker in range(WORKERS)]

    def new_id(self) -> str:
        """A span id."""
        return f"{self.random.getrandbits(64):016x}"

    def work(self, worker: int, most_ms: int) -> tuple[int, int]:
        """The next stretch of a worker's time: start and end."""
        start = self.clocks[worker]
        self.clocks[worker] = start + 20_000 + int(self.random.random() ** 4 * most_ms * MS)
        return start, self.clocks[worker]

    @property
    def whole(self) -> tuple[int, int]:
        """From its start until now."""
        return self.start, max(self.clocks)

    def record(
        self, name: str, times: tuple[int, int], parent: str, own: str, pairs: Pairs, kind: int
    ) -> Json:
        """A span down to its attributes, flags left out."""
        identity = {"traceId": self.trace_id, "spanId": own} | ({"parentSpanId": parent} if parent else {})
        start, end = map(str, times)
        told = {"name": name, "kind": kind, "startTimeUnixNano": start, "endTimeUnixNano": end}
        return identity | told | {"attributes": _key_values(pairs)}


class Ours:
    """A run as `tracetui.tracing` writes it: flags before the parent, a role on every span."""

    def __init__(self, number: int) -> None:
        self.run = Run(number)
        self.session: Pairs = {
            "tracetui.run.id": f"run-{number}",
            "process.pid": 4711 + number,
            "host.name": "ci-7",
        }

    def span(
        self,
        role: str,
        name: str,
        times: tuple[int, int],
        parent: str,
        own: str,
        pairs: Pairs,
        failed: bool = False,
    ) -> Json:
        """One span, in the order of its fields."""
        said = {"tracetui.span.role": role, **pairs, **self.session}
        made = self.run.record(name, times, parent, own, said, 1)
        told = {"traceId": made.pop("traceId"), "spanId": made.pop("spanId"), "flags": 256}
        return told | made | _ended(times[1], failed, 0 if role == "suite" else 1)

    def test(self, index: int) -> Iterator[Json]:
        """A test, after its phases."""
        run, worker, test_id, case = self.run, index % WORKERS, self.run.new_id(), _case(index)
        failed = run.random.random() < 0.05
        where: Pairs = {
            "pytest.nodeid": case.nodeid,
            "code.file.path": case.path,
            "code.function.name": case.function,
            "code.line.number": case.line,
            "pytest.xdist.worker": f"gw{worker}",
            "thread.name": "MainThread",
            "python.version": "3.13.1",
        }
        began = run.clocks[worker]
        for when in ("setup", "call", "teardown"):
            bad = failed and when == "call"
            told: Pairs = {"pytest.when": when, "pytest.outcome": "failed" if bad else "passed"}
            times = run.work(worker, 200 if when == "call" else 2)
            told["tracetui.cpu_ns"] = (times[1] - times[0]) // 3
            yield self.span("phase", when, times, test_id, run.new_id(), told | where, bad)
        told = {
            "test.case.name": case.nodeid,
            "test.suite.name": case.path,
            "pytest.outcome": "failed" if failed else "passed",
            "test.case.result.status": "fail" if failed else "pass",
            "tracetui.cpu_ns": (run.clocks[worker] - began) // 3,
        }
        times = (began, run.clocks[worker])
        yield self.span("test", case.nodeid, times, run.suite_id, test_id, told | where, failed)


def tracetui(number: int) -> Iterator[Json]:
    """A run of ours: tests, then the suite."""
    ours = Ours(number)
    for index in range(TESTS_PER_RUN):
        yield from ours.test(index)
    told: Pairs = {
        "test.suite.name": "depot",
        "test.suite.run.status": "failure",
        "pytest.args": "tests -n 4",
    }
    yield ours.span("suite", "pytest depot", ours.run.whole, "", ours.run.suite_id, told)


def resmoke(number: int) -> Iterator[Json]:
    """As resmoke writes: enums by name, flags last, baggage on every span, a wrapper around each test."""
    run = Run(number)
    baggage: Pairs = {
        "evergreen.build.id": "mongodb_mongo_master_enterprise_rhel8_64bit_patch_9801cf14_24_08_17",
        "evergreen.distro.id": "rhel8.8-medium",
        "evergreen.project.identifier": "mongodb-mongo-master",
        "evergreen.task.execution": 0,
        "evergreen.task.id": f"mongodb_mongo_master_replica_sets_jscore_passthrough_{number}",
        "evergreen.variant.name": "enterprise-rhel-8-64-bit",
        "evergreen.revision": "9801cf147ed208ce4c0ff8dff4a97cdb216f4c22",
        "evergreen.patch_build": True,
    }

    def span(
        name: str, times: tuple[int, int], parent: str, own: str, pairs: Pairs, failed: bool = False
    ) -> Json:
        made = run.record(name, times, parent, own, pairs, 1) | {"kind": "SPAN_KIND_INTERNAL"}
        made |= _ended(times[1], failed, 1)
        if name == "run_test":
            made["status"] = {}
        else:
            made["status"]["code"] = "STATUS_CODE_ERROR" if failed else "STATUS_CODE_OK"
        return made | {"flags": 256}

    for worker in range(WORKERS):
        times = run.work(worker, 40)
        yield span("job._run_hooks_before_suite", times, run.suite_id, run.new_id(), baggage)
    for index in range(2 * TESTS_PER_RUN):
        worker, wrapper, case = index % WORKERS, run.new_id(), _case(index)
        failed = run.random.random() < 0.025
        test: Pairs = {
            "test_base_name": f"{case.function}.js",
            "test_long_name": f"jstests/core/{case.function}.js",
            "test_id": f"{run.random.getrandbits(32):08x}-5cd2-4d62-9967-{run.random.getrandbits(48):012x}",
            "test_kind": "JSTest",
            "test_dynamic": False,
        }
        began, _ = run.work(worker, 5)
        yield span("run_test", run.work(worker, 200), wrapper, run.new_id(), test | baggage)
        _, until = run.work(worker, 20)
        yield span("job._execute_test", (began, until), run.suite_id, wrapper, baggage | test, failed)
    suite: Pairs = {"suite_display_name": "jsCore", "suite_name": "core", "suite_return_code": 1, **baggage}
    yield span("run.__init__._execute_suite", run.whole, "71d9a3f0c2b84e15", run.suite_id, suite)


def official(number: int) -> Iterator[Json]:
    """As OpenTelemetry's json-file exporter writes: semantic conventions, and calls inside each test."""
    run = Run(number)
    for index in range(TESTS_PER_RUN):
        yield from _official_test(run, index)
    suite: Pairs = {"test.suite.name": "depot", "test.suite.run.status": "failure"}
    yield _official_span(run, "depot", run.whole, "", run.suite_id, suite)


def _official_span(
    run: Run, name: str, times: tuple[int, int], parent: str, own: str, pairs: Pairs, failed: bool = False
) -> Json:
    made = run.record(name, times, parent, own, pairs, 3 if name.startswith("GET") else 1)
    last = {key: made.pop(key) for key in tuple(made) if not key.endswith("Id")}
    return made | {"flags": 256} | last | _ended(times[1], failed, 1 if "depot" in name else 0)


def _official_test(run: Run, index: int) -> Iterator[Json]:
    worker, test_id, case = index % WORKERS, run.new_id(), _case(index)
    failed = run.random.random() < 0.05
    process: Pairs = {
        "thread.id": 139_872_001 + worker,
        "thread.name": f"worker-{worker}",
        "process.pid": 3000 + worker,
        "cpu.load": round(run.random.random(), 3),
    }
    began = run.clocks[worker]
    for page in range(3):
        call = _call(index, page) | process
        yield _official_span(run, "GET /orders/{id}", run.work(worker, 60), test_id, run.new_id(), call)
    test: Pairs = {
        "test.case.name": case.nodeid,
        "test.suite.name": case.path,
        "test.case.result.status": "fail" if failed else "pass",
        "code.function.name": case.function,
        "code.file.path": case.path,
        "code.line.number": case.line,
        "test.shard": index % 7,
        "test.retries": 0,
    }
    times = (began, run.clocks[worker])
    yield _official_span(run, case.function, times, run.suite_id, test_id, test | process, failed)


def _call(index: int, page: int) -> Pairs:
    return {
        "http.request.method": "GET",
        "url.full": f"https://depot.example/orders/{index}?page={page}&size=50",
        "url.path": f"/orders/{index}",
        "url.query": f"page={page}&size=50",
        "server.address": "depot.example",
        "server.port": 443,
        "http.response.status_code": 200,
        "network.protocol.version": "1.1",
    }


class Dialect(NamedTuple):
    """A writer: the spans of its run of a number, and what stands around them."""

    spans: Callable[[int], Iterator[Json]]
    resource: Json
    scope: Json


DIALECTS = {
    "tracetui": Dialect(
        tracetui,
        {"service.name": "depot", "telemetry.sdk.language": "python", "host.name": "ci-7"},
        {"name": "tracetui", "version": "1.0"},
    ),
    "resmoke": Dialect(resmoke, {"service.name": "resmoke"}, {"name": "resmoke"}),
    "json-file": Dialect(
        official,
        {"telemetry.sdk.language": "python", "telemetry.sdk.version": "1.45.1", "service.name": "depot"},
        {"name": "depot.tests", "version": "1.0"},
    ),
}


def lines(dialect: str, spans: int, per_line: int) -> Iterator[bytes]:
    """The lines of a recording."""
    writer = DIALECTS[dialect]
    all_spans = islice((span for number in count() for span in writer.spans(number)), spans)
    resource = {"attributes": _key_values(writer.resource)}
    while some := list(islice(all_spans, per_line)):
        scoped = {"scope": writer.scope, "spans": some}
        yield orjson.dumps({"resourceSpans": [{"resource": resource, "scopeSpans": [scoped]}]}) + b"\n"


def _case(index: int) -> Case:
    package = PACKAGES[index % len(PACKAGES)]
    path = f"tests/{package}/test_{package}_{index % 97}.py"
    function = f"test_{package}_keeps_order_{index}"
    return Case(path, function, f"{path}::{function}[{index % 5}-fast]", 10 + index % 400)


def _ended(end: int, failed: bool, code: int) -> Json:
    """Events and status."""
    if not failed:
        return {"status": {"code": code} if code else {}}
    error = "AssertionError: assert 7 == 8"
    told: Pairs = {
        "exception.type": "AssertionError",
        "exception.message": "assert 7 == 8",
        "exception.stacktrace": f"{TRACEBACK}{error}\n",
        "exception.escaped": "False",
    }
    event = {"timeUnixNano": str(end), "name": "exception", "attributes": _key_values(told)}
    return {"events": [event], "status": {"message": error, "code": 2}}


def _key_values(pairs: Pairs) -> list[Json]:
    return [{"key": key, "value": _any_value(value)} for key, value in pairs.items()]


def _any_value(value: str | float | bool) -> Json:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    return {"doubleValue": value} if isinstance(value, float) else {"stringValue": value}

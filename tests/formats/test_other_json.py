"""JSON of other tracers: console spans, Jaeger, Zipkin, Chrome trace events, wrong names of fields."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budgets import examples
from tests.builders import MS, T0, Json, compact, document, indented, line, resource_spans, span
from tests.formats.looking import looked_at
from tests.formats.reading import read
from tracetui.errors import DecodeError
from tracetui.formats.detail import decode_span
from tracetui.model.batch import SpanBatch
from tracetui.model.role import Outcome, Role, StatusCode
from tracetui.model.span import Span

DATA = Path(__file__).parent.parent / "data"
US = T0 // 1000
SAMPLES = [
    *sorted(DATA.glob("chrome/*.json")),
    *(DATA / "other" / name for name in (
        "console-sdk-1.45.2.json", "jaeger-ui-flamegraph-trace.json", "pytest-otel-2.5.1-debug.json",
        "zipkin-exporter-1.45.1.json",
    )),
]  # fmt: skip


def sample(name: str) -> tuple[SpanBatch, list[Span]]:
    data = (DATA / name).read_bytes()
    batch = read(data)
    assert (batch.rejected, batch.torn) == ([], [])
    return batch, looked_at(data, batch)


def row(batch: SpanBatch, title: str, place: int = 0) -> Json:
    """What a batch says of the span of that title."""
    index = [number for number, each in enumerate(batch.title) if each == title][place]
    names = ("role", "outcome", "worker", "start_ns", "end_ns", "status", "parent_span_id")
    return {name: getattr(batch, name)[index] for name in names}


def test_console_spans_are_the_spans_that_zipkin_got() -> None:
    """Two exporters of one run: ids, names, parents, times to the microsecond, failures, services."""
    console, spans = sample("other/console-sdk-1.45.2.json")
    zipkin, others = sample("other/zipkin-exporter-1.45.1.json")

    def told(batch: SpanBatch) -> list[tuple[object, ...]]:
        return sorted(
            zip(batch.trace_id, batch.span_id, batch.parent_span_id, batch.title, batch.role, batch.outcome,
                batch.start_ns, strict=True)
        )  # fmt: skip

    assert told(console) == told(zipkin)
    assert console.title.count("depot::closes") == 1
    opens, closes, suite = spans
    assert opens.attributes["l"] == ["a", "b"]
    assert (opens.attributes["n"], opens.attributes["f"], opens.attributes["b"]) == (1, 1.5, True)
    assert [event.name for event in opens.events] == ["midway"]
    assert [event.attributes["exception.type"] for event in closes.events] == ["AssertionError"]
    assert (closes.status.code, closes.status.message) == (StatusCode.ERROR, "AssertionError: assert 1 == 2")
    assert [(link.span_id, dict(link.attributes)) for link in closes.links] == [
        (suite.span_id, {"why": "again"})
    ]
    assert (suite.kind, suite.resource.attributes["n"]) == ("server", [1, 2])
    assert {other.resource.attributes["service.name"] for other in others} == {"depot"}
    assert {other.scope.name for other in others} == {"depot.tests"}


def test_an_array_of_console_spans() -> None:
    """What pytest-otel writes with `--otel-debug`: a suite and five tests."""
    batch, spans = sample("other/pytest-otel-2.5.1-debug.json")
    assert (batch.role.count(Role.TEST), batch.role.count(Role.SUITE)) == (5, 1)
    assert row(batch, "test_closes")["outcome"] is Outcome.FAILED
    assert spans[0].resource.attributes["service.name"] == "Pytest_Otel_reporter"


def test_what_jaegers_ui_saves() -> None:
    """Its flame graph sample: one trace, processes within the spans."""
    batch, spans = sample("other/jaeger-ui-flamegraph-trace.json")
    assert batch.name == ["OrderVehicle", "HTTP GET", "BikeHandler", "FindNearestVehicle"]
    assert sum(not parent for parent in batch.parent_span_id) == 1
    assert spans[0].resource.attributes["service.name"] == "load-generator"
    assert spans[0].end_ns - spans[0].start_ns == 1_181_596_000
    assert spans[0].attributes["vehicle"] == "bike"


def jaeger() -> Json:
    """What Jaeger's API answers, of a test that failed."""
    common = {"traceID": "abc", "startTime": US, "duration": 7, "processID": "p1"}
    reference = {"traceID": "abc", "spanID": "1f"}
    tags = [
        {"key": "test.case.name", "type": "string", "value": "t"},
        {"key": "error", "type": "bool", "value": True},
        {"key": "otel.scope.name", "type": "string", "value": "depot"},
        {"key": "span.kind", "type": "string", "value": "client"},
    ]
    log = {"timestamp": US, "fields": [{"key": "event", "value": "exception"}, {"key": "x", "value": 1}]}
    follows = {"refType": "FOLLOWS_FROM", "traceID": "abc", "spanID": "2f"}
    test = common | {"spanID": "3", "operationName": "t", "tags": tags, "logs": [log]}
    test["references"] = [follows, {"refType": "CHILD_OF", **reference}]
    suite = common | {"spanID": "1f", "operationName": "suite"}
    processes = {"p1": {"serviceName": "depot", "tags": [{"key": "host", "value": "h"}]}}
    return {"traceID": "abc", "spans": [suite, test], "processes": processes}


@pytest.mark.parametrize("data", [{"data": [jaeger()], "total": 0}, {"data": jaeger()}, jaeger(), [jaeger()]])
def test_what_jaegers_api_answers(data: Any) -> None:
    """Short ids get their zeros back, a child is below its parent, what it follows is a link."""
    text = compact(data)
    batch = read(text)
    assert batch.rejected == []
    assert batch.parent_span_id == ["", "1f".rjust(16, "0")]
    assert batch.trace_id == ["abc".rjust(32, "0")] * 2
    assert (batch.role[1], batch.outcome[1], batch.title[1]) == (Role.TEST, Outcome.FAILED, "t")
    test = looked_at(text, batch)[1]
    assert (test.start_ns, test.end_ns, test.kind) == (US * 1000, US * 1000 + 7000, "client")
    assert [link.span_id for link in test.links] == ["2f".rjust(16, "0")]
    assert [(event.name, dict(event.attributes)) for event in test.events] == [("exception", {"x": 1})]
    assert (dict(test.resource.attributes), test.scope.name) == (
        {"service.name": "depot", "host": "h"},
        "depot",
    )


def test_a_bad_span_among_jaegers_costs_itself() -> None:
    """The others are read."""
    data = jaeger()
    data["spans"][0] = "suite"
    batch = read(compact({"data": [data]}))
    assert (batch.name, len(batch.rejected)) == (["t"], 1)


def test_lists_of_lists_of_zipkin() -> None:
    """What its API answers: traces of spans; short trace ids, failures, notes."""
    made = {
        "traceId": "463ac35c9f6413ad",
        "id": "72485a3953bb6124",
        "timestamp": US,
        "duration": 9,
        "kind": "CLIENT",
        "tags": {"error": "timeout"},
        "annotations": [{"timestamp": US, "value": "retry"}],
    }
    text = compact(
        [[made, made | {"id": "1" * 16, "parentId": "72485a3953bb6124"}], [made | {"id": "2" * 16}]]
    )
    batch = read(text)
    assert (len(batch), batch.rejected) == (3, [])
    assert batch.trace_id[0] == "0" * 16 + "463ac35c9f6413ad"
    assert batch.parent_span_id == ["", "72485a3953bb6124", ""]
    (found, _, _) = looked_at(text, batch)
    assert (found.kind, found.status.message, found.events[0].name) == ("client", "timeout", "retry")


def test_chrome_events_of_pytest_timing() -> None:
    """Tests on the lanes of their workers, phases within them, times since the epoch."""
    batch, spans = sample("chrome/pytest-timing-0.4.0.json")
    closes = row(batch, "tests/test_depot.py::test_closes")
    assert (closes["role"], closes["outcome"], closes["worker"]) == (Role.TEST, Outcome.FAILED, "gw1")
    assert closes["end_ns"] - closes["start_ns"] == 31_909_000
    assert (
        closes["start_ns"] == 1795362664_623871565 // 1000 * 1000 + 692_499_000
        or closes["start_ns"] > T0 // 2
    )
    ends = {batch.title[place]: batch.outcome[place] for place in range(len(batch))}
    assert ends["tests/test_depot.py::test_error"] is Outcome.ERROR
    assert ends["tests/test_depot.py::test_known"] is Outcome.XFAILED
    phases = [place for place, role in enumerate(batch.role) if role is Role.PHASE]
    tests = {batch.span_id[place] for place, role in enumerate(batch.role) if role is Role.TEST}
    assert {batch.parent_span_id[place] for place in phases} <= tests
    assert spans[0].attributes["cat"] == "worker"


def test_chrome_events_of_nextest() -> None:
    """Begins and ends, a retry, a test that never ended; the end says how it went."""
    batch, spans = sample("chrome/nextest.json")
    title = "depot::bin/depot::tests::opens"
    first, second = row(batch, title), row(batch, title, 1)
    assert (first["outcome"], second["outcome"]) == (Outcome.FAILED, Outcome.PASSED)
    assert (first["worker"], first["end_ns"] - first["start_ns"]) == ("slot-0", 200 * MS)
    hangs = row(batch, "depot::bin/depot::tests::hangs")
    assert (hangs["role"], hangs["outcome"]) == (Role.TEST, Outcome.CUT_OFF)
    assert hangs["end_ns"] - hangs["start_ns"] == 100 * MS  # Until the run ended.
    assert row(batch, "test run")["role"] is Role.SUITE
    assert {each.attributes.get("result.status") for each in spans} == {"fail", "pass", None}


def test_chrome_events_of_bazel() -> None:
    """A test by its mnemonic, named by its target; what runs within it is below it; no time is negative."""
    batch, _ = sample("chrome/bazel.json")
    test = row(batch, "//depot:gate_test")
    assert (test["role"], test["worker"]) == (Role.TEST, "skyframe-evaluator-1")
    assert (
        row(batch, "local action execution")["parent_span_id"]
        == batch.span_id[batch.title.index("//depot:gate_test")]
    )
    assert row(batch, "Compiling depot/gate.cc")["role"] is Role.OTHER
    assert row(batch, "Launch Bazel")["start_ns"] == 1_795_363_899_983_000_000


def test_a_bare_array_of_chrome_events() -> None:
    """The other form; an end without a begin and an impossible time cost themselves."""
    events = [
        {"ph": "X", "name": "outer", "ts": 5, "dur": 10, "pid": 1, "tid": 1},
        {"ph": "X", "name": "inner", "ts": 6, "dur": 2, "pid": 1, "tid": 1},
        {"ph": "X", "name": "beside", "ts": 6, "dur": 2, "pid": 1, "tid": 2},
        {"ph": "E", "ts": 7, "pid": 1, "tid": 9},
        {"ph": "X", "name": "far", "ts": 1e300, "pid": 1, "tid": 1},
        {"ph": "B", "ts": "soon"},
    ]
    batch = read(compact(events))
    assert batch.name == ["outer", "inner", "beside"]
    assert batch.parent_span_id == ["", batch.span_id[0], ""]
    assert len(batch.rejected) == 3


def test_two_chrome_documents_are_two_traces_and_copies_are_one() -> None:
    """A document is known by what it holds, for it has no ids."""
    one, two = ([{"ph": "X", "name": name, "ts": 1, "dur": 1}] for name in ("one", "two"))
    assert len(set(read(compact(one) + compact(two) + compact(one)).trace_id)) == 2


def test_names_of_fields_as_protobuf_has_them() -> None:
    """Snake case everywhere but in the keys of attributes; the span is read back from its own bytes."""
    whole = {"test.case.name": "t", "some_key": [1, {"inner_key": "v"}], "none": None}
    made = span("t", whole, status=2, parent="2" * 16, events=[{"name": "e", "timeUnixNano": str(T0)}])

    def snake(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                "".join(f"_{c.lower()}" if c.isupper() else c for c in key): snake(item)
                for key, item in value.items()
            }
        return list(map(snake, value)) if isinstance(value, list) else value

    for whole_document in (document(made), resource_spans(made)):
        text = compact(snake(whole_document))
        batch, expected = read(text), read(line(made))
        assert batch.rejected == []
        assert looked_at(text, batch) == looked_at(line(made), expected)
        batch.offset, batch.length = expected.offset, expected.length
        assert [json.loads(each) for each in batch.resource + batch.scope] == [
            json.loads(each) for each in expected.resource + expected.scope
        ]
        batch.resource, batch.scope, batch.formats = expected.resource, expected.scope, set()
        assert batch == expected


def test_literals_that_json_forbids_cost_nothing() -> None:
    """Python writes NaN and Infinity: the span is read, and shows them."""
    made = span("nan", {"a": "x"}) | {"attributes": [{"key": "NaN", "value": {"doubleValue": 7.25}}]}
    for literal, shown in (("NaN", "nan"), ("Infinity", "inf"), ("-Infinity", "-inf")):
        text = line(made, span("two")).replace(b"7.25", literal.encode())
        batch = read(text)
        assert (batch.name, batch.rejected) == (["nan", "two"], [])
        assert str(looked_at(text, batch)[0].attributes["NaN"]) == shown
        assert looked_at(text, batch)[1].name == "two"


@pytest.mark.parametrize("deep", [60, 300, 900, 5000])
def test_nesting_has_a_bottom(deep: int) -> None:
    """Values nested deep, in every dialect, are cut or cost their span; never a recursion error."""
    value = b'{"a":' * deep + b"1" + b"}" * deep
    any_value = b'{"kvlist_value":{"values":[{"key":"a","value":' * deep + b"{}" + b"}]}}" * deep
    ids = b'"trace_id":"1","span_id":"2"'
    documents = [
        b'{"name":"x","context":{%b},"attributes":%b,"resource":{"attributes":%b}}' % (ids, value, value),
        b'{"data":[{"spans":[{"traceID":"1","spanID":"2","tags":[{"key":"k","value":%b}]}]}]}' % value,
        b'[{"ph":"X","name":"x","ts":1,"dur":1,"args":%b}]' % value,
        b'{"resource_spans":[{"resource":{"attributes":[{"key":"k","value":%b}]},"scope_spans":[{"spans":'
        b'[{%b,"attributes":[{"key":"k","value":%b}]}]}]}]}' % (any_value, ids, any_value),
    ]
    for text in documents:
        batch = read(text + b"\n" + line(span("after")))
        assert batch.name[-1] == "after"
        for found in looked_at(text, read(text)):
            assert found.name is not None


def test_of_keys_written_twice_the_last_counts() -> None:
    """As every parser of JSON has it."""
    text = line(span("first")).replace(b'"name":"first"', b'"name":"first","name":"last"')
    assert read(text).name == ["last"]


@pytest.mark.parametrize(
    "prefix", [b"INFO: ", b"22 Nov 2026 14:26:00 o.o.e.l.o.OtlpJsonLogging export\nINFO: "]
)
def test_a_log_prefix_before_a_bare_group_costs_only_itself(prefix: bytes) -> None:
    """java.util.logging writes a prefix, on a line of its own or not."""
    data = (prefix + compact(resource_spans(span("one"), span("two")))) * 2
    assert read(data).name == ["one", "two"] * 2


@pytest.mark.parametrize("name", ["bazel", "pytest-timing-0.4.0"])
def test_whole_events_before_a_cut_are_read(name: str) -> None:
    """A killed writer closes nothing: of its last event nothing is shown, and that it is torn is told."""
    data = (DATA / "chrome" / f"{name}.json").read_bytes()
    whole = read(data).name
    for cut in range(500, len(data) - 2, 97):
        batch = read(data[:cut])
        assert [problem.offset for problem in batch.torn] == [0]
        assert set(batch.name) <= set(whole)
        assert len(looked_at(data, batch)) == data[:cut].count(b'"ph":"X"') or len(batch) < len(whole)
    assert len(read(data[: -len(data) // 3])) >= len(whole) // 3


def test_an_array_of_spans_that_nobody_closed() -> None:
    """Chrome's format allows it; of any other array too the whole elements are read."""
    events = b'[\n{"ph":"X","name":"a","ts":1,"dur":1},\n{"ph":"X","name":"b","ts":3,"dur":1},\n{"ph":"X","na'
    assert read(events).name == ["a", "b"]
    array = b"[" + line(span("one")).rstrip() + b",\n" + line(span("two }"))[:-9]
    assert (read(array).name, len(read(array).torn)) == (["one"], 1)


def test_arrays_of_documents_one_a_line() -> None:
    """All are read; a bracket that is only garbage takes no healthy line with it."""
    array = b"[\n" + line(span("one")).rstrip() + b",\n" + line(span("two")).rstrip() + b"\n]\n"
    assert (read(array).name, read(array).rejected) == (["one", "two"], [])
    healthy = b"".join(line(span(name)) for name in ("one", "two", "three"))
    assert read(b"[\n" + healthy).name == ["one", "two", "three"]


@pytest.mark.parametrize(
    "other", [{"data": 5}, {"id": 1}, {"context": {}}, {"traceEvents": {}}, {"spans": [1]}, {"data": ["x"]}]
)
def test_other_json_is_counted(other: Json) -> None:
    """Documents that only look alike cost themselves, as a line of a log or as a record."""
    batch = read(compact(other) + line(span("one")))
    assert (batch.name, len(batch.rejected) + len(batch.noted)) == (["one"], 1)


cuts = st.lists(st.tuples(st.integers(0, 1 << 15), st.booleans()), max_size=8)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
@settings(max_examples=examples(10))
@given(some_cuts=cuts)
def test_any_split_gives_the_same_batch(path: Path, some_cuts: Sequence[tuple[int, bool]]) -> None:
    """Each sample twice, back to back with a line of OTLP/JSON.

    What Chrome's documents show while they are written has the clock and trace id that were known by then.
    """
    data = path.read_bytes() + indented(span("between")) + path.read_bytes()
    whole = path.parent.name == "chrome"
    splits = [(min(cut, len(data)), settles and not whole) for cut, settles in some_cuts]
    assert read(data, splits) == read(data)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
@settings(max_examples=examples(15))
@given(data=st.data())
def test_no_bytes_break_the_reader(path: Path, data: st.DataObject) -> None:
    """Damaged samples give spans and rejections; a span can be looked at, or says that it cannot."""
    hurt = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(hurt) - 1))
        replaced = data.draw(
            st.sampled_from([b"", b"\x00", b'"', b"{", b"9" * 40, b"null", b"[]", b"\xff", b"-1"])
        )
        hurt[at : at + data.draw(st.integers(0, 9))] = replaced
    whole = bytes(hurt)
    batch = read(whole)
    for begin, length in zip(batch.offset, batch.length, strict=True):
        try:
            decode_span(whole[begin : begin + length], b"", b"")
        except DecodeError:
            continue

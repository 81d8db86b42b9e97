"""What each tracer writes, wrapped as it is handed over: every value of its spans, read and in full."""

from typing import Any

import pytest

from tests.builders import MS, T0, TRACE, Json, compact, document, indented, key_values, span
from tests.formats.documents import RFC, US, datadog, elasticsearch, go, jaeger
from tests.formats.looking import looked_at
from tests.formats.reading import read
from tracetui.model.kind import Kind
from tracetui.model.role import StatusCode

ROOT, CHILD = span("root", id="1" * 16), span("child", id="2" * 16, parent="1" * 16)
RFC_NS = 1_795_357_600_123_456_000


def renamed(value: Json, scopes: str) -> Json:
    """The same document with its scopes under an older name."""
    for group in value["resourceSpans"]:
        group[scopes] = group.pop("scopeSpans")
    return value


@pytest.mark.parametrize("wrap", [
    lambda made: {"batches": made["resourceSpans"]}, lambda made: {"trace": made, "metrics": {}},
    lambda made: {"trace": {"batches": made["resourceSpans"]}}, lambda made: {"result": made},
    lambda made: {"data": made}, lambda made: {"data": [made]}, lambda made: [made], lambda made: [[made]],
    lambda made: renamed(made, "instrumentationLibrarySpans"), lambda made: renamed(made, "ilSpans"),
])  # fmt: skip
def test_wrappers_of_otlp(wrap: Any) -> None:
    """Tempo, Jaeger v3, Grafana; lines and indented."""
    text = compact(wrap(document(ROOT, CHILD)))
    batch = read(text)
    assert (batch.name, batch.rejected, batch.noted) == (["root", "child"], [], [])
    assert batch.parent_span_id == ["", "1" * 16]
    assert [found.resource.attributes["service.name"] for found in looked_at(text, batch)] == ["depot"] * 2


def test_a_wrapper_takes_many_documents_one_a_line() -> None:
    """Jaeger v3 streams its results."""
    lines = [compact({"result": document(made)}) for made in (ROOT, CHILD)]
    assert read(b"".join(lines)).name == ["root", "child"]


@pytest.mark.parametrize("data", [
    compact(ROOT) + compact(CHILD), compact([ROOT, CHILD]), compact({"spans": [ROOT, CHILD]}),
    compact({"_source": ROOT}) + compact({"_source": CHILD}),
])  # fmt: skip
def test_otlps_spans_without_anything_around_them(data: bytes) -> None:
    """One a line, in an array, in a wrapper: what is dumped from databases."""
    batch = read(data)
    assert (batch.name, batch.rejected) == (["root", "child"], [])
    assert batch.parent_span_id == ["", "1" * 16]
    assert [found.start_ns for found in looked_at(data, batch)] == [T0, T0]


def test_jaegers_spans_without_processes() -> None:
    """Each stands for itself."""
    spans = [{key: value for key, value in each.items() if key != "processID"}
             for each in jaeger()["data"][0]["spans"]]  # fmt: skip
    batch = read(compact({"spans": spans}))
    assert (batch.name, batch.rejected) == (["one", "two", "three"], [])


def test_wrappers_have_a_bottom() -> None:
    """Nesting without end costs itself."""
    made: Any = jaeger()
    for _ in range(40):
        made = {"data": made}
    batch = read(compact(made) + indented(CHILD))
    assert (batch.name, len(batch.rejected)) == (["child"], 1)


def test_spans_of_go() -> None:
    """Times to the nanosecond, typed values, a status by name, a parent of zeros, no end."""
    made = go()
    made[1]["EndTime"] = "0001-01-01T00:00:00Z"
    text = compact(made)
    batch = read(text)
    assert (batch.start_ns[0], batch.end_ns) == (RFC_NS, [RFC_NS, 0, RFC_NS])
    one, two, _ = looked_at(text, batch)
    assert (one.status.code, one.status.message, one.kind) == (StatusCode.ERROR, "bad", "client")
    assert (one.attributes, two.parent_span_id) == ({"k": "v"}, one.span_id)
    assert (one.scope.name, one.scope.version) == ("depot", "1")
    assert [(event.name, event.time_ns, event.attributes) for event in one.events] == [
        ("e", RFC_NS, {"k": "v"})
    ]
    assert [link.span_id for link in one.links] == ["3" * 16]
    assert RFC.startswith("2026-11-22")


@pytest.mark.parametrize("wrap", [lambda made: made, lambda made: {"traces": made}, lambda made: made[0]])
def test_spans_of_datadog(wrap: Any) -> None:
    """Arrays of arrays, or as its log writer has them; decimal ids, errors, durations."""
    text = compact(wrap(datadog()))
    batch = read(text)
    assert batch.trace_id == ["7".rjust(32, "0")] * 3
    assert batch.end_ns == [T0 + MS] * 3
    one = looked_at(text, batch)[0]
    assert (one.status.code, one.status.message) == (StatusCode.ERROR, "bad")
    assert one.attributes["resource.name"] == "r"
    assert (one.attributes["n"], one.resource.attributes["service.name"]) == (1.5, "depot")


def test_the_upper_halves_of_datadogs_trace_ids() -> None:
    """One span tells it for its trace; the same lower half under another upper one is another trace."""
    root, child, _ = datadog()[0]
    told = root | {"meta": {"_dd.p.tid": "65" * 8}}
    other = root | {"meta": {"_dd.p.tid": "66" * 8}}
    lower = f"{7:016x}"
    for made in ([[child, told], [other]], [told, child, other]):
        assert sorted(read(compact(made)).trace_id) == ["65" * 8 + lower] * 2 + ["66" * 8 + lower]
    assert read(compact(told) + compact(child)).trace_id == ["65" * 8 + lower] * 2
    assert read(compact([root | {"meta": {"_dd.p.tid": 5}}])).trace_id == ["0" * 16 + lower]


def test_spans_that_elasticsearch_keeps_for_jaeger() -> None:
    """A search's answer, a dump of one a line, or bare spans; tags may be fields, with `@` for dots."""
    answer = elasticsearch()
    hits = answer["hits"]["hits"]
    for text in (
        compact(answer), b"".join(map(compact, hits)), b"".join(compact(hit["_source"]) for hit in hits)
    ):  # fmt: skip
        batch = read(text)
        assert (batch.name, batch.rejected) == (["one", "two", "three"], [])
        found = looked_at(text, batch)[1]
        assert (found.attributes["http.status"], found.kind) == ("5", "client")
        assert found.resource.attributes == {"service.name": "depot", "host.name": "h"}
        assert found.end_ns == T0 + MS


def test_jaegers_times_and_ids_of_other_types() -> None:
    """Floats, texts, null: each span is there."""
    made = jaeger()
    for each, odd in zip(made["data"][0]["spans"], (US + 0.5, str(US), None), strict=True):
        each["startTime"] = each["duration"] = odd
    made["data"][0]["spans"][0]["spanID"] = 7
    batch = read(compact(made))
    assert batch.start_ns == [T0 + 500, T0, 0]
    assert batch.span_id[0] == "7".rjust(16, "0")


@pytest.mark.parametrize("parent", [{"parentId": "1" * 16}, {"parentSpanContext": {"spanId": "1" * 16}}])
def test_spans_of_javascripts_console_as_json(parent: Json) -> None:
    """Of its first and second versions: parents, kinds, failures, attributes, resources."""
    one: Json = {"traceId": TRACE, "id": "1" * 16, "name": "one", "kind": 0, "timestamp": US,
                 "duration": 1500, "attributes": {"k": "v"}, "status": {"code": 0}, "links": [],
                 "events": [{"name": "e", "time": [5, 7], "attributes": {"k": 1}}, {"time": "x"}],
                 "resource": {"attributes": {"service.name": "depot"}},
                 "instrumentationScope": {"name": "lib", "version": "1"}}  # fmt: skip
    two = one | {"id": "2" * 16, "name": "two", "kind": 2, "status": {"code": 2, "message": "bad"}} | parent
    for text in (compact(one) + compact(two), compact([one, two])):
        batch = read(text)
        assert (batch.name, batch.parent_span_id) == (["one", "two"], ["", "1" * 16])
        assert (batch.rejected, batch.noted, batch.start_ns[0]) == ([], [], US * 1000)
        assert batch.end_ns[0] - batch.start_ns[0] == 1_500_000
        found = looked_at(text, batch)[1]
        assert (found.kind, found.status.code, found.status.message) == ("client", StatusCode.ERROR, "bad")
        assert (found.attributes, found.scope.name) == ({"k": "v"}, "lib")
        assert [(each.name, each.time_ns) for each in found.events] == [("e", 5_000_000_007), ("", 0)]
        assert found.resource.attributes["service.name"] == "depot"


def zipkin(id_: str, name: str, kind: str, service: str, parent: str = "", **more: Any) -> Json:
    made = {"traceId": TRACE, "id": id_, "name": name, "kind": kind, "timestamp": US, "duration": 9}
    return (
        made | ({"parentId": parent} if parent else {}) | {"localEndpoint": {"serviceName": service}} | more
    )


def test_nextjs_times_count_from_its_epoch() -> None:
    """Its file `.next/trace`: Zipkin's spans whose `timestamp` has none, `startTime` being in ms."""
    one = {"name": "one", "duration": 50, "timestamp": 318_498_583_920, "id": 1, "tags": {}, "traceId": "a1",
           "startTime": US // 1000}  # fmt: skip
    text = compact([one, one | {"id": 2, "parentId": 1, "name": "two"}])
    batch = read(text)
    assert batch.start_ns == [US // 1000 * 1_000_000] * 2
    assert [end - start for start, end in zip(batch.start_ns, batch.end_ns, strict=True)] == [50_000] * 2
    assert batch.parent_span_id == ["", batch.span_id[0]]


def test_zipkin_v1() -> None:
    """Times by annotations where there are no others, tags that are annotations, addresses that are none."""
    endpoint = {"serviceName": "front"}
    made = {
        "traceId": "a" * 16, "id": "1", "name": "get",
        "annotations": [
            {"timestamp": US, "value": "sr", "endpoint": endpoint},
            {"timestamp": US + 3, "value": "cache miss"},
            {"timestamp": US + 7, "value": "ss", "endpoint": endpoint},
        ],
        "binaryAnnotations": [
            {"key": "http.path", "value": "/"},
            {"key": "ca", "value": True, "endpoint": {"serviceName": "x"}},
        ],
    }  # fmt: skip
    text = compact([made])
    batch = read(text)
    assert (batch.start_ns, batch.end_ns) == ([T0], [T0 + 7000])
    (found,) = looked_at(text, batch)
    assert (found.kind, found.attributes) == ("server", {"http.path": "/"})
    assert [(event.name, event.time_ns) for event in found.events] == [("cache miss", T0 + 3000)]
    assert found.resource.attributes == {"service.name": "front"}


def test_values_may_stand_for_themselves() -> None:
    """An `AnyValue` that is a plain value, or holds one of another type, is that value."""
    made = span("x") | {"attributes": [
        {"key": "a", "value": 5}, {"key": "b", "value": "text"},
        {"key": "c", "value": [1, {"stringValue": "y"}]}, {"key": "test.case.name", "value": "t"},
        {"key": "d", "value": {"stringValue": 7}},
        {"key": "e", "value": {"arrayValue": 3}}, *key_values({"f": None}),
    ]}  # fmt: skip
    text = compact(document(made))
    batch = read(text)
    assert (batch.title, batch.noted) == (["t"], [])
    (found,) = looked_at(text, batch)
    assert found.attributes == {
        "a": 5, "b": "text", "c": [1, "y"], "test.case.name": "t", "d": "7", "e": [3], "f": None
    }  # fmt: skip


def test_metrics_among_traces_are_no_loss() -> None:
    """A Collector may write all signals into one file: metrics are counted, and nothing is rejected."""
    metrics = {"resourceMetrics": [{"scopeMetrics": [{"metrics": [{"name": "m"}]}]}]}
    batch = read(compact(metrics) + compact(document(ROOT)) + compact(metrics))
    assert (batch.name, batch.rejected) == (["root"], [])
    assert [(problem.kind, problem.reason) for problem in batch.noted] == [
        (Kind.EVENTS_LEFT_OUT, "resourceMetrics, no spans")
    ] * 2


def test_elasticsearchs_bulk_format() -> None:
    """Every second line is an action, and no loss."""
    action = {"index": {"_index": "jaeger-span"}}
    spans = [hit["_source"] for hit in elasticsearch()["hits"]["hits"]]
    batch = read(b"".join(compact(action) + compact(each) for each in spans))
    assert (batch.name, batch.rejected, len(batch.noted)) == (["one", "two", "three"], [], 3)


def test_lists_among_zipkins_spans() -> None:
    """What is no span of the list is read for itself, or costs itself."""
    one, two = zipkin("a", "one", "CLIENT", "front"), zipkin("b", "two", "CLIENT", "front")
    batch = read(compact([5, one, None, [two]]))
    assert (sorted(batch.name), len(batch.rejected)) == (["one", "two"], 2)

"""Several formats, one recording; log records among the events of their spans; recordings of dialects."""

import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.builders import T0, Json, compact, exception, key_values, line, log_line, span
from tests.formats.protobuf import framed
from tracetui.analysis.study.findings import study
from tracetui.errors import InputError
from tracetui.ingest import Ingest, load
from tracetui.model.role import Outcome, Role

DATA = Path(__file__).parent.parent / "data"


def rows(read: Ingest) -> dict[str, int]:
    """The row of each title."""
    snapshot = read.table.snapshot()
    return {snapshot.title(row): row for row in range(len(snapshot))}


def record(of: Json, at: int, **more: object) -> Json:
    return {"timeUnixNano": str(at), "traceId": of["traceId"], "spanId": of["spanId"], **more}


def test_several_formats_are_one_recording(tmp_path: Path) -> None:
    """Protobuf, console output, Zipkin, Chrome trace events and OTLP/JSON, whatever their names."""
    for number, path in enumerate(
        sorted([*DATA.glob("other/*.json"), *DATA.glob("*/*.binpb"), *DATA.glob("chrome/*.json")])
    ):
        shutil.copy(path, tmp_path / f"file{number}")
    (tmp_path / "child.jsonl").write_bytes(
        line(span("child", trace="c5ebf7db064551ed7af176cc5ecefa67", parent="6f37c0e46dbe1935"))
    )
    read = load([str(tmp_path)])
    snapshot = read.table.snapshot()
    found = rows(read)
    assert snapshot.health.problems == ()
    assert snapshot.name(int(snapshot.parent_row[found["child"]])) == "opens"
    assert Counter(snapshot.role.tolist())[Role.TEST] > 30
    for row in range(len(snapshot)):
        told = read.span(snapshot, row)
        assert (told.name, told.span_id) == (snapshot.name(row), snapshot.span_id_text(row))
        assert (told.start_ns, told.end_ns) == (snapshot.start_ns[row], snapshot.end_ns[row])
    read.close()


@pytest.mark.parametrize(
    ("name", "outcomes", "phases"),
    [
        ("dagger-pytest-otel-0.3.1.traces.binpb", {"PASSED": 3, "FAILED": 2, "SKIPPED": 1, "XFAILED": 1}, 0),
        ("logfire-5.2.0.traces.binpb", {"PASSED": 3, "FAILED": 1, "SKIPPED": 1, "UNKNOWN": 2}, 19),
        ("pytest-otel-2.5.1.traces.binpb", {"PASSED": 3, "FAILED": 2}, 0),
    ],
)
def test_recordings_of_other_plugins(name: str, outcomes: dict[str, int], phases: int) -> None:
    """One suite, its tests and how they ended, as far as the plugin tells; phases below tests."""
    read = load([str(DATA / "dialects" / name)])
    snapshot = read.table.snapshot()
    roles = Counter(map(Role, snapshot.role.tolist()))
    tests = [
        Outcome(int(snapshot.outcome[row])) for row in range(len(snapshot)) if snapshot.role[row] == Role.TEST
    ]
    assert {each.name: count for each, count in Counter(tests).items()} == outcomes
    assert (roles[Role.SUITE], roles[Role.PHASE], roles[Role.OTHER]) == (1, phases, 0)
    (suite,) = (row for row in range(len(snapshot)) if snapshot.role[row] == Role.SUITE)
    assert snapshot.outcome[suite] == Outcome.FAILED
    read.close()


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        (
            "tunit",
            {
                "SUITE test session": "UNKNOWN",
                "HOOK initialize GateTests": "UNKNOWN",
                "TEST Depot.Tests.GateTests::Opens": "PASSED",
                "TEST Depot.Tests.GateTests::Closes": "FAILED",
                "TEST Depot.Tests.GateTests::Lift": "SKIPPED",
                "PHASE test body": "UNKNOWN",
            },
        ),
        (
            "datadog",
            {
                "SUITE pytest.test_session": "FAILED",
                "TEST test_depot.py::test_opens[1]": "PASSED",
                "TEST test_depot.py::test_closes": "FAILED",
                "TEST test_depot.py::test_lift": "SKIPPED",
                "TEST test_depot.py::test_known": "XFAILED",
            },
        ),
    ],
)
def test_dialects_of_other_languages(name: str, titles: dict[str, str]) -> None:
    """TUnit's and Datadog's names; what is no part of a test run is `other`, and there all the same."""
    read = load([str(DATA / "dialects" / f"{name}.jsonl")])
    snapshot = read.table.snapshot()
    roles = [Role(int(role)) for role in snapshot.role]
    assert Role.OTHER in roles
    assert {
        f"{role.name} {snapshot.title(row)}": Outcome(int(snapshot.outcome[row])).name
        for row, role in enumerate(roles)
        if role is not Role.OTHER
    } == titles
    read.close()


def test_vitest() -> None:
    """Tests by file and name, with phases and hooks; how one ended only where Vitest says it."""
    read = load([str(DATA / "dialects" / "vitest-4.1.12.traces.jsonl")])
    snapshot = read.table.snapshot()
    roles = Counter(map(Role, snapshot.role.tolist()))
    assert (roles[Role.SUITE], roles[Role.TEST], roles[Role.PHASE], roles[Role.HOOK]) == (1, 7, 6, 20)
    outcomes = {
        snapshot.title(row): Outcome(int(snapshot.outcome[row])).name
        for row in range(len(snapshot))
        if snapshot.role[row] == Role.TEST
    }
    of_sum = dict.fromkeys(("adds", "fails", "xfail", "retried"), "UNKNOWN")
    assert outcomes == {
        "/home/user/app/vt/other.test.mjs::other passes": "UNKNOWN",
        **{
            f"/home/user/app/vt/sum.test.mjs::{name}": outcome
            for name, outcome in (of_sum | {"skipped": "SKIPPED", "todo": "SKIPPED"}).items()
        },
    }
    read.close()


def test_what_a_test_printed_is_among_its_events() -> None:
    """Captured output that dagger-pytest-otel sends as log records."""
    read = load([str(path) for path in sorted((DATA / "dialects").glob("dagger-*"))])
    snapshot = read.table.snapshot()
    told = read.span(snapshot, rows(read)["tests/test_depot.py::test_closes"])
    assert sorted(event.name for event in told.events) == ["exception", "log", "log"]
    assert "closing\n" in [event.attributes.get("body") for event in told.events]
    read.close()


def test_log_records_stand_among_events_in_order_of_time(tmp_path: Path) -> None:
    """Exceptions by their name or their attributes, messages by their body, each at its span."""
    one, two = span("one", events=[exception(at=T0 + 5)]), span("two")
    failed = {"exception.type": "E", "exception.message": "m"}
    (tmp_path / "logs").write_bytes(
        log_line(
            record(one, T0 + 9, severityText="INFO", body={"stringValue": "late"}),
            record(one, T0 + 1, attributes=key_values(failed)),
            record(two, T0, eventName="step", body={"stringValue": ""}),
            {"timeUnixNano": str(T0), "body": {"stringValue": "of no span"}},
        )
    )
    (tmp_path / "spans").write_bytes(line(one, two))
    read = load([str(tmp_path)])
    snapshot = read.table.snapshot()
    first, second = (read.span(snapshot, rows(read)[name]).events for name in ("one", "two"))
    assert [event.name for event in first] == ["exception", "exception", "log"]
    assert [event.time_ns - T0 for event in first] == [1, 5, 9]
    assert dict(first[0].attributes) == failed
    assert dict(first[2].attributes) == {"body": "late", "severity": "INFO"}
    assert [(event.name, dict(event.attributes)) for event in second] == [("step", {})]
    assert snapshot.health.log_records == 4
    read.close()


def test_a_log_record_that_is_gone_says_so(tmp_path: Path) -> None:
    """The span is shown all the same."""
    one = span("one")
    (tmp_path / "logs").write_bytes(log_line(record(one, T0)))
    (tmp_path / "spans").write_bytes(line(one))
    read = load([str(tmp_path)])
    (tmp_path / "logs").write_bytes(b"")
    told = read.span(read.table.snapshot(), 0)
    assert "cannot be read back" in told.events[0].name
    read.close()


def test_a_source_that_was_unpacked_is_not_unpacked_twice(tmp_path: Path) -> None:
    """Compressed frames hold protobuf or JSON, nothing compressed: one message says what was found."""
    (tmp_path / "x").write_bytes(framed(b"\x1f\x8b\x08" + bytes(60)))
    with pytest.raises(InputError, match="not a trace"):
        load([str(tmp_path / "x")])


def test_a_chrome_span_has_the_ids_and_times_of_its_row(tmp_path: Path) -> None:
    """Its own bytes tell none of them."""
    (tmp_path / "x").write_bytes(
        compact([{"ph": "X", "name": "a", "ts": 2, "dur": 9}, {"ph": "X", "name": "b", "ts": 3, "dur": 1}])
    )
    read = load([str(tmp_path / "x")])
    snapshot = read.table.snapshot()
    outer, inner = (read.span(snapshot, row) for row in range(2))
    assert (outer.start_ns, outer.end_ns) == (2000, 11000)
    assert (inner.trace_id, inner.parent_span_id) == (outer.trace_id, outer.span_id)
    read.close()


def test_flows_and_instants_are_shown_beside_their_spans(tmp_path: Path) -> None:
    """A link to the span before it, with what the flow is called; an event with its time."""
    events = [
        {"ph": "X", "name": "a", "ts": 2, "dur": 9},
        {"ph": "X", "name": "b", "ts": 3, "dur": 1, "tid": 1},
        {"ph": "s", "name": "go", "cat": "flow", "ts": 3, "id": 1},
        {"ph": "f", "name": "go", "cat": "flow", "ts": 3, "id": 1, "tid": 1, "bp": "e", "args": {"n": 1}},
        {"ph": "i", "name": "mark", "ts": 4, "args": {"m": "x"}},
    ]
    (tmp_path / "x").write_bytes(compact(events))
    read = load([str(tmp_path / "x")])
    snapshot = read.table.snapshot()
    first, second = (read.span(snapshot, row) for row in range(2))
    assert [(each.time_ns, each.name, dict(each.attributes)) for each in first.events] == [
        (4000, "mark", {"m": "x"})
    ]
    assert [(each.trace_id, each.span_id, dict(each.attributes)) for each in second.links] == [
        (first.trace_id, first.span_id, {"cat": "flow", "n": 1})
    ]
    read.close()


def test_a_chrome_trace_without_an_epoch_beside_other_files(tmp_path: Path) -> None:
    """Every duration is right, alone and beside what has dates; nothing of either is lost or doubted."""
    events = [
        {"ph": "X", "name": "root", "ts": 0, "dur": 2_000_000},
        {"ph": "X", "name": "child", "ts": 500_000, "dur": 1_000_000},
    ]
    (tmp_path / "relative.json").write_bytes(compact(events))
    (tmp_path / "dated.jsonl").write_bytes(line(span("dated", start=T0, end=T0 + 10**9)))
    read = load([str(tmp_path)])
    found = study(read.table.snapshot(), T0 + 10**10)
    own = {found.snapshot.name(row): int(found.times.own[row]) for row in range(3)}
    total = {found.snapshot.name(row): int(found.times.total[row]) for row in range(3)}
    assert total == {"root": 2 * 10**9, "child": 10**9, "dated": 10**9}
    assert own == {"root": 10**9, "child": 10**9, "dated": 10**9}
    assert found.clocks is not None
    assert not found.clocks.wrong.any()
    read.close()

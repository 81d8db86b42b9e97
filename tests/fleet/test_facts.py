"""Facts say what every verb says of a recording."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests import jscore
from tests.builders import MS, T0, Json, S, case, compact, line, resource_spans, span, start_record, table
from tests.recordings import RUNS, recorded
from tracetui.analysis.runs.runs import ALL
from tracetui.analysis.study.findings import Findings, study
from tracetui.fleet.facts.table import table as facts_table
from tracetui.fleet.schema.columns import OUTCOMES, ROLES

DATA = Path(__file__).parents[1] / "data"
RECORDINGS = [
    DATA / "resmoke" / "evergreen",
    DATA / "resmoke" / "local-pretty",
    DATA / "dialects" / "tracetui-reruns.traces.jsonl",
    DATA / "dialects" / "pytest-opentelemetry-1.1.0.jsonl",
    DATA / "dialects" / "tunit.jsonl",
    RUNS / "hookfail",
    RUNS / "nested",
    RUNS / "setuponly",
    RUNS / "shards_late",
]


def facts_of(findings: Findings) -> list[dict[str, Any]]:
    sources = findings.snapshot.sources
    made = facts_table(findings, ["unit"] * len(sources), sources, np.zeros(len(sources), np.int64))
    return list(made.to_pylist())


def read(*sources: bytes) -> list[dict[str, Any]]:
    return facts_of(study(table(*sources).snapshot(), T0 + 3600 * S))


def one(rows: list[dict[str, Any]], role: str = "test") -> dict[str, Any]:
    (found,) = [row for row in rows if row["role"] == role]
    return found


def suite(**more: Any) -> Json:
    attributes = {"tracetui.span.role": "suite", "test.suite.name": "depot"}
    return span("depot", attributes, **{"end": T0 + 10 * S, **more})


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.name)
@pytest.mark.parametrize(
    ("by", "name", "roles"), [("test", "test", ("test",)), ("hook", "hook", ("hook", "fixture"))]
)
def test_sums_are_those_of_top(path: Path, by: str, name: str, roles: tuple[str, ...]) -> None:
    """Counts, failures, reruns and times of each test and hook: not one nanosecond between them."""
    findings = recorded(path)
    sums: dict[str, list[int]] = {}
    for row in facts_of(findings):
        if row["role"] in roles:
            failed = row["outcome"] in ("failed", "error")
            values = (1, failed, row["own_ns"], row["total_ns"], row["reruns"])
            so_far = sums.setdefault(row[name], [0] * 5)
            sums[row[name]] = [old + new for old, new in zip(so_far, values, strict=True)]
    ranked = findings.chosen(ALL).rank(by)
    expected = {
        rank.name: [rank.count, rank.failed, rank.own_ns, rank.total_ns, rank.reruns] for rank in ranked
    }
    if not findings.runs.has_tests.all():
        expected = {rank: values for rank, values in expected.items() if rank in sums}
    assert sums == expected


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.name)
def test_roles_and_outcomes_are_the_agreed_words(path: Path) -> None:
    """Questions know no others; and no key stands twice."""
    rows = facts_of(recorded(path))
    assert {row["role"] for row in rows} <= set(ROLES)
    assert {row["outcome"] for row in rows} <= set(OUTCOMES)
    keys = [(row["trace"], row["span"]) for row in rows]
    assert len(keys) == len(set(keys))


def test_a_resmoke_test_knows_its_hooks_and_its_suite() -> None:
    """Hooks that wrote no spans are rows of their own, and parts of their test."""
    rows = facts_of(recorded(DATA / "resmoke" / "evergreen"))
    test = next(row for row in rows if row["test"] == "jstests/core/write/kill_cursors.js")
    assert test["suite"] == "replica_sets_jscore_passthrough (not resource intensive)"
    assert test["own_ns"] + test["hook_ns"] + test["archive_ns"] == test["total_ns"]
    derived = [row for row in rows if row["role"] == "hook" and row["test"] == test["test"]]
    assert sum(row["total_ns"] for row in derived) == test["hook_ns"]
    assert {row["parent"] for row in derived} == {test["span"]}
    told = ("run", "task", "variant", "runner", "jobs", "attempt")  # Of its suites one follows the other.
    assert [test[name] for name in told] == [
        "66c0a1b2f4d1a00007d3e9aa",
        "replica_sets_jscore_passthrough_0-enterprise-rhel-8-64-bit",
        "enterprise-rhel-8-64-bit",
        "rhel8.8-medium",
        4.0,
        1,
    ]


def test_a_suite_of_a_thousand_tests_is_what_top_says(tmp_path: Path) -> None:
    """MongoDB's jsCore in size, with more names than fit a byte."""
    findings = recorded(jscore.write(tmp_path), now_ns=T0 + 3600 * S)
    rows = [row for row in facts_of(findings) if row["role"] in ("test", "hook")]
    for by, name in (("test", "test"), ("hook", "hook")):
        sums: dict[str, int] = {}
        for row in rows:
            if row["role"] == by:
                sums[row[name]] = sums.get(row[name], 0) + row["own_ns"]
        assert sums == {rank.name: rank.own_ns for rank in findings.chosen(ALL).rank(by)}


JOB = {
    "vcs.repository.url.full": "https://example.com/depot",
    "vcs.ref.head.name": "main",
    "vcs.ref.head.revision": "abc",
    "cicd.pipeline.name": "nightly",
    "cicd.pipeline.run.id": "7",
    "github.run.attempt": "2",
    "cicd.pipeline.task.name": "unit",
    "build.variant": "linux-debug",
    "evergreen.requester": "patch_request",
    "cicd.worker.name": "runner-3",
    "host.image.name": "ubuntu-24",
    "tracetui.host.cores": "8",
    "test.owner": "storage",
}
"""What a job tells of itself, as CIs and OpenTelemetry call it."""


def test_what_ci_and_machine_are_called() -> None:
    """Each column of a job from the attribute that tells it."""
    top = suite()
    row = one(read(line(top, case("a.py::b", parent=top), resource=JOB)))
    del row["ts"], row["date"]
    told = {key: value for key, value in row.items() if isinstance(value, str | float)}
    assert told | {"attempt": row["attempt"]} == {
        "trace": top["traceId"],
        "span": case("a.py::b", parent=top)["spanId"],
        "parent": top["spanId"],
        "role": "test",
        "run": "7",
        "attempt": 2,
        "repository": "https://example.com/depot",
        "branch": "main",
        "revision": "abc",
        "pipeline": "nightly",
        "task": "unit",
        "variant": "linux-debug",
        "request": "patch_request",
        "runner": "runner-3",
        "image": "ubuntu-24",
        "worker": "",
        "suite": "depot",
        "test": "a.py::b",
        "file": "a.py",
        "owner": "storage",
        "hook": "",
        "outcome": "passed",
        "cores": 8.0,
        "jobs": 1.0,
        "source": "source0",
        "unit": "unit",
    }


def test_without_a_ci_a_run_has_its_trace_for_a_key_and_its_machine_for_a_variant() -> None:
    """Whatever the order of files."""
    resource = {"os.type": "linux", "host.arch": "arm64", "process.runtime.name": "cpython"}
    first, second = suite(trace="b" * 32), suite(trace="a" * 32, start=T0 + S)
    tests = [case("t", parent=each, trace=each["traceId"], start=T0 + 2 * S) for each in (first, second)]
    one_way = read(line(first, tests[0], resource=resource), line(second, tests[1], resource=resource))
    other_way = read(line(second, tests[1], resource=resource), line(first, tests[0], resource=resource))
    assert sorted(row["run"] for row in one_way) == sorted(row["run"] for row in other_way)
    assert {row["variant"] for row in one_way} == {"linux arm64 cpython"}


def test_what_is_in_a_test_is_told_apart() -> None:
    """A hook inside is its, once; the application's spans are counted, and none of them is a fact."""
    top = suite()
    test = case("t", parent=top, start=T0, end=T0 + 100 * MS)
    hook = span("check", {"tracetui.span.role": "hook"}, parent=test, start=T0, end=T0 + 30 * MS)
    below = span("deep", {"tracetui.span.role": "hook"}, parent=hook, start=T0, end=T0 + 20 * MS)
    archiver = span(
        "pack", {"tracetui.span.role": "archiver"}, parent=test, start=T0 + 60 * MS, end=T0 + 80 * MS
    )
    app = [span(f"GET {number}", parent=test, start=T0 + 40 * MS) for number in range(3)]
    deeper = span("SELECT", parent=app[0], start=T0 + 40 * MS)
    rows = read(line(top, test, hook, below, archiver, *app, deeper))
    row = one(rows)
    assert (row["hook_ns"], row["archive_ns"], row["app_spans"]) == (30 * MS, 20 * MS, 4)
    assert (row["own_ns"], row["total_ns"]) == (50 * MS, 100 * MS)
    assert sorted(row["role"] for row in rows) == ["archiver", "hook", "hook", "suite", "test"]
    assert one(rows, "archiver")["test"] == "t"


def test_attempts_are_one_row() -> None:
    """The money of all of them, the outcome of the last, the span of the first: that one stays."""
    rows = facts_of(recorded(DATA / "dialects" / "tracetui-reruns.traces.jsonl"))
    lucky = next(row for row in rows if "lucky" in row["test"])
    assert (lucky["reruns"], lucky["outcome"]) == (2, "passed")
    assert len([row for row in rows if row["test"] == lucky["test"]]) == 1


def test_what_still_runs_is_no_fact_yet() -> None:
    """It will be one of the next load."""
    top = suite(end=0)
    done, running = case("done", parent=top), case("running", "", parent=top, start=T0 + S, end=0)
    rows = facts_of(
        study(table(line(done) + start_record(top) + start_record(running)).snapshot(), T0 + 2 * S)
    )
    assert [row["test"] for row in rows] == ["done"]


def test_processor_time_is_null_where_nobody_told() -> None:
    """And 0 where it was told to be none."""
    top = suite()
    tests = [
        case("told", parent=top),
        case("silent", parent=top, start=T0 + S),
        case("none", start=T0 + 2 * S),
    ]
    for each, cpu in ((tests[0], 12_000), (tests[2], 0)):
        each["attributes"].append({"key": "tracetui.cpu_ns", "value": {"intValue": str(cpu)}})
    tests[2]["parentSpanId"] = top["spanId"]
    rows = read(line(top, *tests))
    assert {row["test"]: row["cpu_ns"] for row in rows if row["role"] == "test"} == {
        "told": 12_000,
        "silent": None,
        "none": 0,
    }


def test_traces_that_are_no_test_runs_are_no_facts() -> None:
    """An application's own trace may lie beside them."""
    assert read(line(span("GET /"), span("SELECT", start=T0 + MS))) == []


def test_names_that_are_no_utf_8_do_no_harm() -> None:
    """Half surrogates cannot be written to Parquet."""
    top = suite()
    test = case("t\ud800", parent=top)
    data = compact({"resourceSpans": [resource_spans(top, test)]})
    assert len([row for row in read(data) if row["role"] == "test"]) == 1


@pytest.mark.parametrize("at", [-(10**18), 0, T0, 2**62])
def test_any_time_has_a_date(at: int) -> None:
    """Even the times of clocks that are off."""
    top = suite(start=at, end=at + S)
    rows = read(line(top, case("t", parent=top, start=at, end=at + MS)))
    assert rows
    assert all(row["ts"].date() == row["date"] for row in rows)

"""Runs as CI leaves them, several of their troubles at once: shards, retries, nested runs, hooks, clocks."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.builders import T0, Json, S, belongs_to, case, line, span
from tracetui.analysis.study.findings import Findings, study
from tracetui.ingest import load
from tracetui.model.role import Outcome

HOUR = 3600
RUN = {"service.name": "depot", "cicd.pipeline.run.id": "9"}


def suite(number: int, start: float = 0, end: float = 100, status: str = "success", **told: Any) -> Json:
    """A suite in a trace of its own, from second to second."""
    told = {"tracetui.span.role": "suite", "test.suite.name": "unit", "test.suite.run.status": status} | told
    return span("unit", told, start=at(start), end=at(end), trace=f"{number:032x}", id=f"{number:016x}")


def ran(name: str, above: Json, start: float, outcome: str = "passed", worker: str = "") -> Json:
    """A test of one second."""
    return case(
        name, outcome, worker, start=at(start), end=at(start + 1), parent=above, trace=above["traceId"]
    )


def at(seconds: float) -> int:
    return T0 + round(seconds * S)


def told(tmp_path: Path, files: Mapping[str, bytes]) -> tuple[object, ...]:
    """Of all runs, newest first, tests and failures; of the newest its outcome, and tests by lane."""
    found = understood(tmp_path, files)
    runs = [(summary.tests, summary.failed) for summary in found.runs]
    return runs, found.summary.outcome, [lane.tests for lane in found.lanes.lanes]


def understood(tmp_path: Path, files: Mapping[str, bytes]) -> Findings:
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    read = load([str(tmp_path)])
    try:
        return study(read.table.snapshot(), at(20 * HOUR))
    finally:
        read.close()


def zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in files.items():
            made.writestr(name, content)
    return out.getvalue()


def shard(number: int, name: str, start: float, outcome: str = "passed", attempt: str = "1") -> bytes:
    """A shard with one test, which ran in a process of its own."""
    top = suite(number, start, start + 10, "success" if outcome == "passed" else "failure")
    told = {"cicd.pipeline.task.name": name, "github.run.attempt": attempt, "process.pid": number}
    return line(top, ran(f"t::{name}", top, start + 1, outcome, "gw0"), resource=RUN | told)


def test_a_failed_shard_that_was_retried_is_another_attempt(tmp_path: Path) -> None:
    """The first attempt keeps its failure; the second, of that shard alone, is the newest and green."""
    files = {
        "1": shard(1, "one", 0),
        "2": shard(2, "two", 0, "failed"),
        "3": shard(3, "two", 50, attempt="2"),
    }
    assert told(tmp_path, files) == ([(1, 0), (2, 1)], Outcome.PASSED, [1])


def test_shards_in_zips_of_a_zip_are_one_run(tmp_path: Path) -> None:
    """Each was uploaded as a zip, and all of them downloaded as one; the second began eight hours later."""
    inner = {
        f"{number}.zip": zipped({"spans.jsonl": shard(number, f"{number}", start, outcome)})
        for number, start, outcome in ((1, 0, "passed"), (2, 8 * HOUR, "failed"))
    }
    assert told(tmp_path, {"all.zip": zipped(inner)}) == ([(2, 1)], Outcome.FAILED, [1, 1])


@pytest.mark.parametrize("own_trace", [False, True])
@pytest.mark.parametrize("what", ["test", "hook", "collection"])
def test_what_fails_in_a_nested_run_fails_nothing(tmp_path: Path, what: str, own_trace: bool) -> None:
    """A test that runs pytest passed: its inner test, its inner hook, its inner suite are its own affair."""
    top = suite(1)
    outer = ran("t::outer", top, 1)
    inner = suite(2, 1.1, 1.9, "failure", **(belongs_to(outer) if own_trace else {}))
    if not own_trace:
        inner |= {"traceId": top["traceId"], "parentSpanId": outer["spanId"]}
    bad = {
        "test": [ran("t::inner", inner, 1.2, "failed")],
        "hook": [
            span("db", {"tracetui.span.role": "hook", "pytest.outcome": "error"}, parent=inner, status=2)
        ],
        "collection": [],
    }[what]
    bad = [{**each, "traceId": inner["traceId"]} for each in bad]
    assert told(tmp_path, {"a": line(top, outer), "b": line(inner, *bad)}) == ([(1, 0)], Outcome.PASSED, [1])


def test_a_worker_that_died_and_one_whose_clock_is_off(tmp_path: Path) -> None:
    """One died in its test and was replaced, another is an hour ahead: one run, as long as its suite was."""
    top = suite(1, status="failure")
    files = {"suite": line(top, resource={"service.name": "depot", "host.name": "a", "process.pid": 1})}
    for number, (start, end, bad) in enumerate(((0, 4, True), (5, 90, False), (HOUR, HOUR + 90, False)), 2):
        name = f"gw{number}"
        told_of = {"tracetui.span.role": "worker", "pytest.xdist.worker": name}
        told_of |= {"error.type": "crash"} if bad else {}
        gw = span(
            name, told_of, start=at(start), end=at(end), parent=top, trace=top["traceId"], status=2 * bad
        )
        test = ran(f"t::{number}", gw, start + 1, "error" if bad else "passed", name)
        host = "b" if start == HOUR else "a"
        files[name] = line(
            gw, test, resource={"service.name": "depot", "host.name": host, "process.pid": number}
        )
    found = understood(tmp_path, files)
    assert [(summary.tests, summary.failed) for summary in found.runs] == [(3, 1)]
    assert found.summary.end_ns - found.summary.start_ns == 100 * S
    assert [bool(lane.offset_ns) for lane in found.lanes.lanes] == [False, False, True]
    assert [lane.crashed for lane in found.lanes.lanes] == [True, False, False]

"""Tests and phases that are written as lines come to the same as spans that are made."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from tests.tracing.recording import Record, records, spans_in, starts_in
from tracetui.tracing import set_up_tracing
from tracetui.tracing.pytest.tests.attempt import TestSpan
from tracetui.tracing.pytest.tests.reports import PASSED, Verdict
from tracetui.tracing.pytest.tests.spans import RunSpan
from tracetui.tracing.redact import leaves_alone
from tracetui.tracing.set_up import Tracing
from tracetui.tracing.spans.running import ROLE

NODEID = 'test_a.py::test_x[é-"quoted"]'
ATTRIBUTES: dict[str, Any] = {
    ROLE: "test",
    "test.case.name": NODEID,
    "pytest.nodeid": NODEID,
    "code.file.path": "/somewhere/test_a.py",
    "tracetui.test.index": 0,
    "code.line.number": 7,
    "pytest.params": '{"x": "\\u00e9"}',
    "pytest.markers": ["parametrize", "slow"],
}
IDS = ("traceId", "spanId", "parentSpanId", "startTimeUnixNano", "endTimeUnixNano")
VERDICTS = {
    "passed": PASSED,
    "skipped": Verdict("skipped", reason="because"),
    "failed": Verdict("failed", ValueError("no"), "no", stack="Traceback"),
    "a lone surrogate": Verdict("skipped", reason="\udc80"),
}


@pytest.fixture
def tracing(tmp_path: Path) -> Iterator[Tracing]:
    with set_up_tracing(tmp_path, service_name="lazy", is_global=False) as tracing:
        yield tracing


def nobody(_: TestSpan) -> None:
    """Nobody asks for a span."""


def run_test(
    tracing: Tracing,
    run: RunSpan,
    verdict: Verdict = PASSED,
    *,
    nodeid: str = NODEID,
    meanwhile: Callable[[TestSpan], object] = nobody,
) -> None:
    """A test with its call; `meanwhile` happens in it."""
    own = {**ATTRIBUTES, "test.case.name": nodeid, "pytest.nodeid": nodeid}
    test = TestSpan(tracing, run, own)
    phase = test.start_phase("call")
    meanwhile(test)
    phase.stop()
    test.judge(verdict)
    test.finish()


def without_ids(record: Record) -> dict[str, Any]:
    """What is the same of two spans that say the same."""
    raw = {key: value for key, value in record.raw.items() if key not in IDS}
    raw["attributes"] = [pair for pair in raw["attributes"] if pair["key"] != "tracetui.cpu_ns"]
    for event in raw.get("events", []):
        del event["timeUnixNano"]
    return raw


def ask(test: TestSpan) -> None:
    """Somebody looks at the span of the phase, as code under test does that is attached."""
    assert test.phase is not None
    assert trace.get_current_span(test.phase.context).get_span_context().is_valid


@pytest.mark.parametrize("said", VERDICTS)
@pytest.mark.parametrize("nodeid", [NODEID, "test_a.py::test_\udc80", f"test_a.py::{'long' * 60_000}"])
def test_a_span_that_is_never_made_is_written_as_one_that_is(
    tracing: Tracing, said: str, nodeid: str
) -> None:
    """Whatever the outcome and the name: the same line but for ids and times, at the start and at the end."""
    run = RunSpan(tracing, "run", None)
    run_test(tracing, run, VERDICTS[said], nodeid=nodeid)
    run_test(tracing, run, VERDICTS[said], nodeid=nodeid, meanwhile=ask)
    first_phase, first, second_phase, second = spans_in(tracing.spans_dir)
    assert without_ids(first_phase) == without_ids(second_phase)
    assert without_ids(first) == without_ids(second)
    assert (first_phase.parent, first.parent) == (first.id, run.span_id)
    assert all(span.duration_ns >= 0 and span.attributes["tracetui.cpu_ns"] >= 0 for span in (first, second))
    started = {start.id for start in starts_in(tracing.spans_dir)}
    assert {first.id, first_phase.id, second.id, second_phase.id} < started


def test_who_asks_gets_the_span_that_is_written(tracing: Tracing) -> None:
    """What code under test adds to its phase's span is in the file, once, with the ids of its start."""

    def add(test: TestSpan) -> None:
        assert test.phase is not None
        span = trace.get_current_span(test.phase.context)
        span.set_attribute("own", 1)
        span.add_event("happened")
        ids.append(f"{span.get_span_context().span_id:016x}")

    ids: list[str] = []
    run_test(tracing, RunSpan(tracing, "run", None), meanwhile=add)
    phase, test = spans_in(tracing.spans_dir)
    assert (phase.id, phase.parent, phase.attributes["own"]) == (ids[0], test.id, 1)
    assert [event["name"] for event in phase.raw["events"]] == ["happened"]


def test_a_processor_of_the_hosts_sees_tests(tracing: Tracing) -> None:
    """One that was added to our provider is shown every span from the next test on."""
    run, memory = RunSpan(tracing, "run", None), InMemorySpanExporter()
    tracing.provider.add_span_processor(SimpleSpanProcessor(memory))
    run_test(tracing, run)
    assert [span.name for span in memory.get_finished_spans()] == ["call", NODEID]
    assert len(spans_in(tracing.spans_dir)) == 2


def test_a_child_that_was_forked_in_a_test_writes_for_itself(tracing: Tracing) -> None:
    """What starts and ends in it is in files of its own; the parent's are as if nothing had been."""
    run = RunSpan(tracing, "run", None)

    def fork(test: TestSpan) -> None:
        pid = os.fork()
        if not pid:
            try:
                test.start_phase("teardown").stop()
                test.judge(PASSED)
            finally:
                os._exit(0)
        os.waitpid(pid, 0)

    run_test(tracing, run, meanwhile=fork)
    by_file = {
        path: sorted(span.name for span in records(path.read_text().splitlines(), "Spans", "spans"))
        for path in tracing.spans_dir.glob("*.traces.jsonl")
    }
    assert sorted(by_file.values()) == [["call", NODEID], ["teardown"]]


def test_open_spans_survive_a_shorter_file_of_start_records(
    tracing: Tracing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is begun anew once it is large, with what is still open."""
    monkeypatch.setattr("tracetui.tracing.live.log.LARGE_BYTES", 20_000)
    _, _, live = tracing.sinks.own()
    monkeypatch.setattr(live, "_large", 20_000)
    run = RunSpan(tracing, "run", None)

    def run_many(test: TestSpan) -> None:
        for number in range(60):
            run_test(tracing, run, nodeid=f"test_b.py::test_{number}")
        names = {start.attributes["tracetui.span.name"] for start in starts_in(tracing.spans_dir)}
        assert {"run", NODEID, "call"} <= names
        assert "test_b.py::test_0" not in names

    run_test(tracing, run, meanwhile=run_many)


def test_what_is_written_unseen_hides_nothing() -> None:
    """None of the names that tests and phases have is one that is redacted."""
    ends = ("pytest.outcome", "test.case.result.status", "test.case.result.final", "tracetui.cpu_ns")
    assert leaves_alone([*ATTRIBUTES, *ends, "pytest.when", "pytest.xdist.worker", "tracetui.owner"])
    assert leaves_alone(["code.function.name", "test.suite.name"])

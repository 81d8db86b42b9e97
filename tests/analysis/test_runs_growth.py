"""Runs and jobs that grow are those that are found anew, and in ordinary events they do grow."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.alike import compare
from tests.benchmarks.live_run import LiveRun, fill
from tests.budgets import examples
from tests.builders import T0, Json, S, case, line, span, start_record
from tracetui.analysis.study.findings import study
from tracetui.analysis.study.study import Study
from tracetui.formats.otlp.otlp_json import OtlpJson
from tracetui.ingest import Ingest
from tracetui.store.snapshot import Snapshot
from tracetui.store.table import SpanTable

Record = tuple[int, bytes]

RESOURCES: Sequence[dict[str, Any]] = (
    {"service.name": "depot"},
    {"service.name": "other", "process.pid": 7, "host.name": "h"},
    {"service.name": "depot", "cicd.pipeline.run.id": "1", "cicd.pipeline.task.name": "a"},
    {"service.name": "depot", "cicd.pipeline.run.id": "1", "cicd.pipeline.task.name": "b"},
    {"service.name": "depot", "cicd.pipeline.run.id": "2", "ci.node.index": 1, "ci.node.total": 2},
)
ROLES = ("suite", "worker", "test", "test", "phase", "hook", "archiver", "")
OUTCOMES = ("passed", "passed", "failed", "error", "skipped", "rerun")
SOURCES = ("d/run.jsonl", "d/run1.jsonl", "other.jsonl", "live/run.logs.jsonl")


class Growing:
    """A store of several sources, and a study of it."""

    def __init__(self) -> None:
        self.table = SpanTable()
        for label in SOURCES:
            self.table.add_source(label)
        self.study = Study()

    def add(self, records: Sequence[Record]) -> Snapshot:
        for source, record in records:
            reader = OtlpJson()
            reader.feed(record)
            self.table.append(source, reader.take())
        return self.table.snapshot()

    def check(self, now_ns: int) -> bool:
        """Whether runs grew; they are those that are found anew in any case."""
        snapshot = self.table.snapshot()
        grown = self.study(snapshot, now_ns)
        compare(grown.runs, study(snapshot, now_ns).runs, "runs")
        return self.study._kept.runs.grew


@st.composite
def recordings(draw: st.DrawFn) -> list[list[Record]]:
    """Records of spans of several runs, in batches of any order: started, ended, or both, here or there."""
    made: list[Json] = []
    for number in range(draw(st.integers(1, 16))):
        above = draw(st.integers(-2, number - 1))
        parent = made[above] if above >= 0 else None
        start = T0 + draw(st.sampled_from((0, 0, 1, 2, 3, 12, 5000))) * S
        role = draw(st.sampled_from(ROLES))
        told = {"tracetui.span.role": role} if role else {}
        if draw(st.booleans()):
            told["cicd.pipeline.run.id"] = draw(st.sampled_from("12"))
        name = f"n{draw(st.integers(0, 3))}"
        more: dict[str, Any] = {
            "start": start,
            "end": start + draw(st.integers(0, 3)) * S,
            "parent": parent,
            "trace": parent["traceId"] if parent else draw(st.sampled_from("ab")) * 32,
            "id": f"{number + 1:016x}",
        }
        is_test = role == "test"
        outcome = draw(st.sampled_from(OUTCOMES))
        made.append(
            case(name, outcome, **more)
            if is_test
            else span(name, told, status=draw(st.sampled_from((0, 1, 2))), **more)
        )
    records = [_record(draw, each) for each in made if draw(st.integers(0, 5))]
    records += [_started(draw, each) for each in made if draw(st.booleans())]
    order = draw(st.permutations(records))
    cuts = sorted(draw(st.lists(st.integers(0, len(order)), max_size=6)))
    return [order[begin:end] for begin, end in pairwise([0, *cuts, len(order)])]


def _record(draw: st.DrawFn, made: Json) -> Record:
    return draw(st.integers(0, 2)), line(made, resource=draw(st.sampled_from(RESOURCES)))


def _started(draw: st.DrawFn, made: Json) -> Record:
    return 3, start_record(made, resource=draw(st.sampled_from(RESOURCES)))


@settings(max_examples=examples(30), deadline=None)
@given(recordings(), st.lists(st.integers(0, 4), min_size=8, max_size=8))
def test_runs_grow_to_what_is_found(batches: list[list[Record]], moments: list[int]) -> None:
    """Whatever comes, in whatever order: other parents, roles, outcomes, files, pipelines, clocks."""
    store, now = Growing(), T0 + 3 * S
    store.check(now)
    for batch, moment in zip(batches, moments, strict=False):
        store.add(batch)
        if moment == 3:
            store.table.set_gone([0, 3])
        if moment:
            store.table.set_growing([moment % 3], [1])
        now += moment * S
        store.check(now)


@pytest.fixture
def suites() -> list[Json]:
    """Two shards of one run, each with a worker; they begin together."""
    told = {"tracetui.span.role": "suite", "test.suite.name": "depot"}
    return [span("depot", told, trace=trace * 32, end=0) for trace in "ab"]


def test_in_ordinary_events_runs_grow(suites: list[Json]) -> None:
    """Tests of two shards that start, end, fail, come again by a new name, and a hook, while files grow."""
    store = Growing()
    store.check(T0)
    store.add([(3, start_record(suite, resource=RESOURCES[2])) for suite in suites])
    trace = suites[0]["traceId"]
    store.add([(3, start_record(case(f"t{n}", trace=trace, parent=suites[0]))) for n in range(40)])
    store.check(T0 + S)
    grew = []
    for number, outcome in enumerate(OUTCOMES * 5):
        suite, trace = suites[number % 2], suites[number % 2]["traceId"]
        at = T0 + number * S
        test = case(
            f"new {number % 2} {number // 6}", outcome, trace=trace, parent=suite, start=at, end=at + S
        )
        hook = span("h", {"tracetui.span.role": "hook"}, trace=trace, parent=test, start=at, end=at + 1)
        store.add([(3, start_record(test, resource=RESOURCES[2]))])
        grew.append(store.check(at + S))
        store.table.set_growing([number % 3])
        store.add([(number % 2, line(hook, test, resource=RESOURCES[2]))])
        grew.append(store.check(at + 2 * S))
    assert all(grew)


def test_jobs_that_turn_out_to_repeat_each_other_come_apart(suites: list[Json]) -> None:
    """Two suites of one run are one job as long as they are of different tests."""
    store, jobs = Growing(), []
    store.add([(place, start_record(suite, resource=RESOURCES[2])) for place, suite in enumerate(suites)])
    for number in range(40):
        tests = [
            case(f"t{number}", trace=suite["traceId"], parent=suite, start=T0 + number * S)
            for suite in (suites if number >= 10 else suites[number % 2 :][:1])
        ]
        store.add([(0, line(*tests, resource=RESOURCES[2]))])
        store.check(T0 + 60 * S)
        found = store.study(store.table.snapshot(), T0 + 60 * S)
        jobs.append(len(found.runs.jobs.row))
    assert (jobs[0], jobs[-1]) == (1, 2)


def test_a_live_run_beside_others_grows(tmp_path: Path) -> None:
    """A few thousand spans, three runs that have ended; step by step the runs are those found anew."""
    for number in range(3):
        _ended(tmp_path, number)
    now = T0 + 40_000 * S
    run = LiveRun(tmp_path, start_ns=now - 1000 * S)
    fill(run, 2000, now - 1000 * S, now)
    ingest, grow, grew = Ingest([str(tmp_path)], follow=True), Study(), []
    for number in range(12):
        for _ in range(15 * (number > 0)):
            run.step(now + number * S)
        ingest.sweep()
        while ingest.step():
            pass
        snapshot = ingest.table.snapshot()
        found = grow(snapshot, now + number * S)
        compare(found.runs, study(snapshot, now + number * S).runs, "runs")
        grew.append(grow._kept.runs.grew)
    run.close(now + 20 * S)
    ingest.close()
    assert (len(found.runs), grew) == (4, [False, False, *[True] * 10])


def _ended(directory: Path, number: int) -> None:
    begin = T0 + number * 10_000 * S
    run = LiveRun(directory, f"old{number}", begin)
    fill(run, 400, begin, begin + 300 * S)
    run.close(begin + 300 * S)

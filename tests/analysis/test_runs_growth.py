"""Runs and jobs that grow are those that are found anew, and in ordinary events they do grow."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.alike import compare
from tests.analysis.growing import OUTCOMES, RESOURCES, Growing, Record, recordings
from tests.benchmarks.live_run import LiveRun, fill
from tests.budgets import examples
from tests.builders import T0, Json, S, case, line, span, start_record
from tracetui.analysis.jobs import shards_growth
from tracetui.analysis.jobs.shards import Split, split
from tracetui.analysis.study.findings import study
from tracetui.analysis.study.study import Study
from tracetui.ingest import Ingest


@settings(max_examples=examples(10))
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


def test_what_is_no_test_tells_no_jobs_apart(suites: list[Json], monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two shards of ten tests each, however many hooks end: their jobs are not worked out again."""
    store = Growing()
    tests = [
        case(f"{place} {number}", trace=suite["traceId"], parent=suite)
        for place, suite in enumerate(suites)
        for number in range(10)
    ]
    hooks = [
        span(f"h{number}", {"tracetui.span.role": "hook"}, trace=test["traceId"], parent=test)
        for number, test in enumerate(tests)
    ]
    store.add([(3, start_record(each, resource=RESOURCES[2])) for each in (*suites, *hooks)])
    store.add([(0, line(*tests, resource=RESOURCES[2]))])
    store.study(store.table.snapshot(), T0 + S)
    monkeypatch.setattr(shards_growth, "split", None)
    for hook in hooks:
        store.add([(0, line(hook, resource=RESOURCES[2]))])
        found = store.study(store.table.snapshot(), T0 + S)
    assert (len(found.runs), len(found.runs.jobs.row)) == (1, 1)


def test_a_live_run_beside_others_grows(tmp_path: Path) -> None:
    """A few thousand spans, three runs that have ended; step by step the runs are those found anew."""
    for number in range(3):
        _ended(tmp_path, number)

    def goes_on(run: LiveRun, number: int, now: int) -> None:
        for _ in range(15 * (number > 0)):
            run.step(now + number * S)

    assert _grown(tmp_path, goes_on) == (4, [False, False, *[True] * 10])


def test_runs_that_come_beside_a_live_one_are_no_reason_to_look_at_everything(tmp_path: Path) -> None:
    """The others get other numbers, whether the new one is the newest or began long before."""

    def goes_on(run: LiveRun, number: int, now: int) -> None:
        if number % 3 == 1:
            begin = now + (number - 6) * 1000 * S
            short = LiveRun(tmp_path, f"short{number}", begin)
            fill(short, 40, begin, begin + S)
            short.close(begin + S)
        run.step(now + number * S)

    assert _grown(tmp_path, goes_on) == (5, [False, False, *[True] * 10])


def test_nor_are_jobs_that_come_while_another_run_has_several(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One run has another suite from time to time, of the same tests or others; runs come between.

    Only for the former are suites compared.
    """
    compared: list[int] = []

    def counted(*told: Any) -> Split:
        compared.append(1)
        return split(*told)

    monkeypatch.setattr(shards_growth, "split", counted)

    def goes_on(run: LiveRun, number: int, now: int) -> None:
        begin = now + (number - 20) * 100 * S
        if number % 3 == 0:
            again = LiveRun(tmp_path / f"{number}", f"again{number // 6}", begin, "again")
            fill(again, 40, begin, begin + S)
            again.close(begin + S)
        elif number % 3 == 1:
            short = LiveRun(tmp_path, f"short{number}", begin)
            fill(short, 40, begin, begin + S)
            short.close(begin + S)
        run.step(now + number * S)

    assert _grown(tmp_path, goes_on) == (6, [False, False, *[True] * 10])
    assert len(compared) == 3


def _grown(directory: Path, goes_on: Callable[[LiveRun, int, int], None]) -> tuple[int, list[bool]]:
    """How many runs there are after twelve readings of a live one, and in which of them runs grew."""
    now = T0 + 40_000 * S
    run = LiveRun(directory, start_ns=now - 1000 * S)
    fill(run, 2000, now - 1000 * S, now)
    ingest, grow, grew = Ingest([str(directory)], follow=True), Study(), []
    for number in range(12):
        goes_on(run, number, now)
        ingest.sweep()
        while ingest.step():
            pass
        snapshot = ingest.table.snapshot()
        found = grow(snapshot, now + number * S)
        compare(found.runs, study(snapshot, now + number * S).runs, "runs")
        grew.append(grow._kept.runs.grew)
    run.close(now + 20 * S)
    ingest.close()
    return len(found.runs), grew


def _ended(directory: Path, number: int) -> None:
    begin = T0 + number * 10_000 * S
    run = LiveRun(directory, f"old{number}", begin)
    fill(run, 400, begin, begin + 300 * S)
    run.close(begin + 300 * S)

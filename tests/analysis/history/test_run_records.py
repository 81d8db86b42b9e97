"""Records of runs: what later questions need of each, made of a recording."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.builders import MS, T0, Json, S, case, id_of, key_values, line, snapshot, span, start_record
from tracetui.analysis.flaky.flaky import flakiness
from tracetui.analysis.flaky.known import known_flaky
from tracetui.analysis.history import run_records
from tracetui.analysis.history.records import DTYPES, Records, RunRecord, Variant, joined, nothing
from tracetui.analysis.history.run_records import records
from tracetui.analysis.ranking.rank_keys import AFTER_TEST, BEFORE_TEST
from tracetui.analysis.study.findings import study
from tracetui.model.role import HookKind, Outcome, Role

HOUR = 3600 * S


def suite(number: int = 0, name: str = "s", **told: Any) -> Json:
    """A suite that began `number` hours after the first, and says all of itself."""
    at = T0 + number * HOUR
    attributes = {"tracetui.span.role": "suite", "test.suite.name": name} | told
    return span(name, attributes, start=at, end=at + 900 * S, trace=f"{number + 1:032x}")


def below(top: Json, name: str, took: int, after: int = 0, outcome: str = "passed", **more: Any) -> Json:
    """A test that began `after` ns after its suite."""
    at = int(top["startTimeUnixNano"]) + after
    more = {"id": id_of(name, at)} | more
    return case(name, outcome, start=at, end=at + took, trace=top["traceId"], parent=top, **more)


def hook(top: Json, name: str, took: int, after: int = 0, scope: str = "", bad: bool = False) -> Json:
    """A hook, or with a scope a fixture."""
    at = int(top["startTimeUnixNano"]) + after
    told = {"tracetui.span.role": "hook", "pytest.outcome": "failed" if bad else "passed"}
    told |= {"tracetui.fixture.scope": scope} if scope else {}
    return span(name, told, start=at, end=at + took, trace=top["traceId"], parent=top)


def recorded(*sources: bytes) -> Records:
    return records(study(snapshot(*sources), T0))


def told(record: RunRecord, *columns: str) -> list[tuple[object, ...]]:
    """Names, and some columns."""
    values = (getattr(record.columns, column).tolist() for column in columns)
    return sorted(zip(record.names(), *values, strict=True))


def test_runs_come_by_their_start_with_what_they_say_of_themselves() -> None:
    """The first to begin is the first; its suite tells the code, and on what it ran."""
    said: dict[str, Any] = {
        "vcs.ref.head.revision": "abc",
        "vcs.ref.head.name": "main",
        "process.runtime.name": "cpython",
        "process.runtime.version": "3.13.2",
        "os.type": "linux",
        "host.arch": "amd64",
        "tracetui.host.cores": 8,
    }
    late, early = suite(1, **said), suite(0)
    found = recorded(line(late, below(late, "t", S)), line(early, below(early, "t", S, outcome="failed")))
    assert [head.start_ns for head in found.heads] == [T0, T0 + HOUR]
    assert [head.label for head in found.heads] == ["2026-11-18 11:06:40.000", "2026-11-18 12:06:40.000"]
    assert found.heads[0]._replace(run_id="7", attempt=2).label == "7/2"
    assert [head.outcome for head in found.heads] == [Outcome.FAILED, Outcome.PASSED]
    first, second = found.heads
    assert (first.revision, first.variant) == ("", Variant())
    assert (second.revision, second.branch) == ("abc", "main")
    assert second.variant == Variant("cpython 3.13.2", "linux amd64", 8)
    assert (second.suite, second.state, second.workers, second.tests) == ("s", "ended", 1, 1)


def worker(top: Json, name: str, begin: float, end: float, *, died: bool = False) -> Json:
    """A worker from second to second."""
    told = {
        "tracetui.span.role": "worker",
        "pytest.xdist.worker": name,
        "error.type": "crash" if died else "",
    }
    at = int(top["startTimeUnixNano"])
    start, until = at + round(begin * S), at + round(end * S)
    return span(name, told, start=start, end=until, parent=top, trace=top["traceId"], status=2 if died else 0)


@pytest.mark.parametrize(("start", "workers"), [(4, 2), (3.9, 3)])
def test_a_worker_in_the_place_of_a_dead_one_is_not_one_more(start: float, workers: int) -> None:
    """Three names, and no more than two at a time; of each run on its own."""
    heads = []
    for top in (suite(), suite(1)):
        lanes = [worker(top, "gw0", 0, 4, died=True), worker(top, "gw1", 0, 900)]
        lanes.append(worker(top, "gw2", start, 900))
        tests = [
            below(lane, lane["name"], S, 500 * MS, worker=lane["name"], id=id_of(lane["name"], top))
            for lane in lanes
        ]
        heads.append(line(top, *lanes, *tests))
    assert [head.workers for head in recorded(*heads).heads] == [workers, workers]


def test_what_is_known_to_be_flaky_takes_no_lanes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Marks beside names are found again whenever a run ends, of all runs: how many workers these had does
    not matter.
    """
    top = suite()
    lanes = [worker(top, f"gw{number}", 0, 900) for number in range(2)]
    first, last = (
        below(lane, "flaky", S, number * 2 * S, outcome=outcome, worker=lane["name"], id=id_of(outcome, top))
        for number, (lane, outcome) in enumerate(zip(lanes, ("rerun", "passed"), strict=True))
    )
    found = study(snapshot(line(top, *lanes, first, last)), T0)
    wanted = flakiness(records(found)).flaky
    monkeypatch.setattr(run_records, "lanes_of", None)
    assert known_flaky(found) == {test.name: test for test in wanted}
    assert list(known_flaky(found)) == ["flaky"]
    with pytest.raises(TypeError):
        records(found)


def test_suites_of_one_process_after_each_other_share_their_workers() -> None:
    """A runner of two suites with 4 and 2 jobs has 4; two shards, which are two processes, have both."""
    for writers, workers in ((("10", "10"), 4), (("10", "11"), 6)):
        sources = []
        for number, (writer, jobs) in enumerate(zip(writers, (4, 2), strict=True)):
            top = span(
                "run.__init__._execute_suite",
                {"suite_name": f"s{number}", "suite_num_jobs_to_start": jobs},
                start=T0 + number * 100 * S,
                end=T0 + number * 100 * S + 50 * S,
            )
            resource = {"cicd.pipeline.run.id": "7", "service.name": "resmoke", "host.name": "h"}
            test = below(top, f"t{number}", S)
            sources.append(line(top, test, scope="resmoke", resource=resource | {"process.pid": writer}))
        (record,) = recorded(*sources).heads
        assert record.workers == workers


def test_tests_stand_alone_and_spans_of_a_fixture_together() -> None:
    """Own times of a fixture add up, and it failed if any of its spans did; a test keeps its own row."""
    top = suite()
    spans = [
        below(top, "a", 3 * S),
        below(top, "b", S, 5 * S),
        hook(top, "db setup", 100 * MS, 10 * S, "function"),
        hook(top, "db setup", 300 * MS, 11 * S, "function", bad=True),
        hook(top, "report", 50 * MS, 12 * S),
    ]
    (record,) = recorded(line(top, *spans))
    assert told(record, "role", "hook_kind", "outcome", "count", "own_ns", "total_ns") == [
        ("a", Role.TEST, 0, Outcome.PASSED, 1, 3 * S, 3 * S),
        ("b", Role.TEST, 0, Outcome.PASSED, 1, S, S),
        ("db setup", Role.HOOK, HookKind.FUNCTION, Outcome.FAILED, 2, 400 * MS, 400 * MS),
        ("report", Role.HOOK, HookKind.PROJECT, Outcome.PASSED, 1, 50 * MS, 50 * MS),
    ]


def attempts(top: Json, outcomes: Sequence[str]) -> list[Json]:
    """Attempts at one test, of which all that are called `rerun` were not the last."""
    return [
        below(top, "t", S, place * 2 * S, "failed" if outcome == "rerun" else outcome)
        | ({} if outcome != "rerun" else {"attributes": _not_final(top, place)})
        for place, outcome in enumerate(outcomes)
    ]


def _not_final(top: Json, place: int) -> list[Json]:
    made = below(top, "t", S, place * 2 * S, "failed")["attributes"]
    return [*made, {"key": "test.case.result.final", "value": {"boolValue": False}}]


def test_attempts_are_counted_from_one() -> None:
    """A test that was run again has a row for each attempt; after the last the count begins anew."""
    top = suite()
    (record,) = recorded(line(top, *attempts(top, ["rerun", "rerun", "passed", "failed"])))
    columns = record.columns
    assert columns.attempt.tolist() == [1, 2, 3, 1]
    assert columns.outcome.tolist() == [Outcome.RERUN, Outcome.RERUN, Outcome.PASSED, Outcome.FAILED]


def test_hooks_that_write_no_spans_are_told_as_derived() -> None:
    """What a wrapper took before and after the test proper is a hook's."""
    resource = {"service.name": "resmoke"}
    top = span("run.__init__._execute_suite", {"suite_name": "core"}, end=T0 + 60 * S)
    wrapper = span("job._execute_test", {"test.case.name": "a.js"}, end=T0 + 10 * S, parent=top)
    proper = span("run_test", start=T0 + 2 * S, end=T0 + 5 * S, parent=wrapper)
    (record,) = recorded(line(top, wrapper, proper, scope="resmoke", resource=resource))
    assert told(record, "role", "own_ns") == [
        ("a.js", Role.TEST, 3 * S),
        (AFTER_TEST, Role.HOOK, 5 * S),
        (BEFORE_TEST, Role.HOOK, 2 * S),
    ]


def test_jobs_of_a_run_have_records_of_their_own() -> None:
    """The same test on another machine is another measure; what has no tests is no run of tests."""
    sources = []
    for number, job in enumerate(("py313", "py314")):
        top = suite(number)
        resource = {"cicd.pipeline.run.id": "7", "cicd.pipeline.task.name": job, "service.name": "s"}
        sources.append(line(top, below(top, "t", (number + 1) * S), resource=resource))
    empty = suite(3)
    found = recorded(*sources, line(empty, hook(empty, "report", S)))
    assert [(head.run_id, head.kind) for head in found.heads] == [
        ("7", ("s", "py313")),
        ("7", ("s", "py314")),
    ]
    assert [record.columns.own_ns.tolist() for record in found] == [[S], [2 * S]]


def test_a_test_without_an_end_took_at_least_so_long() -> None:
    """What still runs has taken as long as it has by now, and will take longer."""
    top = suite()
    begun = below(top, "t", 0, outcome="")
    made = snapshot(start_record(top), start_record(begun | {"endTimeUnixNano": "0"}))
    (record,) = records(study(made, T0 + 10 * S))
    assert told(record, "outcome", "at_least", "own_ns") == [("t", Outcome.RUNNING, True, 10 * S)]


def test_a_test_whose_time_was_up_took_at_least_so_long() -> None:
    """It failed by `timeout`, as our writer says; one that failed otherwise took as long as it took."""
    top = suite()
    stopped, wrong = (
        below(top, name, S, after, outcome="failed") for name, after in (("stopped", 0), ("wrong", 70 * S))
    )
    stopped["attributes"] += key_values({"error.type": "timeout"})
    wrong["attributes"] += key_values({"error.type": "ValueError"})
    (record,) = recorded(line(top, stopped, wrong))
    assert told(record, "at_least") == [("stopped", True), ("wrong", False)]


def test_records_of_several_recordings_are_joined_by_start_and_name() -> None:
    """Names of several recordings are one list; rows stay with their runs."""
    parts = []
    for number in (2, 0, 1):
        top = suite(number)
        parts.append(recorded(line(top, below(top, f"t{number}", S), below(top, "same", 2 * S, 5 * S))))
    whole = joined(parts)
    assert [head.start_ns for head in whole.heads] == [T0, T0 + HOUR, T0 + 2 * HOUR]
    assert [sorted(record.names()) for record in whole] == [["same", f"t{number}"] for number in range(3)]
    assert {name: getattr(whole.columns, name).dtype for name in DTYPES} == DTYPES
    last = whole.only([2])
    assert (len(last), sorted(last[0].names())) == (1, ["same", "t2"])
    assert len(joined([])) == 0
    assert {name: getattr(nothing(), name).dtype for name in DTYPES} == DTYPES

"""How a run ended: the worst of its suites and its tests, and whether all of it is there."""

from typing import Any

import pytest

from tests.builders import T0, Json, S, case, line, span, start_record, table
from tests.recordings import RUNS, recorded
from tracetui.analysis.failures.failures import failures
from tracetui.analysis.study.findings import Findings, study
from tracetui.model.role import Outcome

HOUR = 3600 * S


def suite(name: str = "core", status: str = "success", exit_status: int | None = 0, **more: Any) -> Json:
    told: dict[str, Any] = {
        "tracetui.span.role": "suite",
        "test.suite.name": name,
        "test.suite.run.status": status,
    }
    told |= {} if exit_status is None else {"pytest.exitstatus": exit_status}
    return span(name, told, **{"end": T0 + 9 * S, **more})


def resmoke(code: int, *outcomes: str) -> bytes:
    """A suite of MongoDB's runner, whose status is OK whatever happened."""
    told = {"suite_display_name": "core", "suite_return_code": code, "suite_return_status": "success"}
    top = span("run.__init__._execute_suite", told, status=1, end=T0 + 9 * S)
    tests = [
        span(
            "job._execute_test",
            {"test_long_name": f"t{place}.js"},
            parent=top,
            start=T0 + place,
            status=2 if outcome == "failed" else 1,
        )
        for place, outcome in enumerate(outcomes)
    ]
    return line(top, *tests, scope="resmoke")


def titles(found: Findings) -> list[str]:
    return [found.snapshot.title(int(row)) for row in failures(found)]


def findings(*parts: bytes, now: int = T0 + 10 * S) -> Findings:
    """Of files that are not numbered on, for those would be one run."""
    made = table(*parts)
    made._sources[:] = [f"{chr(97 + number)}.jsonl" for number in range(len(parts))]
    return study(made.snapshot(), now)


def test_a_run_that_failed_by_a_hook_is_red() -> None:
    """Its one test passed; the hook after the suite raised, and the suite says so."""
    found = recorded(RUNS / "hookfail")
    summary = found.summary
    assert (summary.outcome, summary.outcomes, summary.has_failed_suite) == (
        Outcome.FAILED,
        {Outcome.PASSED: 1},
        True,
    )
    assert titles(found) == ["conftest.py after suite"]
    assert summary.failed == 1
    assert [found.snapshot.title(int(row)) for row in found.overview.broken] == ["hookfail"]


@pytest.mark.parametrize("kind", ["hook", "archiver", "test", "phase", ""])
def test_a_suite_and_what_failed_it_are_listed_once(kind: str) -> None:
    """A suite that broke stands in the list only where nothing in it does; what mattered tells it always."""
    top = span("s", {"tracetui.span.role": "suite", "test.suite.run.status": "aborted"}, end=T0 + S)
    told = {"tracetui.span.role": kind, "pytest.outcome": "failed"}
    inner = [span("inner", told, parent=top, status=2)] if kind else []
    found = findings(line(top, *inner))
    listed = {"hook": ["inner"], "archiver": ["inner"], "test": ["inner", "s"]}.get(kind, ["s"])
    assert sorted(titles(found)) == listed
    assert [found.snapshot.title(int(row)) for row in found.overview.broken] == ["s"]


@pytest.mark.parametrize(
    ("status", "exit_status", "outcome"),
    [
        ("success", 0, Outcome.PASSED),
        ("success", None, Outcome.PASSED),
        ("failure", 1, Outcome.FAILED),
        ("success", 9, Outcome.FAILED),
        ("success", 1, Outcome.FAILED),
        ("skipped", 5, Outcome.SKIPPED),
        ("aborted", 2, Outcome.ERROR),
        ("timed_out", None, Outcome.ERROR),
    ],
)
def test_an_exit_status_counts_whatever_the_suite_says(
    status: str, exit_status: int | None, outcome: Outcome
) -> None:
    """A `pytest_sessionfinish` hook may change it at the very end."""
    top = suite("core", status, exit_status)
    found = findings(line(top, case("t", "passed", parent=top)))
    assert found.summary.suite_outcomes == {outcome: 1}
    assert found.summary.outcome == (outcome if outcome.bad else Outcome.PASSED)
    assert titles(found) == (["core"] if outcome.bad else [])


@pytest.mark.parametrize(
    ("code", "tests", "outcome", "failed"),
    [
        (0, ["passed"], Outcome.PASSED, []),
        (1, ["passed", "failed"], Outcome.FAILED, ["t1.js"]),
        (1, ["passed"], Outcome.FAILED, ["core"]),
        (2, ["passed"], Outcome.ERROR, ["core"]),
        (3, ["passed"], Outcome.ERROR, ["core"]),
        (3, ["failed"], Outcome.FAILED, ["t0.js", "core"]),
        (3, [], Outcome.ERROR, ["core"]),
    ],
)
def test_resmokes_return_code_tells(code: int, tests: list[str], outcome: Outcome, failed: list[str]) -> None:
    """1 is a test, 2 a fixture, 3 a hook: the last two are failures of their own."""
    found = findings(resmoke(code, *tests))
    assert (found.summary.outcome, titles(found)) == (outcome, failed)
    assert found.summary.failed == len(failed)


def test_a_suite_that_failed_in_a_test_is_no_failure_of_its_own() -> None:
    """The test is."""
    top = suite(status="failure", exit_status=1)
    found = findings(line(top, case("t", "failed", parent=top)))
    assert (titles(found), found.summary.has_failed_suite) == (["t"], False)


def test_failures_are_counted_once_and_the_same_everywhere() -> None:
    """What never ended is among them, in the list as in the sums."""
    top = suite(end=0)
    tests = [case(f"t{number}", "failed", parent=top, start=T0 + number) for number in range(3)]
    store = table(
        line(*tests), start_record(top) + start_record(case("cut", end=0, parent=top, start=T0 + 5))
    )
    store.set_gone([1])
    found = study(store.snapshot(), T0 + 10 * S)
    assert set(titles(found)) == {"t0", "t1", "t2", "cut"}
    assert (len(titles(found)), found.summary.failed) == (4, 4)
    assert found.summary.outcome == Outcome.FAILED


def test_a_run_without_its_suite_is_incomplete() -> None:
    """Killed, and its live records were left behind by the upload: what is there passed, but not the run."""
    found = recorded(RUNS / "killed_nolive")
    summary = found.summary
    assert (summary.name, summary.state, summary.outcomes) == ("depot", "incomplete", {Outcome.PASSED: 1})
    assert summary.outcome == Outcome.CUT_OFF


def test_one_missing_suite_is_enough() -> None:
    """Of two shards of a pipeline run one was cut short."""
    resource = {"cicd.pipeline.run.id": "7"}
    top = suite()
    alone = case("u", parent="f" * 16, trace="b" * 32, start=T0 + HOUR)
    found = findings(line(top, case("t", parent=top), resource=resource), line(alone, resource=resource))
    assert (len(found.runs), found.summary.state, found.summary.tests) == (1, "incomplete", 2)


def test_tests_without_any_parent_are_whole() -> None:
    """Writers that know no suites write tests as roots."""
    assert findings(line(case("t"), case("u"))).summary.state == "ended"


def test_a_suite_below_a_span_of_the_ci_is_whole() -> None:
    """That span is in another place, always."""
    top = suite(parent="f" * 16)
    assert findings(line(top, case("t", parent=top))).summary.state == "ended"


@pytest.mark.parametrize("alone", [True, False])
def test_a_suite_that_was_cut_off(alone: bool) -> None:
    """The run was; it is a failure itself where no test was."""
    top = suite(end=0)
    tests = [] if alone else [case("t", end=0, parent=top)]
    store = table(b"".join(map(start_record, [top, *tests])))
    store.set_gone([0])
    found = study(store.snapshot(), T0 + 10 * S)
    assert (found.summary.state, found.summary.outcome) == ("cut off", Outcome.CUT_OFF)
    assert titles(found) == (["core"] if alone else ["t"])


def test_a_live_run_has_not_passed() -> None:
    """Until it is over; once something failed it has failed."""
    top = suite(end=0)
    live = findings(start_record(top) + line(case("t", parent=top)))
    assert (live.summary.state, live.summary.outcome) == ("live", Outcome.RUNNING)
    failed = findings(start_record(top) + line(case("t", "failed", parent=top)))
    assert failed.summary.outcome == Outcome.FAILED


def test_a_run_that_ran_nothing_is_never_the_newest() -> None:
    """Nor is it a measure for others."""
    ran, idle = suite("ran"), suite("idle", trace="b" * 32, start=T0 + HOUR, end=T0 + HOUR + S)
    again = suite("ran", trace="c" * 32, start=T0 + 2 * HOUR, end=T0 + 2 * HOUR + 9 * S)
    earlier = line(ran, case("t", parent=ran, end=T0 + 8 * S)), line(idle)
    found = findings(*earlier, now=T0 + 3 * HOUR)
    assert (found.summary.name, [summary.name for summary in found.runs]) == ("ran", ["ran", "idle"])
    test = case("t", parent=again, trace="c" * 32, start=T0 + 2 * HOUR, end=T0 + 2 * HOUR + S)
    found = findings(*earlier, line(again, test), now=T0 + 3 * HOUR)
    assert found.history.runs == 1
    assert found.overview.slower is None


def test_what_ran_nothing_alone_is_shown() -> None:
    """A recording of it says so."""
    found = recorded(RUNS / "setuponly")
    assert (found.summary.name, found.summary.idle, found.summary.outcome) == ("proj", 18, Outcome.UNKNOWN)


def test_a_suite_that_failed_before_any_test_is_the_newest() -> None:
    """Its collection broke: that is no idle run."""
    ran = suite("ran")
    broke = suite("broke", "aborted", 2, trace="b" * 32, start=T0 + HOUR, end=T0 + HOUR + S)
    found = findings(line(ran, case("t", parent=ran)), line(broke), now=T0 + 3 * HOUR)
    assert (found.summary.name, found.summary.outcome) == ("broke", Outcome.ERROR)


def test_unfinished_runs_are_no_measure() -> None:
    """A run without its suite is not held against the next."""
    alone = case("t", parent="f" * 16, end=T0 + S)
    top = suite(trace="b" * 32, start=T0 + HOUR, end=T0 + HOUR + 9 * S)
    test = case("t", parent=top, trace="b" * 32, start=T0 + HOUR, end=T0 + HOUR + 8 * S)
    found = findings(line(alone), line(top, test), now=T0 + 2 * HOUR)
    assert (len(found.runs), found.history.runs) == (2, 0)
    assert found.overview.slower is None


def test_a_live_run_comes_before_one_that_ended() -> None:
    """A short run that began later, and ends, never hides it; once it is over too, it ended last."""
    long = suite("long", end=0)
    short = suite("short", trace="b" * 32, start=T0 + 60 * S, end=T0 + 63 * S)
    test = case("t", parent=short, trace="b" * 32, start=T0 + 61 * S, end=T0 + 62 * S)
    begun = case("u", parent=long, start=T0 + S, end=T0 + 2 * S)
    live = findings(start_record(long) + line(begun), line(short, test), now=T0 + 90 * S)
    assert [summary.state for summary in live.runs] == ["ended", "live"]
    assert (live.summary.name, live.runs.number(-1)) == ("long", 1)
    both = findings(start_record(long) + line(begun), start_record(short | {"endTimeUnixNano": "0"}))
    assert both.summary.name == "long"
    ended = findings(line(suite("long", end=T0 + 95 * S), begun), line(short, test), now=T0 + 99 * S)
    assert ended.summary.name == "long"


@pytest.mark.parametrize(
    ("scope", "of_test", "of_suite", "failed"),
    [
        ("", "", "success", 1),
        ("", "passed", "success", 1),
        ("", "xpassed", "success", 1),
        ("", "xfailed", "success", 0),
        ("", "rerun", "success", 0),
        ("", "skipped", "success", 0),
        ("function", "passed", "success", 0),
        ("function", "xfailed", "success", 0),
        ("function", "rerun", "success", 0),
        ("function", "xfailed", "failure", 0),
        ("session", "", "success", 0),
        ("session", "", "failure", 1),
        ("session", "", "in_progress", 1),
        ("session", "beside", "failure", 0),
        ("", "beside", "failure", 1),
    ],
)
def test_a_hook_that_failed_fails_the_run_unless_a_test_or_suite_answers_for_it(
    scope: str, of_test: str, of_suite: str, failed: int
) -> None:
    """In a test it fails whoever needs it: where that was expected, or went well the next time, nothing did.
    A run with a failure is not green.
    """
    top = suite(status=of_suite, exit_status=None)
    told = {"tracetui.span.role": "hook", "pytest.outcome": "error"}
    told |= {"tracetui.fixture.scope": scope} if scope else {"tracetui.hook.when": "after_test"}
    is_beside = of_test == "beside"
    test = case("t", "failed" if is_beside else of_test, parent=top, start=T0 + 1)
    hook = span("inner", told, parent=test if of_test and not is_beside else top, status=2, start=T0 + 2)
    within = span("deeper", told, parent=hook, status=2, start=T0 + 3)
    good = case("good", parent=top, start=T0 + 4)
    found = findings(line(top, hook, within, good, *([test] if of_test else [])))
    outcome = Outcome.FAILED if failed or of_suite == "failure" else Outcome.PASSED
    assert (titles(found).count("inner"), titles(found).count("deeper")) == (failed, 0)
    assert found.summary.outcome == outcome
    assert (found.summary.failed_outside_tests > 0) == (outcome.bad and not (is_beside and not failed))


def test_a_run_of_hooks_alone_is_red_if_one_failed() -> None:
    """There is neither suite nor test that could say so."""
    hook = span("h", {"tracetui.span.role": "hook"}, status=2)
    summary = findings(line(hook)).summary
    assert (summary.outcome, summary.failed, summary.failed_outside_tests) == (Outcome.FAILED, 1, 1)


def test_what_every_worker_cannot_collect_is_one_failure() -> None:
    """Each of them collects all tests; two files are two failures, and so is one in two suites."""
    made: list[Json] = []
    told = {"tracetui.span.role": "hook", "tracetui.hook.when": "collection", "pytest.outcome": "error"}
    for number in (1, 2):
        top = suite(f"s{number}", status="failure", exit_status=1, start=T0 + number, end=T0 + S)
        made.append(top)
        for place, gw in enumerate(("gw0", "gw1")):
            begin: Json = {"start": T0 + 10 * number + place, "end": T0 + S}
            worker = span(
                gw, {"tracetui.span.role": "worker", "pytest.xdist.worker": gw}, parent=top, **begin
            )
            files = ("x.py", "y.py")[:number]
            made += [span(f"collect {file}", told, parent=worker, status=2, **begin) for file in files]
            made.append(worker)
    found = findings(line(*made))
    assert sorted(titles(found)) == ["collect x.py", "collect x.py", "collect y.py"]
    assert found.summary.failed == 3

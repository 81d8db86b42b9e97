"""What counts as a test or suite of a run, and what does not run any more."""

from pathlib import Path
from typing import Any

import pytest

from tests.builders import (
    MS,
    T0,
    Json,
    S,
    case,
    exception,
    heartbeat,
    line,
    snapshot,
    span,
    start_record,
    table,
)
from tests.jscore import write as write_jscore
from tests.recordings import RUNS, recorded
from tracetui.analysis.failures.failures import failures
from tracetui.analysis.study.findings import Findings, study
from tracetui.model.role import Outcome, Role


def suite(name: str = "outer", **more: Any) -> Json:
    told = {"tracetui.span.role": "suite", "test.suite.name": name, "pytest.testscollected": 1}
    return span(name, told, **{"end": T0 + 9 * S, **more})


def role(kind: str, name: str, **more: Any) -> Json:
    return span(name, {"tracetui.span.role": kind}, **more)


def findings(*spans: Json, now: int = T0 + 10 * S) -> Findings:
    return study(snapshot(line(*spans)), now)


def test_tests_inside_a_test_are_no_tests_of_the_run() -> None:
    """Three tests passed, each called once; three more ran inside two of them, two of which failed."""
    found = recorded(RUNS / "nested")
    summary = found.summary
    assert (summary.name, summary.suites, summary.tests, summary.expected) == ("nested", 1, 3, 3)
    assert summary.outcomes == {Outcome.PASSED: 3}
    assert [rank.name.partition("::")[2] for rank in found.rank()] == [
        "test_outer",
        "test_inproc",
        "test_plain",
    ]
    assert len(failures(found)) == 0
    assert sum(lane.tests for lane in found.lanes.lanes) == 3
    assert found.progress.done == 3


def nested(depth: int) -> list[Json]:
    """A test that starts a pytest of its own: `depth` spans lie between it and that one's suite."""
    top = suite()
    test = case("t::outer", parent=top, end=T0 + 5 * S)
    between = [test]
    for number in range(depth):
        between.append(span(f"between {number}", parent=between[-1], end=T0 + 5 * S))
    inner = suite("inner", parent=between[-1], start=T0 + MS, end=T0 + 4 * S, status=2)
    bad = case("t::inner", "failed", parent=inner, start=T0 + MS, end=T0 + 3 * S, events=[exception()])
    fixture = role("hook", "fixture", parent=bad, end=T0 + S, status=2)
    return [top, *between, inner, bad, fixture]


@pytest.mark.parametrize("depth", [0, 1, 3, 62, 63, 64, 65, 200])
def test_however_deep_it_lies(depth: int) -> None:
    """Suites, tests and hooks below a test count nowhere, whatever lies between."""
    found = findings(*nested(depth))
    assert (found.summary.suites, found.summary.tests, found.summary.outcomes) == (1, 1, {Outcome.PASSED: 1})
    assert len(failures(found)) == 0
    assert len(found.rank("hook")) == 0
    assert found.uncounted is not None
    assert found.uncounted.nested.sum() == 3
    assert (found.written.role == Role.TEST).sum() == 2


def test_what_never_ended_inside_a_test_does_not_cut_the_run_off() -> None:
    """A test that kills the pytest it starts is a passed test."""
    top, test, inner, *_ = nested(0)
    store = table(line(top, test), start_record(inner | {"endTimeUnixNano": "0"}))
    store.set_gone([1])
    assert study(store.snapshot(), T0 + 10 * S).summary.state == "ended"


@pytest.mark.parametrize("kind", ["hook", "test"])
@pytest.mark.parametrize("depth", [0, 2])
@pytest.mark.parametrize("with_worker", [False, True])
def test_a_run_inside_a_hook_or_fixture_counts_nowhere(kind: str, depth: int, with_worker: bool) -> None:
    """A pytest that a session fixture starts: neither its suite, nor its workers, nor its tests count."""
    top = suite()
    outer = case("t::outer", parent=top, end=T0 + 5 * S)
    around = [role(kind, "build setup", parent=top, end=T0 + 5 * S)]
    for number in range(depth):
        around.append(span(f"between {number}", parent=around[-1], end=T0 + 5 * S))
    inner = suite("inner", parent=around[-1], end=T0 + 4 * S, status=2)
    worker = role("worker", "gw0", parent=inner, end=T0 + 4 * S)
    bad = case("t::inner", "failed", parent=worker if with_worker else inner, end=T0 + 3 * S)
    found = findings(top, outer, *around, inner, *([worker] if with_worker else []), bad)
    told = found.summary
    assert (told.suites, told.outcomes[Outcome.FAILED], told.nested) == (1, 0, 1)
    assert (told.tests, told.state) == (1 + (kind == "test"), "ended")
    assert len(failures(found)) == 0
    assert sum(lane.tests for lane in found.lanes.lanes) == told.tests


def test_a_hook_may_run_tests_of_its_own_run() -> None:
    """Tests right below a hook, with no suite between, count: no run of its own holds them."""
    top = suite()
    hook = role("hook", "validate", parent=top, end=T0 + 5 * S)
    found = findings(top, hook, case("t::validate", parent=hook))
    assert (found.summary.tests, found.uncounted) == (1, None)


def test_workers_of_the_run_itself_still_count() -> None:
    """Under xdist workers hang below the suite, and fixtures below workers: none is inside a hook."""
    top = suite()
    fixture = role("hook", "build setup", parent=top, end=T0 + 5 * S)
    workers = [role("worker", name, parent=top, end=T0 + 6 * S) for name in ("gw0", "gw1")]
    tests = [case(f"t::{each['name']}", parent=each) for each in workers]
    found = findings(top, fixture, *workers, *tests)
    assert (found.summary.tests, len(found.lanes.lanes), found.uncounted) == (2, 3, None)


def test_hooks_of_resmoke_hold_no_run(tmp_path: Path) -> None:
    """Hooks before and after a suite, one for each job, stand beside its tests: all of these count."""
    found = recorded(write_jscore(tmp_path))
    assert found.uncounted is None
    assert found.summary.tests == (found.written.role == Role.TEST).sum() > 1000
    assert (found.written.role == Role.HOOK).sum() > 0


def test_hooks_of_a_suite_file_hold_no_run() -> None:
    """`tracetui run`: hooks and tests are commands below one suite, written by one process."""
    top = suite("nightly")
    hooks = [role("hook", name, parent=top, start=T0 + at * S) for name, at in (("before", 0), ("after", 8))]
    tests = [case(f"nightly::{name}", parent=top, start=T0 + 2 * S, end=T0 + 7 * S) for name in "ab"]
    hooks += [role("hook", "each", parent=test, start=T0 + 2 * S) for test in tests]
    found = findings(top, *hooks, *tests)
    assert (found.summary.tests, found.summary.suites, found.uncounted) == (2, 1, None)


def test_a_suite_below_a_suite_still_counts() -> None:
    """Only what lies below a test or hook does not."""
    top = suite()
    inner = suite("inner", parent=top)
    found = findings(top, inner, case("t::a", parent=inner))
    assert (found.summary.tests, found.uncounted) == (1, None)
    assert (found.snapshot.role == Role.SUITE).sum() == 2


def test_set_up_alone_is_no_test() -> None:
    """`--setup-only` writes passed tests that have no call: none of them ran."""
    found = recorded(RUNS / "setuponly")
    assert (found.summary.tests, found.summary.outcomes, found.summary.suites) == (0, {}, 1)
    assert found.uncounted is not None
    assert found.uncounted.idle.sum() == 18
    assert len(found.rank()) == 0


def phases(test: Json, *names: str) -> list[Json]:
    return [role("phase", name, parent=test, start=T0 + at, id=f"{name}-{test['spanId'][:6]}") for at, name in
            enumerate(names)]  # fmt: skip


@pytest.mark.parametrize(
    ("of_first", "of_second", "tests"),
    [
        (("setup", "teardown"), ("setup", "teardown"), 0),
        (("setup",), ("setup",), 0),
        (("setup", "teardown"), ("setup", "call", "teardown"), 2),
        (("setup", "call"), ("setup", "call"), 2),
        (("teardown",), ("teardown",), 2),
        ((), (), 2),
    ],
)
def test_a_call_is_what_tells(of_first: tuple[str, ...], of_second: tuple[str, ...], tests: int) -> None:
    """Where one test of a suite was called, a call that is missing was lost; other writers have no phases."""
    top = suite()
    first, second = case("t::a", parent=top), case("t::b", parent=top)
    found = findings(top, first, second, *phases(first, *of_first), *phases(second, *of_second))
    assert found.summary.tests == tests


def test_tests_that_were_skipped_in_their_set_up_still_count() -> None:
    """They have no call either."""
    top = suite()
    skipped, broken = case("t::a", "skipped", parent=top), case("t::b", "error", parent=top)
    found = findings(top, skipped, broken, *phases(skipped, "setup", "teardown"), *phases(broken, "setup"))
    assert found.summary.outcomes == {Outcome.SKIPPED: 1, Outcome.ERROR: 1}


def test_one_suite_that_ran_and_one_that_did_not() -> None:
    """Each suite is judged by itself."""
    one, other = suite("one"), suite("other", start=T0 + S)
    ran, idle = case("t::a", parent=one), case("t::b", parent=other)
    found = findings(one, other, ran, idle, *phases(ran, "setup", "call"), *phases(idle, "setup", "teardown"))
    assert [found.snapshot.title(int(row)) for row in found.tests] == ["t::a"]


def writer(pid: int) -> dict[str, object]:
    return {"service.name": "depot", "host.name": "ci", "process.pid": pid}


def test_a_test_whose_end_was_lost_does_not_run() -> None:
    """Its suite has ended, so it has too: nobody knows how, and it took no longer than what is inside it."""
    top = suite()
    test = case("t::lost", parent=top, start=T0 + S, end=0)
    inside = span("inside", parent=test, start=T0 + S, end=T0 + 2 * S)
    read = table(line(top, inside) + start_record(test)).snapshot()
    found = study(read, T0 + 60 * S)
    row = int(found.tests[0])
    assert found.summary.state == "ended"
    assert found.summary.outcomes == {Outcome.UNKNOWN: 1}
    assert (found.running, int(found.times.total[row])) == ((), S)


def test_a_worker_that_has_ended_runs_nothing() -> None:
    """While its suite goes on."""
    top = suite(end=0)
    worker = span("gw0", {"tracetui.span.role": "worker"}, parent=top, end=T0 + 2 * S)
    test = case("t::lost", parent=worker, start=T0 + S, end=0)
    read = table(line(worker) + start_record(top) + start_record(test)).snapshot()
    found = study(read, T0 + 60 * S)
    assert (found.summary.state, found.running, found.summary.running) == ("live", (), 0)


@pytest.mark.parametrize(("pid", "outcome"), [(7, Outcome.UNKNOWN), (8, Outcome.CUT_OFF)])
def test_only_a_process_that_lived_on_lost_the_end(pid: int, outcome: Outcome) -> None:
    """A test in a worker that died is cut off, though its suite has ended."""
    top = suite()
    test = case("t::gone", parent=top, start=T0 + S, end=0)
    store = table(line(top, resource=writer(7)), start_record(test, resource=writer(pid)))
    store.set_gone([1])
    found = study(store.snapshot(), T0 + 60 * S)
    assert found.summary.outcomes == {outcome: 1}
    assert found.summary.state == "ended"


def test_a_writer_that_has_nothing_open_has_lost_the_ends() -> None:
    """It says so in its last heartbeat: what it began before is over, what it began later runs."""
    before, after = case("t::before", start=T0, end=0), case("t::after", start=T0 + 3 * S, end=0)
    beat = heartbeat(T0 + 2 * S, pid=7, open_spans=0, dropped=1)
    store = table(start_record(before) + start_record(after) + beat)
    store.set_gone([], {0: T0 + 2 * S})
    found = study(store.snapshot(), T0 + 4 * S)
    assert found.summary.outcomes == {Outcome.UNKNOWN: 1, Outcome.RUNNING: 1}

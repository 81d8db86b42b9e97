"""Tests that end otherwise than by themselves: timed out, crashed, forked, run again."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from tests.tracing.recording import Record, run_pytest, spans_in, starts_in, with_role, write_suite

SLOW = """
    import time
    def test_quick(): pass
    def test_slow(): time.sleep(60)
"""
CRASHING = """
    import os, pytest
    @pytest.mark.parametrize("n", range(8))
    def test_work(n):
        if n == 3: os._exit(1)
"""
FLAKY = """
    import pytest
    attempts = []
    @pytest.mark.flaky(reruns=3, reruns_delay=0.3)
    def test_flaky(subprocess_sees):
        attempts.append(1)
        subprocess_sees()
        assert len(attempts) == 3
"""
# pytest-forked 1.7.5 cannot send the reports of pytest 9 to the parent, unless it is helped.
FORKING = """
    import pytest_forked
    whole = pytest_forked.serialize_report
    def told(report):
        fields = {**whole(report), "nodeid": report.nodeid}
        fields.pop("_id", None)
        return fields
    pytest_forked.serialize_report = told
"""


def named(spans: list[Record], name: str) -> Record:
    """The only test whose name ends so."""
    (test,) = [span for span in with_role(spans, "test") if span.name.endswith(name)]
    return test


def assert_whole(spans: list[Record]) -> None:
    """One trace with one root, and no span whose parent is missing."""
    assert len({span.trace for span in spans}) == 1
    assert [span.parent for span in spans].count(None) == 1
    assert {span.parent for span in spans if span.parent} <= {span.id for span in spans}


@pytest.mark.parametrize("arguments", [[], ["-n", "1", "--max-worker-restart=0"]])
@pytest.mark.parametrize("method", ["signal", "thread"])
def test_a_test_whose_time_is_up_says_so(tmp_path: Path, method: str, arguments: list[str]) -> None:
    """By signal or by `os._exit`, in a plain run or in a worker: the test failed, of a timeout, once."""
    write_suite(tmp_path, test_timeout=SLOW)
    run_pytest(tmp_path, "--tracetui", "--timeout=1", f"--timeout-method={method}", *arguments)
    spans = spans_in(tmp_path / "spans")
    assert_whole(spans)
    slow = named(spans, "test_slow")
    assert (slow.attributes["pytest.outcome"], slow.attributes["error.type"]) == ("failed", "timeout")
    assert "Timeout" in slow.raw["status"]["message"]
    assert named(spans, "test_quick").attributes["pytest.outcome"] == "passed"


def test_a_test_in_which_a_worker_crashed_says_so(tmp_path: Path) -> None:
    """The test is an error of type `crash` that names the worker; what the worker had begun is ended too."""
    write_suite(tmp_path, test_crash=CRASHING)
    result = run_pytest(tmp_path, "-n", "2", "--tracetui")
    assert "crashed while running" in result.stdout
    spans = spans_in(tmp_path / "spans")
    assert_whole(spans)
    assert f"tracetui: {len(spans)} spans in spans (" in result.stdout
    assert len(with_role(spans, "test")) == 8
    crashed = named(spans, "test_work[3]")
    assert (crashed.attributes["pytest.outcome"], crashed.attributes["error.type"]) == ("error", "crash")
    worker = crashed.attributes["pytest.xdist.worker"]
    assert crashed.raw["status"]["message"] == f"worker {worker} crashed"
    aborted = [
        span for span in with_role(spans, "worker") if span.attributes["test.suite.run.status"] == "aborted"
    ]
    assert [(span.name, span.id) for span in aborted] == [(worker, crashed.parent)]
    assert {span.name for span in spans if span.parent == crashed.id} == {"setup", "call"}


def test_what_is_ended_for_a_dead_worker_is_what_it_had_begun(tmp_path: Path) -> None:
    """Ids, names and starts are those of the start records, so that no reader takes one for two."""
    write_suite(tmp_path, test_crash=CRASHING)
    run_pytest(tmp_path, "-n", "2", "--tracetui")
    spans = {span.id: span for span in spans_in(tmp_path / "spans")}
    starts = [
        start for start in starts_in(tmp_path / "spans") if start.attributes["tracetui.span.role"] == "test"
    ]
    for start in starts:
        span = spans[start.id]
        assert (span.trace, span.name) == (start.trace, start.attributes["tracetui.span.name"])
        assert int(span.raw["startTimeUnixNano"]) == start.attributes["tracetui.span.start_time_unix_nano"]
    assert starts


def test_a_test_of_which_nothing_is_left_is_told_all_the_same(tmp_path: Path) -> None:
    """Where the start records of a dead worker cannot be read, as on another host, its test is made up."""
    conftest = """
        import pathlib, pytest
        @pytest.hookimpl(tryfirst=True, optionalhook=True)
        def pytest_testnodedown(node):
            for path in pathlib.Path("spans/live").glob("*"): path.unlink()
    """
    write_suite(tmp_path, conftest=conftest, test_crash=CRASHING)
    run_pytest(tmp_path, "-n", "1", "--tracetui")
    spans = spans_in(tmp_path / "spans")
    crashed = named(spans, "test_work[3]")
    assert (crashed.attributes["error.type"], crashed.attributes["pytest.xdist.worker"]) == ("crash", "gw0")
    assert crashed.parent == with_role(spans, "suite")[0].id


def test_each_attempt_is_a_span(tmp_path: Path) -> None:
    """With pytest-rerunfailures: numbered attempts, one of them final, the wait between them nobody's."""
    conftest = """
        import os, pytest
        @pytest.fixture
        def subprocess_sees(record_property):
            seen = lambda: print("seen", os.environ["TRACETUI_PARENT"].split("-")[2])
            return seen
    """
    write_suite(tmp_path, conftest=conftest, test_flaky=FLAKY)
    result = run_pytest(tmp_path, "--tracetui", "-s", "-p", "rerunfailures")
    assert result.returncode == 0, result.stdout
    tests = with_role(spans_in(tmp_path / "spans"), "test")
    assert [test.attributes["pytest.rerun"] for test in tests] == [0, 1, 2]
    assert [test.attributes["test.case.result.final"] for test in tests] == [False, False, True]
    assert [test.attributes["pytest.outcome"] for test in tests] == ["failed", "failed", "passed"]
    assert [line.split()[-1] for line in result.stdout.splitlines() if "seen" in line] == [
        test.id for test in tests
    ]
    for before, after in pairwise(tests):
        waited_ns = int(after.raw["startTimeUnixNano"]) - int(before.raw["endTimeUnixNano"])
        assert waited_ns >= 290_000_000


def test_attempts_of_any_plugin_are_told_apart(tmp_path: Path) -> None:
    """Where a conftest runs a test again, that is another attempt too, and the last is final."""
    conftest = """
        from _pytest.runner import runtestprotocol
        def pytest_runtest_protocol(item, nextitem):
            for report in runtestprotocol(item, nextitem=nextitem, log=False):
                if report.failed: report.outcome = "rerun"
            item._initrequest()
            for report in runtestprotocol(item, nextitem=nextitem, log=False):
                item.ihook.pytest_runtest_logreport(report=report)
            return True
    """
    suite = """
        attempts = []
        def test_flaky():
            attempts.append(1)
            assert len(attempts) == 2
    """
    write_suite(tmp_path, conftest=conftest, test_flaky=suite)
    assert run_pytest(tmp_path, "--tracetui").returncode == 0
    spans = spans_in(tmp_path / "spans")
    first, last = with_role(spans, "test")
    assert (first.attributes["pytest.outcome"], first.attributes["test.case.result.final"]) == (
        "failed",
        False,
    )
    assert (last.attributes["pytest.outcome"], last.attributes["test.case.result.final"]) == ("passed", True)
    assert "error.type" not in last.attributes
    for test in (first, last):
        assert [span.name for span in spans if span.parent == test.id] == ["setup", "call", "teardown"]


@pytest.mark.parametrize("arguments", [[], ["-n", "2"]])
def test_a_forked_test_is_whole(tmp_path: Path, arguments: list[str]) -> None:
    """With pytest-forked: outcomes by the child's reports, its phases, a crash by its signal; all counted."""
    suite = """
        import os, pytest, signal
        def test_good(): pass
        def test_bad(): assert 1 == 2
        def test_skips(): pytest.skip("not today")
        def test_dies(): os.kill(os.getpid(), signal.SIGKILL)
    """
    write_suite(tmp_path, conftest=FORKING, test_fork=suite)
    result = run_pytest(tmp_path, "--tracetui", "--forked", "-W", "default", *arguments)
    assert "2 failed, 1 passed, 1 skipped" in result.stdout
    spans = spans_in(tmp_path / "spans")
    assert_whole(spans)
    assert f"tracetui: {len(spans)} spans in spans (" in result.stdout
    outcomes = {
        test.name.partition("::")[2]: test.attributes["pytest.outcome"] for test in with_role(spans, "test")
    }
    assert outcomes == {
        "test_good": "passed",
        "test_bad": "failed",
        "test_skips": "skipped",
        "test_dies": "error",
    }
    bad, dead = named(spans, "test_bad"), named(spans, "test_dies")
    assert [(phase.name, phase.status) for phase in spans if phase.parent == bad.id] == [
        ("setup", 1),
        ("call", 2),
        ("teardown", 1),
    ]
    assert dead.attributes["error.type"] == "crash"
    assert "SIGKILL" in dead.raw["status"]["message"]
    phases = {phase.name: phase for phase in spans if phase.parent == dead.id}
    assert set(phases) == {"setup", "call"}
    assert phases["call"].attributes["error.type"] == "crash"
    assert {start.id for start in starts_in(tmp_path / "spans")} <= {span.id for span in spans}


def test_the_spans_of_children_are_counted(tmp_path: Path) -> None:
    """In the last line of a run: those of processes that a test forked, and that these forked; no others."""
    suite = """
        import multiprocessing, os
        from opentelemetry import trace
        context = multiprocessing.get_context("fork")
        def work(depth):
            with trace.get_tracer("app").start_as_current_span("work"):
                if depth: run(work, depth - 1)
        def run(target, *args):
            child = context.Process(target=target, args=args)
            child.start()
            child.join()
            assert child.exitcode == 0
        def test_forks(): run(work, 2)
    """
    write_suite(tmp_path, test_children=suite)
    (tmp_path / "pytest.ini").write_text("[pytest]\ntracetui_global_provider = true\n")
    for _ in range(2):
        result = run_pytest(tmp_path, "--tracetui")
        assert "1 passed" in result.stdout
    spans = spans_in(tmp_path / "spans")
    works = [span for span in spans if span.name == "work"]
    assert all(work.parent or "tracetui.parent.span_id" in work.attributes for work in works)
    assert len(works) == 6
    assert f"tracetui: {len(spans) // 2} spans in spans (" in result.stdout


def test_seeds_repeat_no_id(tmp_path: Path) -> None:
    """With pytest-randomly, twice with one seed, and a fixture that seeds each test: as many ids as spans."""
    conftest = """
        import pytest, random
        @pytest.fixture(autouse=True)
        def seed(): random.seed(0)
    """
    write_suite(
        tmp_path,
        conftest=conftest,
        test_work="import pytest\n@pytest.mark.parametrize('n', range(30))\ndef test(n): pass\n",
    )
    for _ in range(2):
        seed = ("-p", "pytest_randomly", "--randomly-seed=7")
        result = run_pytest(tmp_path, "--tracetui", "-n", "2", *seed)
        assert "--randomly-seed=7" in result.stdout
    spans = spans_in(tmp_path / "spans")
    assert len({span.id for span in spans}) == len(spans)
    assert len(with_role(spans, "test")) == 60


@pytest.mark.parametrize("tests", [10, pytest.param(200, marks=pytest.mark.nightly)])
def test_tests_that_are_forked_beside_busy_threads(tmp_path: Path, tests: int) -> None:
    """With pytest-forked, and 3 threads of the run that trace: no test hangs, no span is lost or twice."""
    conftest = f"""{FORKING}
    import pathlib, threading
    from opentelemetry import trace
    stop, made = threading.Event(), [0, 0, 0]
    def busy(number):
        while not stop.wait(0.001):
            trace.get_tracer("busy").start_span("busy").end()
            made[number] += 1
    threads = [threading.Thread(target=busy, args=(number,)) for number in range(3)]
    def pytest_collection_finish():
        for thread in threads: thread.start()
    def pytest_sessionfinish():
        stop.set()
        for thread in threads: thread.join()
        pathlib.Path("made").write_text(str(sum(made)))
    """
    many = f"import pytest\n@pytest.mark.parametrize('n', range({tests}))\ndef test(n): pass\n"
    write_suite(tmp_path, conftest=conftest, test_many=many)
    (tmp_path / "pytest.ini").write_text("[pytest]\ntracetui_global_provider = true\n")
    result = run_pytest(tmp_path, "--tracetui", "--forked", "-W", "default")
    assert f"{tests} passed" in result.stdout
    spans = spans_in(tmp_path / "spans")
    assert len({span.id for span in spans}) == len(spans)
    assert [test.attributes["pytest.outcome"] for test in with_role(spans, "test")] == ["passed"] * tests
    assert sum(span.name == "busy" for span in spans) == int((tmp_path / "made").read_text())

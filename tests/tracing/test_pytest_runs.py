"""The plugin in real runs: what is written, and that the run itself is as it would have been."""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.tracing.recording import (
    Record,
    clean_environment,
    pytest_command,
    run_pytest,
    spans_in,
    starts_in,
    with_role,
    write_suite,
)

OUTCOMES = """
    import pytest

    @pytest.fixture
    def broken():
        raise ValueError("in setup")

    @pytest.fixture
    def leaky():
        yield
        raise OSError("in teardown")

    @pytest.mark.parametrize("x", ["a-b", "[/tmp/x]", "a::b"])
    def test_passes(x): pass

    def test_fails(): assert [1] == [2], "first line\\nsecond line"

    def test_pytest_fail(): pytest.fail("said so")

    def test_skips(): pytest.skip("not today")

    @pytest.mark.skip(reason="never")
    def test_is_skipped(): pass

    @pytest.mark.xfail(reason="known")
    def test_xfails(): assert 0

    @pytest.mark.xfail(reason="thought so")
    def test_xpasses(): pass

    @pytest.mark.xfail(strict=True, reason="for sure")
    def test_xpasses_strictly(): pass

    def test_error_in_setup(broken): pass

    def test_error_in_teardown(leaky): pass

    class Unprintable(Exception):
        def __str__(self): raise RuntimeError("no")

    class TestClass:
        def test_method(self): raise Unprintable()
"""

EXPECTED: dict[str, tuple[str, str, int, str | None]] = {
    "test_passes[a-b]": ("passed", "pass", 1, None),
    "test_passes[[/tmp/x]]": ("passed", "pass", 1, None),
    "test_passes[a::b]": ("passed", "pass", 1, None),
    "test_fails": ("failed", "fail", 2, "call"),
    "test_pytest_fail": ("failed", "fail", 2, "call"),
    "test_skips": ("skipped", "skipped", 1, None),
    "test_is_skipped": ("skipped", "skipped", 1, None),
    "test_xfails": ("xfailed", "pass", 1, "call"),
    "test_xpasses": ("xpassed", "pass", 1, None),
    "test_xpasses_strictly": ("failed", "fail", 2, None),
    "test_error_in_setup": ("error", "fail", 2, "setup"),
    "test_error_in_teardown": ("error", "fail", 2, "teardown"),
    "TestClass::test_method": ("failed", "fail", 2, "call"),
}


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> list[Record]:
    """One traced run of a suite that has every outcome."""
    directory = tmp_path_factory.mktemp("outcomes")
    write_suite(directory, test_all=OUTCOMES)
    result = run_pytest(directory, "--tracetui")
    assert result.returncode == 1, result.stdout
    spans = spans_in(directory / "spans")
    assert f"tracetui: {len(spans)} spans in spans (open with: tracetui open spans)" in result.stdout
    return spans


def test_span(recording: list[Record], name: str) -> Record:
    """The span of one test."""
    (span,) = [span for span in with_role(recording, "test") if span.name == f"test_all.py::{name}"]
    return span


test_span.__test__ = False  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", EXPECTED)
def test_every_outcome_is_told_apart(recording: list[Record], name: str) -> None:
    """Outcome, status, and one exception event on the one phase in which it was raised."""
    outcome, result, status, raised_in = EXPECTED[name]
    span = test_span(recording, name)
    phases = [phase for phase in with_role(recording, "phase") if phase.parent == span.id]
    assert span.attributes["pytest.outcome"] == outcome
    assert span.attributes["test.case.result.status"] == result
    assert span.status == status
    assert [phase.name for phase in phases if phase.exceptions] == ([raised_in] if raised_in else [])
    assert sum(len(each.exceptions) for each in [span, *phases]) == (raised_in is not None)
    is_bad = outcome in ("failed", "error")
    assert [phase.status for phase in phases].count(2) == is_bad


def test_the_tree_is_suite_test_phase(recording: list[Record]) -> None:
    """One trace, one root: tests below the suite, phases below tests, each within its parent's time."""
    (suite,) = with_role(recording, "suite")
    by_id = {span.id: span for span in recording}
    assert {span.trace for span in recording} == {suite.trace}
    assert suite.parent is None
    assert {span.parent for span in with_role(recording, "test")} == {suite.id}
    for span in recording:
        if span.parent is not None:
            parent = by_id[span.parent].raw
            assert int(parent["startTimeUnixNano"]) <= int(span.raw["startTimeUnixNano"])
            assert int(span.raw["endTimeUnixNano"]) <= int(parent["endTimeUnixNano"])


def test_the_suite_tells_how_it_went(recording: list[Record]) -> None:
    """Run status, exit status and ERROR."""
    (suite,) = with_role(recording, "suite")
    assert suite.attributes["test.suite.run.status"] == "failure"
    assert (suite.attributes["pytest.exitstatus"], suite.status) == (1, 2)
    assert suite.name == suite.attributes["test.suite.name"] == suite.resource["service.name"]


def test_a_test_knows_its_place(recording: list[Record]) -> None:
    """Name, suite, file, line and function, in the words of the semantic conventions."""
    span = test_span(recording, "TestClass::test_method")
    expected: dict[str, Any] = {
        "test.case.name": "test_all.py::TestClass::test_method",
        "pytest.nodeid": "test_all.py::TestClass::test_method",
        "test.suite.name": "test_all.py::TestClass",
        "code.function.name": "test_all.TestClass.test_method",
        "error.type": "test_all.Unprintable",
    }
    assert span.attributes.items() >= expected.items()
    path = Path(span.attributes["code.file.path"])
    line = path.read_text().splitlines()[span.attributes["code.line.number"] - 1]
    assert "def test_method" in line


def test_reasons_and_messages_are_kept(recording: list[Record]) -> None:
    """Reasons of skips and expected failures; the first line of a failure as the status message."""
    assert test_span(recording, "test_skips").attributes["pytest.skip.reason"] == "not today"
    assert test_span(recording, "test_is_skipped").attributes["pytest.skip.reason"] == "never"
    assert test_span(recording, "test_xfails").attributes["pytest.xfail.reason"] == "known"
    assert test_span(recording, "test_xpasses").attributes["pytest.xfail.reason"] == "thought so"
    failed = test_span(recording, "test_fails")
    assert failed.raw["status"]["message"] == "AssertionError: first line"
    assert failed.attributes["error.type"] == "AssertionError"
    assert (
        test_span(recording, "test_xpasses_strictly").raw["status"]["message"] == "[XPASS(strict)] for sure"
    )


def test_an_exception_is_told_in_full(recording: list[Record]) -> None:
    """Type, whole message, and a stack that begins in the test and not in pytest's machinery."""
    span = test_span(recording, "test_fails")
    (error,) = [e for phase in recording if phase.parent == span.id for e in phase.exceptions]
    assert error["exception.type"] == "AssertionError"
    assert [line.strip() for line in error["exception.message"].splitlines()[:2]] == [
        "first line",
        "second line",
    ]
    stack = error["exception.stacktrace"].splitlines()
    assert stack[0].startswith("Traceback")
    assert "test_all.py" in stack[1]


def test_a_failed_subtest_fails_its_test(tmp_path: Path) -> None:
    """A subtest's failure is the test's, with its exception recorded once."""
    suite = """
        def test_parts(subtests):
            with subtests.test("good"): pass
            with subtests.test("bad"): assert 0
            with subtests.test("worse"): raise KeyError("x")
    """
    write_suite(tmp_path, test_subtests=suite)
    run_pytest(tmp_path, "--tracetui")
    spans = spans_in(tmp_path / "spans")
    (test,) = with_role(spans, "test")
    assert test.attributes["pytest.outcome"] == "failed"
    raised = [error["exception.type"] for span in spans for error in span.exceptions]
    assert raised == ["AssertionError", "KeyError"]


def test_off_means_off(tmp_path: Path) -> None:
    """Without the option nothing of ours is loaded and nothing is written; `--no-tracetui` wins over all."""
    suite = """
        import os, sys
        def test_modules():
            loaded = {name for name in sys.modules if name.startswith("tracetui.")}
            assert loaded == {"tracetui.tracing", "tracetui.tracing.pytest"}
            assert not {"orjson", "textual", "opentelemetry"} & set(sys.modules)
            assert "TRACEPARENT" not in os.environ
    """
    write_suite(tmp_path, test_off=suite)
    for arguments, env in (([], {}), (["--tracetui=x", "--no-tracetui"], {"TRACETUI_DIR": "y"})):
        result = run_pytest(tmp_path, "-p", "no:hypothesispytest", *arguments, env=env)
        assert result.returncode == 0, result.stdout
        assert "tracetui:" not in result.stdout
    assert not list(tmp_path.glob("**/*.jsonl"))


@pytest.mark.parametrize("way", ["option", "option with directory", "environment", "ini"])
def test_there_are_three_ways_to_turn_it_on(tmp_path: Path, way: str) -> None:
    """`--tracetui[=DIR]`, `TRACETUI_DIR`, and the ini option `tracetui_dir`."""
    write_suite(tmp_path, test_one="def test_one(): pass")
    arguments = {"option": ["--tracetui"], "option with directory": ["--tracetui=here"]}.get(way, [])
    env = {"TRACETUI_DIR": "here"} if way == "environment" else {}
    if way == "ini":
        (tmp_path / "pytest.ini").write_text("[pytest]\ntracetui_dir = here\ntracetui_run_name = nightly\n")
    assert run_pytest(tmp_path, *arguments, env=env).returncode == 0
    spans = spans_in(tmp_path / ("spans" if way == "option" else "here"))
    assert len(spans) == 5
    assert (spans[-1].name == "nightly") == (way == "ini")


def test_a_run_goes_on_as_if_untraced_where_nothing_can_be_written(tmp_path: Path) -> None:
    """With tracing off, on, and on without a place to write: the same outcomes, and nothing on stderr."""
    hosts = """
        import logging, os, random, threading, warnings
        def test_log_is_empty(caplog):
            caplog.set_level(logging.DEBUG)
            assert caplog.records == []
        def test_nothing_is_printed(capfd):
            assert capfd.readouterr() == ("", "")
        def test_seeded():
            random.seed(0)
            assert random.random() == 0.8444218515250481
        def test_fork():
            pid = os.fork()
            if pid == 0: os._exit(0)
            os.waitpid(pid, 0)
    """
    write_suite(tmp_path, test_all=OUTCOMES, test_hosts=hosts)
    (tmp_path / "blocked").write_text("")
    runs = [run_pytest(tmp_path, *way) for way in ([], ["--tracetui"], ["--tracetui=blocked/spans"])]
    outcomes = [sorted(re.findall(r"^(?:FAILED|ERROR) .*", run.stdout, re.MULTILINE)) for run in runs]
    totals = [
        re.findall(r"\d+ (?:failed|passed|skipped|xfailed|xpassed|errors?)", run.stdout) for run in runs
    ]
    assert outcomes[0] == outcomes[1] == outcomes[2]
    assert totals[0] == totals[1] == totals[2]
    assert [run.returncode for run in runs] == [1, 1, 1]
    assert [run.stderr for run in runs] == ["", "", ""]
    assert re.search(r"tracetui: 0 spans in blocked/spans, \d+ lost \(", runs[2].stdout)


def test_subprocesses_continue_the_trace(tmp_path: Path) -> None:
    """`TRACEPARENT` and `BAGGAGE` name the test's span while it runs, and are restored afterwards."""
    suite = """
        import subprocess, sys
        def test_child():
            code = "from tracetui.tracing import set_up_tracing as s; t = s('spans', service_name='child');"
            code += "t.tracer.start_span('in child', context=t.context).end()"
            subprocess.run([sys.executable, "-c", code], check=True)
    """
    conftest = """
        import os
        def pytest_sessionfinish():
            assert os.environ["TRACEPARENT"].endswith("b7ad6b7169203331-01")
    """
    write_suite(tmp_path, test_child=suite, conftest=conftest)
    outer = {
        "TRACEPARENT": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "BAGGAGE": "task=t1",
    }
    result = run_pytest(tmp_path, "--tracetui", env=outer)
    assert result.returncode == 0, result.stdout
    spans = spans_in(tmp_path / "spans")
    (test,) = with_role(spans, "test")
    (child,) = [span for span in spans if span.name == "in child"]
    (suite_span,) = with_role(spans, "suite")
    assert (suite_span.trace, suite_span.parent) == ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331")
    assert (child.trace, child.parent) == (test.trace, test.id)
    assert {span.attributes["task"] for span in spans} == {"t1"}


def test_spans_of_the_code_under_test_nest_below_the_phase(tmp_path: Path) -> None:
    """What is current during a test is the phase's span."""
    suite = """
        from opentelemetry import trace
        def test_current():
            current = trace.get_current_span()
            assert current.name == "call"
    """
    write_suite(tmp_path, test_current=suite)
    assert run_pytest(tmp_path, "--tracetui").returncode == 0


@pytest.mark.parametrize(
    ("body", "exit_status", "status"),
    [
        ("raise KeyboardInterrupt", 2, "aborted"),
        ("pytest.exit('enough')", 2, "aborted"),
        ("pytest.exit('enough', returncode=7)", 7, "aborted"),
        ("assert 0", 1, "failure"),
    ],
)
def test_a_run_cut_short_still_ends_its_spans(
    tmp_path: Path, body: str, exit_status: int, status: str
) -> None:
    """Ctrl-C, `pytest.exit` and `-x`: every span that was begun is ended, and the suite says why."""
    suite = f"""
        import pytest
        def test_first(): {body}
        def test_never(): pass
    """
    write_suite(tmp_path, test_cut=suite)
    assert run_pytest(tmp_path, "--tracetui", "-x").returncode == exit_status
    spans = spans_in(tmp_path / "spans")
    (suite_span,), (test,) = with_role(spans, "suite"), with_role(spans, "test")
    assert suite_span.attributes["test.suite.run.status"] == status
    assert suite_span.attributes["pytest.exitstatus"] == exit_status
    assert test.attributes["pytest.outcome"] == ("failed" if status == "failure" else "error")
    assert len([error for span in spans for error in span.exceptions]) == 1
    assert starts_in(tmp_path / "spans") == []


def test_a_frozen_clock_does_not_bend_the_trace(tmp_path: Path) -> None:
    """A test that replaces the functions of `time` does not change when its spans are."""
    suite = """
        import time
        def test_frozen(monkeypatch):
            monkeypatch.setattr(time, "time_ns", lambda: 0)
            monkeypatch.setattr(time, "monotonic_ns", lambda: 0)
            monkeypatch.setattr("opentelemetry.sdk.trace.time_ns", lambda: 0)
            assert False
    """
    write_suite(tmp_path, test_frozen=suite)
    run_pytest(tmp_path, "--tracetui")
    spans = spans_in(tmp_path / "spans")
    assert all(span.duration_ns > 0 for span in spans)
    events = [event for span in spans for event in span.raw.get("events", [])]
    times = [int(event["timeUnixNano"]) for event in events]
    assert all(abs(at - time.time_ns()) < 3600 * 10**9 for at in times)
    assert len(times) == 1


def test_a_killed_run_leaves_what_it_was_at(tmp_path: Path) -> None:
    """kill -9 during a test: suite, test and phase are known to have begun, what ended before is whole."""
    suite = """
        import time
        def test_quick(): pass
        def test_slow(): time.sleep(60)
    """
    write_suite(tmp_path, test_kill=suite)
    with subprocess.Popen(
        pytest_command("--tracetui"), cwd=tmp_path, env=clean_environment(), stdout=subprocess.DEVNULL
    ) as process:
        while "test_slow" not in "".join(path.read_text() for path in tmp_path.glob("spans/live/*")):
            assert process.poll() is None
            time.sleep(0.02)
        while "call" not in _names_open(tmp_path / "spans"):
            time.sleep(0.02)
        process.kill()
    assert _names_open(tmp_path / "spans") == [tmp_path.name, "test_kill.py::test_slow", "call"]


def _names_open(directory: Path) -> list[str]:
    ended = {span.id for span in spans_in(directory)}
    return [start.attributes["tracetui.span.name"] for start in starts_in(directory) if start.id not in ended]


def test_a_timeout_that_exits_at_once_loses_nothing_that_ended(tmp_path: Path) -> None:
    """pytest-timeout ends the process by `os._exit`: the open test is known, the rest is whole."""
    suite = """
        import time
        def test_quick(): pass
        def test_slow(): time.sleep(60)
    """
    write_suite(tmp_path, test_timeout=suite)
    run_pytest(tmp_path, "--tracetui", "--timeout=1", "--timeout-method=thread")
    assert [span.name for span in with_role(spans_in(tmp_path / "spans"), "test")] == [
        "test_timeout.py::test_quick"
    ]
    assert _names_open(tmp_path / "spans")[1:] == ["test_timeout.py::test_slow", "call"]


def test_of_several_attempts_the_last_one_counts(tmp_path: Path) -> None:
    """Where a plugin runs a test again, all attempts' phases are in its one span, and the last decides."""
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
    (test,) = with_role(spans, "test")
    assert (test.attributes["pytest.outcome"], test.status) == ("passed", 1)
    assert "error.type" not in test.attributes
    assert len(with_role(spans, "phase")) == 6


def test_a_fault_of_ours_fails_no_test(tmp_path: Path) -> None:
    """Where our own code raises, the test runs untraced, and the fault is told at the end."""
    conftest = """
        def pytest_sessionstart():
            from tracetui.tracing.pytest import plugin
            def broken(item): raise RuntimeError("our mistake")
            plugin.item_attributes = broken
    """
    write_suite(tmp_path, conftest=conftest, test_good="def test_good(): pass")
    result = run_pytest(tmp_path, "--tracetui")
    assert result.returncode == 0
    assert "1 faults of tracetui itself (RuntimeError: our mistake)" in result.stdout


def test_a_path_after_the_option_is_not_taken_for_a_directory(tmp_path: Path) -> None:
    """`pytest --tracetui test_x.py` would write spans to a test file: it says what to write instead."""
    write_suite(tmp_path, test_one="def test_one(): pass")
    for path in ("test_one.py", "test_one.py::test_one"):
        result = run_pytest(tmp_path, "--tracetui", path)
        assert result.returncode == 4
        assert "--tracetui=DIR" in result.stderr

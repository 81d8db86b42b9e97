"""Runs that end early, by whatever hand: what is known of them, and what is whole."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.running import tracetui
from tests.processes import started
from tests.tracing.recording import (
    pytest_command,
    pytest_environment,
    run_pytest,
    spans_in,
    starts_in,
    with_role,
    write_suite,
)


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


@pytest.mark.parametrize("options", [["-x"], ["--maxfail=1"], ["-x", "-n2"], ["--maxfail=1", "-n2"]])
def test_a_run_that_its_failed_tests_stopped_failed_by_these(tmp_path: Path, options: list[str]) -> None:
    """Under xdist too, whose controller calls that an interruption: the tests are all that failed."""
    tests = "def test_bad(): assert 0\n" + "".join(f"def test_{number}(): pass\n" for number in range(4))
    write_suite(tmp_path, test_stopped=tests)
    ended = run_pytest(tmp_path, "--tracetui", *options).returncode
    assert ended == (2 if "-n2" in options else 1)
    spans = spans_in(tmp_path / "spans")
    (suite,) = with_role(spans, "suite")
    said = suite.attributes["test.suite.run.status"], suite.attributes["pytest.exitstatus"]
    assert said == ("failure", ended)
    failed = [span.name for span in with_role(spans, "test") if span.attributes["pytest.outcome"] != "passed"]
    assert failed == ["test_stopped.py::test_bad"]


def test_a_killed_run_leaves_what_it_was_at(tmp_path: Path) -> None:
    """kill -9 during a test: suite, test and phase are known to have begun, what ended before is whole."""
    suite = """
        import time
        def test_quick(): pass
        def test_slow(): time.sleep(60)
    """
    write_suite(tmp_path, test_kill=suite)
    with started(
        pytest_command("--tracetui"), cwd=tmp_path, env=pytest_environment(), stdout=subprocess.DEVNULL
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
    # A suite tells of itself again, once it knows how many tests it has.
    starts = {start.id: start for start in starts_in(directory) if start.id not in ended}
    return [start.attributes["tracetui.span.name"] for start in starts.values()]


@pytest.mark.parametrize(
    ("hook", "body", "exit_status"),
    [
        ("pytest_sessionstart(session)", "raise RuntimeError('no database')", 3),
        ("pytest_collection_modifyitems(items)", "raise RuntimeError('no order')", 3),
        ("pytest_runtestloop(session)", "raise RuntimeError('no loop')", 3),
        ("pytest_runtest_protocol(item)", "raise RuntimeError('no test')", 3),
        ("pytest_runtest_logreport(report)", "raise RuntimeError('no report')", 3),
        ("pytest_sessionfinish(session)", "raise RuntimeError('no upload')", 1),
        ("pytest_sessionfinish(session)", "raise SystemExit(11)", 11),
        ("pytest_terminal_summary(terminalreporter)", "raise RuntimeError('no summary')", 1),
    ],
)
def test_a_hook_that_ends_the_run_is_its_cause(
    tmp_path: Path, hook: str, body: str, exit_status: int
) -> None:
    """Pytest's own hooks too: the run has the exit status of the process, and names hook and exception."""
    write_suite(tmp_path, test_a="def test_a(): pass", conftest=f"def {hook}: {body}")
    assert run_pytest(tmp_path, "--tracetui").returncode == exit_status
    spans = spans_in(tmp_path / "spans")
    (suite_span,) = with_role(spans, "suite")
    assert suite_span.attributes["pytest.exitstatus"] == exit_status
    assert suite_span.attributes["test.suite.run.status"] == "failure"
    failed = [span for span in with_role(spans, "hook") if span.attributes["pytest.outcome"] == "error"]
    named = "collection" if "collection" in hook else hook.partition("(")[0]
    assert named in {span.name for span in failed}
    assert "raise" in str([span.exceptions for span in failed])
    assert ("!1 error" if "protocol" in hook else "✗suite failed") in run_shown(tmp_path / "spans")


@pytest.mark.parametrize("options", [(), ("-n1",)], ids=["alone", "xdist"])
def test_a_hook_that_fails_after_the_end_turns_the_run_red(tmp_path: Path, options: tuple[str, ...]) -> None:
    """The suite has ended well by then, and the process does not."""
    raising = """
        import os
        def pytest_unconfigure():
            if "PYTEST_XDIST_WORKER" not in os.environ: raise OSError(1)
    """
    write_suite(tmp_path, test_a="def test_a(): pass", conftest=raising)
    assert run_pytest(tmp_path, "--tracetui", *options).returncode == 1
    spans = spans_in(tmp_path / "spans")
    (suite_span,), (hook,) = with_role(spans, "suite"), [one for one in spans if "unconfigure" in one.name]
    assert suite_span.attributes["test.suite.run.status"] == "success"
    assert (hook.parent, hook.attributes["pytest.outcome"]) == (suite_span.id, "error")
    assert "raise OSError(1)" in str(hook.exceptions)
    assert "✗1 failure outside tests" in run_shown(tmp_path / "spans")
    assert starts_in(tmp_path / "spans") == []


def test_a_hook_that_ends_the_process_well_after_the_end_fails_nothing(tmp_path: Path) -> None:
    """`sys.exit(0)` in `pytest_unconfigure`: all that was to be written is."""
    write_suite(
        tmp_path, test_a="def test_a(): pass", conftest="def pytest_unconfigure(): raise SystemExit(0)"
    )
    assert run_pytest(tmp_path, "--tracetui").returncode == 0
    assert [one.name for one in spans_in(tmp_path / "spans") if "unconfigure" in one.name] == []
    assert starts_in(tmp_path / "spans") == []


@pytest.mark.parametrize(
    ("body", "exit_status"),
    [("raise pytest.UsageError('no such option')", 4), ("pytest.exit('no device', returncode=9)", 9)],
)
def test_a_run_that_does_not_start_has_the_exit_status_of_its_process(
    tmp_path: Path, body: str, exit_status: int
) -> None:
    """Pytest knows it, though it never calls `pytest_sessionfinish` then."""
    conftest = f"import pytest\ndef pytest_sessionstart(session): {body}"
    write_suite(tmp_path, test_a="def test_a(): pass", conftest=conftest)
    assert run_pytest(tmp_path, "--tracetui").returncode == exit_status
    (suite_span,) = with_role(spans_in(tmp_path / "spans"), "suite")
    assert suite_span.attributes["pytest.exitstatus"] == exit_status


def test_a_hook_that_leaves_with_success_fails_nothing(tmp_path: Path) -> None:
    """`sys.exit(0)` at the end of a run that passed: it did."""
    conftest = "def pytest_sessionfinish(session): raise SystemExit(0)"
    write_suite(tmp_path, test_a="def test_a(): pass", conftest=conftest)
    assert run_pytest(tmp_path, "--tracetui").returncode == 0
    (suite_span,) = with_role(spans_in(tmp_path / "spans"), "suite")
    assert suite_span.attributes["test.suite.run.status"] == "success"


def run_shown(directory: Path) -> str:
    """The first line of a page about it."""
    return tracetui("waterfall", directory).stdout.decode().partition("\n")[0]

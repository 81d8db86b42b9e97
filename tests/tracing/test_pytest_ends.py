"""Runs that end early, by whatever hand: what is known of them, and what is whole."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest

from tests.tracing.recording import (
    clean_environment,
    pytest_command,
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

"""A pytest that a run starts outside its tests: a hook of that run, whose tests are none of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.recordings import recorded
from tests.tracing.recording import run_pytest, with_role, write_suite
from tests.tracing.recording import spans_in as written
from tracetui.model.role import Outcome, Role

RUN = """
import os, subprocess, sys, pytest
INNER = os.environ["INNER"]
ARGUMENTS = [INNER, "-q", "--rootdir", INNER, "--confcutdir", INNER, "-p", "tracetui"]
def run():
    if {is_process}:
        assert subprocess.run([sys.executable, "-m", "pytest", *ARGUMENTS]).returncode == 1
    else:
        assert pytest.main(ARGUMENTS) == 1
"""
EVERYWHERE = """
def pytest_sessionstart(session): run()
def pytest_sessionfinish(session): run()
def pytest_collection_modifyitems(items): run()
def pytest_report_header(config): run()
"""
MODULE = """
from conftest import run
run()
def test_outer(): pass
"""


def inner(tmp_path: Path) -> dict[str, str]:
    """Where the inner run is, two tests of which one fails, as the environment of the outer one."""
    directory = tmp_path / "inner"
    directory.mkdir()
    (directory / "test_inner.py").write_text("def test_a(): pass\ndef test_b(): assert 0\n")
    return {"INNER": str(directory), "TRACETUI_DIR": str(tmp_path / "spans")}


@pytest.mark.parametrize("is_process", [True, False], ids=["process", "main"])
def test_its_tests_are_none_of_the_run(tmp_path: Path, is_process: bool) -> None:
    """Whoever starts it, any of four hooks or a module that is imported; each draws as a hook of the run."""
    outer = tmp_path / "outer"
    outer.mkdir()
    write_suite(outer, conftest=RUN.format(is_process=is_process) + EVERYWHERE, test_all=MODULE)
    result = run_pytest(outer, env=inner(tmp_path))
    assert result.returncode == 0, result.stdout
    found = recorded(tmp_path / "spans")
    summary = found.summary
    assert (summary.tests, summary.suites, summary.nested) == (1, 1, 10)
    assert (summary.outcomes, summary.state, len(found.runs)) == ({Outcome.PASSED: 1}, "ended", 1)
    hooks = [found.snapshot.title(int(row)) for row in (found.snapshot.role == Role.HOOK).nonzero()[0]]
    assert hooks.count("pytest inner") == 5


def test_workers_of_a_run_are_no_inner_runs(tmp_path: Path) -> None:
    """They are started outside its tests too; one that a worker starts is one."""
    outer = tmp_path / "outer"
    outer.mkdir()
    hook = "def pytest_sessionstart(session): 'workerinput' in vars(session.config) and run()"
    write_suite(outer, conftest=RUN.format(is_process=True) + hook, test_all="def test_outer(): pass")
    result = run_pytest(outer, "-n1", env=inner(tmp_path))
    assert result.returncode == 0, result.stdout
    summary = recorded(tmp_path / "spans").summary
    assert (summary.tests, summary.suites, summary.nested) == (1, 1, 2)


def test_the_environment_is_what_it_was_afterwards(tmp_path: Path) -> None:
    """Outside its tests the run is named, within a test that test, and once it is over nothing."""
    test = """
        import os
        AROUND = os.environ["TRACETUI_PARENT"]
        def test_one(): assert os.environ["TRACETUI_PARENT"] not in ("", AROUND)
        def test_two(): assert os.environ["TRACETUI_PARENT"] not in ("", AROUND)
    """
    conftest = """
        import os
        def pytest_unconfigure(config): print("left:", os.environ.get("TRACETUI_PARENT"))
    """
    write_suite(tmp_path, conftest=conftest, test_all=test)
    result = run_pytest(tmp_path, "--tracetui", "-s")
    assert "left: None" in result.stdout
    (suite,) = with_role(written(tmp_path / "spans"), "suite")
    assert suite.attributes["pytest.exitstatus"] == 0

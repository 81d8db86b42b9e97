"""Only the tests that a file names are collected and run, whatever the command line says."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.tracing.recording import run_pytest, spans_in, with_role, write_suite

SUITE = """
    import pytest
    @pytest.mark.parametrize("n", ["x", "y z"])
    def test_many(n):
        pass
    def test_one():
        pass
    @pytest.mark.xdist_group("slow")
    def test_grouped():
        pass
"""


def ran(suite: Path, wanted: Sequence[str], *arguments: str, code: int = 0) -> list[str]:
    """The tests in the trace of a run."""
    (suite / "only.json").write_text(json.dumps(list(wanted)))
    told = {"TRACETUI_ONLY": str(suite / "only.json")}
    result = run_pytest(suite, "--tracetui=spans", "-p", "xdist", *arguments, env=told)
    assert result.returncode == code, result.stdout + result.stderr
    tests = with_role(spans_in(suite / "spans"), "test") if (suite / "spans").exists() else []
    return sorted(str(test.attributes["pytest.nodeid"]) for test in tests)


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A file of four tests, one that cannot be imported, and one in a folder."""
    write_suite(tmp_path, test_first=SUITE, test_broken="import nothing_of_that_name")
    (tmp_path / "more").mkdir()
    write_suite(tmp_path / "more", test_second="def test_other(): pass")
    return tmp_path


def test_only_those_are_collected_and_run(suite: Path) -> None:
    """Of a file that breaks, in which none of them is, nothing is heard."""
    wanted = ["test_first.py::test_many[y z]", "more/test_second.py::test_other", "test_gone.py::test_x"]
    assert ran(suite, wanted) == ["more/test_second.py::test_other", "test_first.py::test_many[y z]"]


def test_workers_run_only_those_too(suite: Path) -> None:
    """Also by the name that `--dist loadgroup` gives them."""
    wanted = ["test_first.py::test_grouped@slow", "test_first.py::test_one"]
    found = ran(suite, wanted, "-n", "1", "--dist=loadgroup")
    assert found == ["test_first.py::test_grouped", "test_first.py::test_one"]


def test_where_there_are_none_nothing_runs(suite: Path) -> None:
    """Which is what pytest calls it; and a file that is none is wrong use."""
    assert ran(suite, ["test_gone.py::test_x"], code=pytest.ExitCode.NO_TESTS_COLLECTED) == []
    result = run_pytest(suite, env={"TRACETUI_ONLY": str(suite / "nowhere.json")})
    assert result.returncode == pytest.ExitCode.USAGE_ERROR
    assert "TRACETUI_ONLY" in result.stderr

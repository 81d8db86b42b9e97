"""Recipes of `tracetui help runners` that need nothing from npm: Python, Make, the steps of a job."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import environment
from tests.runners.running import RECIPES, Opened, opened, recorded
from tracetui.analysis.study.findings import study
from tracetui.model.role import Role

DEPOT = """
import unittest
class Depot(unittest.TestCase):
    def test_opens(self):
        pass
    def test_closes(self):
        self.fail("it is open")
"""
MAKEFILE = """
check: lint unit
lint:
	@true
unit:
	@tracetui exec -- python -m tracetui.tracing.unittest discover
"""
OUTCOMES = [("test_depot.Depot.test_closes", "failed"), ("test_depot.Depot.test_opens", "passed")]


@pytest.fixture
def depot(tmp_path: Path) -> Path:
    """A directory with tests of unittest, and a Makefile that runs them."""
    (tmp_path / "test_depot.py").write_text(DEPOT)
    (tmp_path / "Makefile").write_text(MAKEFILE)
    return tmp_path


def above(found: Opened, row: int) -> list[str]:
    """The titles of what a span stands in, from the inside."""
    parent = int(found.snapshot.parent_row[row])
    return [] if parent < 0 else [found.snapshot.title(parent), *above(found, parent)]


@pytest.mark.skipif(not shutil.which("make"), reason="no make here")
@pytest.mark.parametrize("around", ["", f"00-{'a' * 32}-{'b' * 16}-01"], ids=["alone", "within a test"])
def test_make(depot: Path, around: str) -> None:
    """A command within a recipe is a suite of its own below Make's, and all of it is one run.

    Also where a traced test calls it, which is then named to all of them, and is not in the recording.
    """
    found = recorded(depot, RECIPES["Make"], around)
    assert found.ran.returncode == 2
    assert found.outcomes(Role.TEST) == OUTCOMES
    for row in found.rows(Role.TEST):
        assert above(found, row) == [depot.name, "unittest", "make"]
    assert len(study(found.snapshot, 0).runs) == 1


def test_steps_of_github_actions(depot: Path) -> None:
    """Each step is a command of its own; the id of the run makes one of them."""
    job = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_RUN_ID": "4711",
        "GITHUB_RUN_ATTEMPT": "1",
        "GITHUB_JOB": "test",
        "GITHUB_REPOSITORY": "someone/shop",
        "GITHUB_SERVER_URL": "https://example.org",
        "TRACETUI_DIR": str(depot / "spans"),
    }
    for step in (["true"], [sys.executable, "-m", "tracetui.tracing.unittest", "discover"]):
        command = [sys.executable, "-m", "tracetui", "exec", "--", *step]
        subprocess.run(command, cwd=depot, env=environment(**job), capture_output=True, check=False)
    found = opened(depot / "spans")
    assert found.outcomes(Role.TEST) == OUTCOMES
    assert {title for title, _ in found.outcomes(Role.SUITE)} == {"true", "unittest", depot.name}
    assert len(study(found.snapshot, 0).runs) == 1


def test_pytest_and_unittest(depot: Path) -> None:
    """Both write their spans themselves, and a command around them is their suite."""
    recipe = "python -m pytest -q -p no:cacheprovider test_depot.py"
    for command, names in (
        (
            recipe,
            [
                (f"test_depot.py::Depot::{name}", outcome)
                for name, outcome in (("test_closes", "failed"), ("test_opens", "passed"))
            ],
        ),
        ("python -m tracetui.tracing.unittest discover", OUTCOMES),
    ):
        shutil.rmtree(depot / "spans", ignore_errors=True)
        found = recorded(depot, command)
        assert found.outcomes(Role.TEST) == names
        assert found.ran.returncode == 1
        assert b"wrote its spans itself" in found.ran.stderr

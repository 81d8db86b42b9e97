"""`kill -9` at any moment of a load: nothing is lost, and nothing is there twice."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.budgets import examples


def survived(url: str, directory: Path, rounds: int, seed: int) -> None:
    directory.mkdir()
    command = [sys.executable, "-m", "tests.fleet.killed", url, str(directory), str(rounds), str(seed)]
    ran = subprocess.run(command, capture_output=True, check=False, cwd=Path(__file__).parents[2])
    assert (ran.returncode, ran.stdout) == (0, f"{rounds}\n".encode()), ran.stderr.decode()


@pytest.mark.parametrize("kind", ["lake", "duckdb"])
def test_a_few_kills(kind: str, tmp_path: Path) -> None:
    """At every push."""
    survived(f"{kind}://{tmp_path}/store.db", tmp_path / "spans", examples(2), seed=1)


@pytest.mark.nightly
@pytest.mark.parametrize("kind", ["lake", "duckdb"])
def test_a_hundred_kills(kind: str, tmp_path: Path) -> None:
    """Every night."""
    survived(f"{kind}://{tmp_path}/store.db", tmp_path / "spans", 100, seed=2)

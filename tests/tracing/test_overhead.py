"""Measuring what tracing costs one's own suite: a small table of what was seen, or why there is none."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import ONLY_OURS, environment
from tracetui.tracing.overhead import Cost, Overhead, Spread, told

TESTS = """
import pytest

@pytest.mark.parametrize("number", range(7))
def test_passes(number):
    pass

def test_fails():
    raise AssertionError
"""


def measured(directory: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """The command on a small suite."""
    (directory / "test_it.py").write_text(TESTS)
    command = [sys.executable, "-m", "tracetui.tracing.overhead", *arguments]
    return subprocess.run(
        command, cwd=directory, env=environment(**ONLY_OURS), capture_output=True, text=True, check=False
    )


def test_it_ends_in_a_table(tmp_path: Path) -> None:
    """All tests are counted once, red ones too; each pair is told of while it goes on; nothing is left."""
    ran = measured(tmp_path, "--pairs", "1", "-q", "-p", "no:cacheprovider")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("8 tests, 1 pair of runs, medians\n")
    assert len(re.findall(r"^(?:before the first pair|pair 1 of 1): ", ran.stderr, re.MULTILINE)) == 2
    clock, processor = ran.stdout.splitlines()[2:]
    assert re.fullmatch(r"time on the clock  \S+ s +\S+ s +[+-]\S+% +[+-]\S+% to [+-]\S+%", clock)
    assert re.fullmatch(r"processor time +\S+ s +\S+ s +\S+ ms a test +\S+ to \S+ ms a test", processor)
    assert {path.name for path in tmp_path.iterdir()} <= {"test_it.py", "__pycache__"}


@pytest.mark.parametrize(
    ("options", "why"), [(["--no-such-option"], "exit code 4"), (["-k", "nobody"], "exit code 5")]
)
def test_without_tests_there_is_nothing_to_tell(tmp_path: Path, options: list[str], why: str) -> None:
    """Who gives wrong options is told so, and not how long that took."""
    ran = measured(tmp_path, "--pairs", "1", *options)
    assert ran.returncode == 1
    assert not ran.stdout
    assert f"pytest ran no tests, {why}: " in ran.stderr


def test_numbers() -> None:
    """Medians and quartiles, by their values."""
    assert Spread.of([4, 1, 2, 3, 5]) == Spread(3, 2, 4)
    assert Spread.of([7]) == Spread(7, 7, 7)
    cost = Overhead(5, Cost(2.0, 1.5), Cost(2.08, 1.6), Spread(0.04, 0.03, 0.052), Spread(0.1, 0.09, 0.12))
    assert told(cost, 200) == (
        "200 tests, 5 pairs of runs, medians\n"
        "                   without  with tracing  more            half of the pairs\n"
        "time on the clock  2.00 s   2.08 s        +4.0%           +3.0% to +5.2%\n"
        "processor time     1.50 s   1.60 s        +0.50 ms a test  +0.45 to +0.60 ms a test\n"
    ).replace("more            half", "more             half").replace(
        "+4.0%           +", "+4.0%            +"
    )

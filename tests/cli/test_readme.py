"""What README promises is what there is."""

import re
import shlex
from pathlib import Path

import pytest

from tests.cli.running import EVERGREEN, answer, tracetui
from tracetui.report.drawing.style import MARKS
from tracetui.ui.keys.keys import HELP

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


@pytest.mark.parametrize(
    "verb", ["waterfall", "top", "lanes", "check", "ledger", "plan --workers 2", "advise"]
)
def test_the_schemas_are_those_of_the_verbs(verb: str) -> None:
    """Each key that README gives for a verb's JSON is printed, and no other."""
    verb, *options = verb.split()
    (promised,) = re.findall(rf'{{"schema": "tracetui.{verb}/1".*?\n(?={{|```)', README, re.DOTALL)
    found = answer(verb, EVERGREEN, *options)
    keys = [*found, *(found["rows"][0] if "rows" in found else ("file", "offset", "reason"))]
    assert re.findall(r'"([a-z0-9_]+)"(?=[:,}\n])(?!/)', promised.replace('"test"', "")) == keys


@pytest.mark.parametrize(
    "verb",
    [
        "waterfall",
        "top",
        "lanes",
        "check",
        "ledger",
        "critical-path",
        "plan",
        "export",
        "report",
        "open",
        "watch",
        "demo",
        "advise",
    ],
)
def test_every_option_is_in_the_readme(verb: str) -> None:
    """README names every option that a command's help does."""
    help_ = tracetui(verb, "--help").stdout.decode()
    options = set(re.findall(r"(?<!\w)(--?[a-z]+)\b", help_)) - {"-h", "--help"}
    assert {option for option in options if option not in README} == set()


def test_the_commands_that_hand_over_run(tmp_path: Path) -> None:
    """Each as it stands there, on a recording of that name: exit code 0, and the file it names."""
    (tmp_path / "spans").symlink_to(EVERGREEN)
    section = README.partition("\n## Hand over\n")[2].partition("\n## ")[0]
    commands = re.findall(r"^tracetui (.*)$", section, re.MULTILINE)
    assert len(commands) >= 3
    for command in commands:
        words = shlex.split(command)
        ran = tracetui(*words, cwd=tmp_path)
        assert ran.returncode == 0, (command, ran.stderr)
        assert not ran.stdout if "-o" in words else ran.stdout
        assert "-o" not in words or (tmp_path / words[words.index("-o") + 1]).is_file()


def test_every_mark_is_in_the_readme() -> None:
    """README explains each mark of an outcome."""
    assert {mark for mark in MARKS.values() if f"`{mark}`" not in README} <= {" "}


def test_every_action_is_in_the_readme() -> None:
    """README lists each id that a keymap can name, and no other."""
    rows = re.findall(r"^\| `(\w+)` \| (`\w+`(?: `\w+`)*) \|$", README, re.MULTILINE)
    listed = [f"{group}.{name}" for group, names in rows for name in re.findall(r"\w+", names)]
    assert sorted(listed) == sorted({key.id for _, keys in HELP for key in keys if key.keys})


def test_ci_runs_the_very_test_command_of_the_readme() -> None:
    """There is one test command in README, and `.ci/run` looks for it there."""
    pattern = r"\.venv/bin/python -m pytest.*"
    assert len(re.findall(pattern, README)) == 1
    assert pattern in (ROOT / ".ci" / "run").read_text()

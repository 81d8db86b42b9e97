"""A shell completes commands, options and their values."""

import shutil
import subprocess

import pytest

from tests.cli.completing import completions
from tests.cli.running import in_a_process
from tracetui.cli.completion import SHELLS, VARIABLE


def test_what_is_completed() -> None:
    """Commands, options of a command, and the values of an option."""
    assert completions("tracetui", "crit") == ["critical-path"]
    assert "--max-test" in completions("tracetui", "gate", "--max-")
    assert completions("tracetui", "top", "--by", "arch") == ["archiver"]


@pytest.mark.parametrize("shell", SHELLS)
def test_what_a_shell_evaluates(shell: str) -> None:
    """It is a program of that shell, where there is one, and asks us by our variable."""
    ran = in_a_process("completion", shell)
    assert ran.returncode == 0
    assert VARIABLE.encode() in ran.stdout
    if shutil.which(shell):
        checked = subprocess.run([shell, "-n"], input=ran.stdout, capture_output=True, check=False)
        assert (checked.returncode, checked.stderr) == (0, b"")

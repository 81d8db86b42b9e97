"""What a shell offers."""

import subprocess
import sys

from tests.cli.running import environment
from tracetui.cli.completion import VARIABLE


def completions(*words: str) -> list[str]:
    """What bash offers for the last of some words."""
    asked = {VARIABLE: "bash_complete", "COMP_WORDS": " ".join(words), "COMP_CWORD": str(len(words) - 1)}
    command = [sys.executable, "-m", "tracetui"]
    ran = subprocess.run(command, capture_output=True, check=False, env=environment(**asked))
    assert (ran.returncode, ran.stderr) == (0, b"")
    return [line.partition(",")[2] for line in ran.stdout.decode().splitlines()]

"""A command in a fork is the command in a process of its own, to the byte."""

from itertools import product
from pathlib import Path

import pytest

from tests.budgets import some
from tests.cli.forks import VERBS, run_tracetui_forked
from tests.cli.running import EVERGREEN, environment, in_a_process, tracetui

# Of several files it is a matter of time which is read first, and `check` names what it saw in that order.
ONE_FILE = EVERGREEN / "metrics1.json"


WAYS = ((ONE_FILE,), (ONE_FILE, "--format", "json"), ("/nowhere",), ("--help",))


@pytest.mark.parametrize(("verb", "arguments"), some(product(VERBS, WAYS), 7))
def test_a_fork_says_what_a_process_says(verb: str, arguments: tuple[object, ...], tmp_path: Path) -> None:
    command = [verb, *map(str, arguments)]
    if verb == "prune":
        command = [verb, str(tmp_path), *command[2:], "--keep", "1"]
    forked, alone = (
        run_tracetui_forked(command, tmp_path, environment()),
        in_a_process(*command, cwd=tmp_path),
    )
    assert (forked.returncode, forked.stdout, forked.stderr) == (alone.returncode, alone.stdout, alone.stderr)


@pytest.mark.parametrize(
    "words", some([("ingest", str(EVERGREEN)), ("slowest",), ("history",), ("sql", "flaky")], 2)
)
def test_a_fork_with_engines_says_what_a_process_says(words: tuple[str, ...], tmp_path: Path) -> None:
    """To a store in the directory of each, which the same command has filled."""
    pytest.importorskip("ibis", reason="needs: pip install -e '.[fleet]'")
    for side in ("forked", "alone"):
        (tmp_path / side).mkdir()
        filled = tracetui("fleet", "ingest", EVERGREEN, "--store", "lake://lake", cwd=tmp_path / side)
        assert filled.returncode == 0
    command = ["fleet", *words, "--store", "lake://lake"]
    forked = run_tracetui_forked(command, tmp_path / "forked", environment())
    alone = in_a_process(*command, cwd=tmp_path / "alone")
    assert (forked.returncode, forked.stdout, forked.stderr) == (alone.returncode, alone.stdout, alone.stderr)
    assert (forked.returncode, bool(forked.stdout)) == (0, True)


def test_a_fork_leaves_nothing_to_the_next(tmp_path: Path) -> None:
    """Neither variables nor the directory."""
    wide = run_tracetui_forked(["top", str(ONE_FILE)], tmp_path, environment(COLUMNS="60"))
    again = run_tracetui_forked(["top", str(ONE_FILE)], None, environment())
    assert wide.stdout != again.stdout
    assert again.stdout == in_a_process("top", ONE_FILE).stdout

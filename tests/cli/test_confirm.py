"""`tracetui confirm` on a real repository: what is real is confirmed, what was chance is not."""

import json
import signal
import sys
import textwrap
import time
from pathlib import Path

import pytest

from tests.cli.running import environment, in_a_process
from tests.processes import PATIENCE_S, is_alive, started
from tests.rerun.repository import COMMAND, git, repository


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept of recordings is kept there."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def made(tmp_path: Path) -> Path:
    (tmp_path / "tmp").mkdir()
    return repository(tmp_path / "made")


def test_a_planted_change_is_confirmed(made: Path) -> None:
    """From one whole run on either side to a verdict; nothing is left of it."""
    tmp = made.parent / "tmp"
    ran = in_a_process(
        "confirm", "one", "two", "--run", COMMAND, "--format", "json", cwd=made, TMPDIR=str(tmp)
    )
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert told["schema"] == "tracetui.confirm/1"
    (slow,) = told["rows"]
    assert (slow["name"], slow["verdict"], slow["n_base"], slow["n_new"]) == ("slow", "slower", 4, 4)
    assert slow["p"] == pytest.approx(2 / 70)
    assert slow["ratio"] == pytest.approx(3, rel=0.01)
    assert (told["rounds"], told["suspects"], told["confirmed"]) == (4, 1, 1)
    said = ran.stderr.decode().splitlines()
    assert said[0].startswith("the whole suite once: base ")
    assert said[-1].startswith("round 4 of 4: base ")
    assert not list(tmp.iterdir())
    assert len(git(made, "worktree", "list").splitlines()) == 1


def test_suspects_of_a_comparison_and_their_recordings(made: Path) -> None:
    """Only these are run, as often as wanted; what is kept can be compared again."""
    head = {"schema": "tracetui.compare/1", "suite_ns": 9, "workers": 1}
    row = {"kind": "test", "verdict": "suspect", "ratio": 1.5, "added_ns": 50, "base_ns": 100, "new_ns": 150}
    rows = [row | {"name": "chance"}, row | {"name": "slow", "added_ns": 400}]
    (made / "compare.json").write_text(json.dumps(head | {"rows": rows}))
    options = ["--suspects", "compare.json", "--rounds", 5, "--keep", "kept", "--width", 72]
    ran = in_a_process("confirm", "one", "two", "--run", COMMAND, *options, cwd=made)
    assert ran.returncode == 0, ran.stderr
    page = ran.stdout.decode().splitlines()
    assert page[0] == "1 slower (+400ms)"
    assert page[1].startswith("5 rounds of 2 tests on both revisions in ")
    assert any(line.startswith("confirmed ") for line in page)
    (chance,) = (line for line in page if line.startswith("chance"))
    assert chance.split()[1] == "same"
    assert page[-1] == "recordings: tracetui compare kept/base -- kept/new"
    again = in_a_process("compare", "kept/base", "--", "kept/new", "--format", "json", cwd=made)
    told = json.loads(again.stdout)
    assert (told["base_runs"], told["new_runs"], len(told["rows"])) == (5, 5, 2)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_leaves_nothing_behind(made: Path, number: signal.Signals) -> None:
    """No worktree, no file, no process; the exit code says why."""
    tmp = made.parent / "tmp"
    sleeper = made / "sleeper.py"
    pid, run = tmp.parent / "pid", f"{sys.executable} {sleeper}"
    sleeper.write_text(f"import os, time\nopen({str(pid)!r}, 'w').write(str(os.getpid()))\ntime.sleep(99)\n")
    command = [sys.executable, "-m", "tracetui", "confirm", "one", "two", "--run", run]
    with started(command, cwd=made, env=environment(TMPDIR=str(tmp))) as process:
        until = time.monotonic() + PATIENCE_S
        while not (pid.exists() and pid.read_text()):
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.05)
        process.send_signal(number)
        process.wait(PATIENCE_S)
    assert process.returncode == 128 + number
    assert not list(tmp.iterdir())
    assert len(git(made, "worktree", "list").splitlines()) == 1
    # It was killed; whoever has it now waits for it in its own time.
    until = time.monotonic() + PATIENCE_S
    while is_alive(int(pid.read_text())):
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["one", "two", "--run", "true"], "no trace came of the command (it said nothing)"),
        (["one", "nowhere", "--run", COMMAND], "nowhere: no such revision here"),
        (["one", "one", "--run", COMMAND], "no test stands out in one run of either revision"),
        (["one", "two", "--run", COMMAND, "--suspects", "took.py"], "took.py: no comparison; write one: "),
    ],
)
def test_wrong_use_says_what_to_do(made: Path, arguments: list[str], says: str) -> None:
    """In one line."""
    ran = in_a_process("confirm", *arguments, cwd=made)
    assert ran.returncode in (1, 2)
    assert says in ran.stderr.decode().splitlines()[-1]


@pytest.mark.nightly
def test_a_slow_function_of_a_real_suite_is_confirmed(tmp_path: Path) -> None:
    """By pytest and its recordings: of two revisions, in one of which a function sleeps longer."""
    made = tmp_path / "made"
    made.mkdir()
    git(made, "init", "-q", "-b", "main")
    (made / "conftest.py").write_text("")
    (made / "test_lib.py").write_text(
        textwrap.dedent("""
            import lib, pytest
            @pytest.mark.parametrize("n", range(12))
            def test_other(n):
                lib.other()
            def test_slow():
                lib.slow()
        """)
    )
    for seconds in (0.02, 0.1):
        code = f"import time\ndef other(): time.sleep(0.02)\ndef slow(): time.sleep({seconds})\n"
        (made / "lib.py").write_text(code)
        git(made, "add", "-A")
        git(made, "commit", "-qm", "more")
    run = f"{sys.executable} -m pytest -q -p no:randomly -p no:cacheprovider"
    ran = in_a_process("confirm", "HEAD~1", "HEAD", "--run", run, "--format", "json", cwd=made)
    assert ran.returncode == 0, ran.stderr
    verdicts = {row["name"]: row["verdict"] for row in json.loads(ran.stdout)["rows"]}
    assert verdicts["test_lib.py::test_slow"] == "slower"

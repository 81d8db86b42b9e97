"""`tracetui run`: pytest's own ways, and one line for what cannot be run."""

from pathlib import Path

import pytest

from tests.cli.running import answer, tracetui

DEMO = Path(__file__).parents[2] / "tracetui" / "demo" / "suite.toml"


def test_the_demo_suite_runs_on_two_workers(tmp_path: Path) -> None:
    """Its tests pass, and the trace is where it was wanted."""
    ran = tracetui(
        "run", DEMO, "-j", "2", "--spans", tmp_path / "kept", "--", "-p", "no:randomly", cwd=tmp_path
    )
    assert ran.returncode == 0, ran.stdout
    assert b"3 passed" in ran.stdout
    # A stranger who runs it in a clone has not what the clone's own tests want of pytest.
    assert f"rootdir: {DEMO.parent}".encode() in ran.stdout
    assert b"configfile: pytest.ini" in ran.stdout
    counted = answer("check", tmp_path / "kept")
    assert counted["outcomes"] == {"passed": 3}
    assert counted["roles"]["worker"] == 2


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        ([], 1, b"1 failed, 1 passed"),
        (["--", "-k", "good"], 0, b"1 passed"),
        (["--", "-k", "no"], 5, b"deselected"),
    ],
)
def test_the_exit_code_is_pytests(tmp_path: Path, options: list[str], code: int, said: bytes) -> None:
    """Failed, passed, nothing chosen; what comes after -- is pytest's."""
    suite = tmp_path / "x.toml"
    suite.write_text('[[test]]\nname = "good"\ncommand = "true"\n[[test]]\nname = "bad"\ncommand = "false"\n')
    ran = tracetui(
        "run", suite, *options, cwd=tmp_path, TRACETUI_DIR="there", PYTEST_DISABLE_PLUGIN_AUTOLOAD="1"
    )
    assert ran.returncode == code, ran.stdout
    assert said in ran.stdout
    assert list((tmp_path / "there").glob("*.jsonl"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["no.toml"], "tracetui: no.toml: no such suite file"),
        (["file.yml"], "tracetui: file.yml: the name of a suite file ends in .toml"),
        (["x.toml", "-j", "many"], "tracetui: -j many: write a number of workers, or auto"),
    ],
)
def test_what_cannot_be_run_is_one_line(tmp_path: Path, arguments: list[str], message: str) -> None:
    """Before pytest is started, with exit code 2."""
    for name in ("file.yml", "x.toml"):
        (tmp_path / name).write_text("")
    ran = tracetui("run", *arguments, cwd=tmp_path)
    assert ran.returncode == 2
    assert ran.stderr.decode().splitlines() == [message]

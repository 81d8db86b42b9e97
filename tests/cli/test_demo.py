"""The demo, without a terminal: the real suite under the real pytest."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.running import ONLY_OURS, answer, environment, on_a_terminal, tracetui
from tests.processes import PATIENCE_S, started
from tracetui.cli import demo, main
from tracetui.cli.demo import SUITE


def test_the_demo_runs_its_suite_and_prints_both_pages(tmp_path: Path) -> None:
    """Its red test is expected; the spans are kept where they were wanted, everything else is removed."""
    kept = tmp_path / "kept"
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    before = set(SUITE.rglob("*"))
    ran = tracetui("demo", "--keep", kept, TMPDIR=str(temporary), PYTEST_ADDOPTS="--nonsense")
    page = ran.stdout.decode()
    assert ran.returncode == 0, ran.stderr
    assert "suite parcel-depot" in page
    assert "own ▼" in page
    assert str(kept) in page
    outcomes = answer("check", kept)["outcomes"]
    assert (outcomes["failed"], outcomes["skipped"]) == (1, 1)
    assert [path for path in temporary.iterdir() if path.name.startswith("tracetui-demo-")] == []
    assert {path for path in set(SUITE.rglob("*")) - before if "__pycache__" not in path.parts} == set()


@pytest.mark.parametrize("farewell", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_demo_leaves_nothing_behind(farewell: signal.Signals, tmp_path: Path) -> None:
    """Whoever ends the demo ends its suite too, and the temporary directory goes."""
    with started(
        [sys.executable, "-m", "tracetui", "demo"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(TMPDIR=str(tmp_path), **ONLY_OURS),
    ) as demo:
        _wait_for(lambda: list(tmp_path.glob("tracetui-demo-*/spans/live/*.jsonl")))
        demo.send_signal(farewell)
        out, error = demo.communicate(timeout=PATIENCE_S)
    assert demo.returncode == 128 + farewell
    assert b"Traceback" not in out + error
    assert list(tmp_path.glob("tracetui-demo-*")) == []
    _wait_for(lambda: _processes_in(tmp_path) == [])


def test_ended_before_its_suite_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The temporary directory goes as well."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(demo, "_running", lambda *_: signal.raise_signal(signal.SIGTERM))
    with pytest.raises(SystemExit) as over:
        main(["demo"])
    assert over.value.code == 128 + signal.SIGTERM
    assert list(tmp_path.iterdir()) == []


def test_a_suite_that_cannot_run_is_one_line(tmp_path: Path) -> None:
    """Where pytest itself fails, the demo does, with pytest's last word."""
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['xdist'] = None\n")
    ran = tracetui("demo", PYTHONPATH=str(tmp_path))
    assert ran.returncode == 1
    message = ran.stderr.decode().splitlines()[-1]
    assert message.startswith("tracetui: the suite did not run: ")


def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    """`--keep` where no directory can be is refused before anything runs."""
    (tmp_path / "file").write_bytes(b"")
    ran = tracetui("demo", "--keep", tmp_path / "file" / "x")
    assert ran.returncode == 2
    assert ran.stderr.count(b"\n") == 1
    code, seen = on_a_terminal("watch", tmp_path / "file" / "x")
    assert code == 2
    assert seen.startswith(b"tracetui: ")


def _wait_for(condition: object, seconds: float = PATIENCE_S) -> None:
    assert callable(condition)
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it never happened"
        time.sleep(0.05)


def _processes_in(directory: Path) -> list[str]:
    """The processes that work in a directory that is below `directory`, or was."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cwd"):
        try:
            where = str(entry.readlink())
        except OSError:  # It ended, or is somebody else's.
            continue
        if where.startswith(str(directory)):
            found.append(where)
    return found

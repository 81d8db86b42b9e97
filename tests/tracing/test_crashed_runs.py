"""Runs that crash, as a reader meets them: every lane tells what it was doing, to the end."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.running import answer, tracetui
from tests.processes import PATIENCE_S, Process, started
from tests.tracing.recording import (
    pytest_command,
    pytest_environment,
    run_pytest,
    starts_in,
    with_role,
    write_suite,
)

# A hundred times, but each test within its time.
LOOPS = [
    pytest.param(1, id="once"),
    *(pytest.param(10, id=f"ten times, {number}", marks=pytest.mark.nightly) for number in range(10)),
]
# Two of three workers crash, each in a test of its own; the third goes on.
CRASHING = """
    import os, pathlib, pytest, time
    here = pathlib.Path(__file__).parent

    @pytest.mark.parametrize("n", range(12))
    def test_work(n):
        time.sleep(0.05)
        (here / f"test_work[{n}]").touch()

    @pytest.mark.parametrize("how", ["exits", "dies"])
    def test_crash(how):
        (here / os.environ["PYTEST_XDIST_WORKER"]).write_text(f"test_crash[{how}]")
        os._exit(1) if how == "exits" else os.kill(os.getpid(), 9)
"""
# Three groups of tests, so that each worker gets one.
ENDLESS = """
    import os, pathlib, pytest, time
    here = pathlib.Path(__file__).parent
    groups = [pytest.param(n, marks=pytest.mark.xdist_group(f"group {n}")) for n in range(3)]

    @pytest.mark.parametrize("n", groups)
    def test_quick(n): pass

    @pytest.mark.parametrize("n", groups)
    def test_endless(n):
        (here / os.environ.get("PYTEST_XDIST_WORKER", "main")).write_text(f"test_endless[{n}]")
        time.sleep(600)
"""


@pytest.mark.parametrize("loops", LOOPS)
def test_lanes_of_crashed_workers_name_their_last_test(tmp_path: Path, loops: int) -> None:
    """With xdist: each worker is a lane, the tests that crashed are errors, and all that ended are there."""
    for loop in range(loops):
        directory = tmp_path / str(loop)
        directory.mkdir()
        write_suite(directory, test_all=CRASHING)
        result = run_pytest(directory, "-n", "3", "--tracetui", "--max-worker-restart=0")
        assert "crashed while running" in result.stdout
        spans = answer("waterfall", directory / "spans", "-n", 0)["rows"]
        tests = {row["title"].rpartition("::")[2]: row for row in spans if row["role"] == "test"}
        crashed = {path.read_text(): path.name for path in directory.glob("gw*")}
        assert set(crashed) <= {"test_crash[exits]", "test_crash[dies]"}
        assert {name for name, row in tests.items() if row["outcome"] == "error"} == set(crashed)
        ended = {path.name for path in directory.glob("test_work*")}
        assert {name for name, row in tests.items() if row["outcome"] == "passed"} == ended
        lanes = {row["name"]: row for row in answer("lanes", directory / "spans")["rows"]}
        assert set(crashed.values()) <= set(lanes) <= {"gw0", "gw1", "gw2"}
        assert sum(row["tests"] for row in lanes.values()) == len(tests)
        page = tracetui("waterfall", directory / "spans").stdout.decode()
        assert all(f"test_all.py::{name}" in page for name in crashed)
        assert all(row["outcome"] not in ("running", "cut_off") for row in spans)


def test_lanes_of_a_killed_run_name_their_last_test(tmp_path: Path) -> None:
    """Controller and workers killed at once: each lane ends in the test it was in, and that is cut off."""
    write_suite(tmp_path, test_all=ENDLESS)
    with running(tmp_path, "-n", "3", "--dist", "loadgroup") as process:
        await_tests(process, tmp_path, ["gw0", "gw1", "gw2"])
        os.killpg(process.pid, signal.SIGKILL)
    last = {path.name: path.read_text() for path in tmp_path.glob("gw*")}
    spans = answer("waterfall", tmp_path / "spans", "-n", 0)["rows"]
    while any(row["outcome"] == "running" for row in spans):
        # On a busy machine it takes a worker some time to die.
        spans = answer("waterfall", tmp_path / "spans", "-n", 0)["rows"]
    cut_off = [row for row in spans if row["outcome"] == "cut_off"]
    assert sorted(row["title"].rpartition("::")[2] for row in cut_off if row["role"] == "test") == sorted(
        last.values()
    )
    assert sorted(row["title"] for row in cut_off if row["role"] == "worker") == ["gw0", "gw1", "gw2"]
    lanes = {row["name"]: row for row in answer("lanes", tmp_path / "spans")["rows"]}
    assert set(lanes) == {"gw0", "gw1", "gw2"}
    page = tracetui("waterfall", tmp_path / "spans").stdout.decode()
    assert "cut off" in page.splitlines()[0]
    assert "6 tests" in page.splitlines()[0]
    assert all(f"test_all.py::{name}" in page for name in last.values())


DEATHS = {
    "kill -9": ("os.kill(os.getpid(), 9)", -signal.SIGKILL),
    "SIGTERM": ("os.kill(os.getpid(), 15)", -signal.SIGTERM),
    "segmentation fault": ("os.kill(os.getpid(), 11)", -signal.SIGSEGV),
    "abort": ("os.abort()", -signal.SIGABRT),
    "os._exit": ("os._exit(7)", 7),
}


@pytest.mark.parametrize("loops", LOOPS)
@pytest.mark.parametrize("death", DEATHS)
def test_a_test_in_which_the_run_dies_is_cut_off(tmp_path: Path, death: str, loops: int) -> None:
    """Each time: what had ended is passed, and the test under way is there, cut off."""
    dies, exit_code = DEATHS[death]
    suite = f"""
        import os, resource
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        def test_before(): pass
        def test_dies(): {dies}
        def test_never(): pass
    """
    write_suite(tmp_path, test_death=suite)
    for loop in range(loops):
        result = run_pytest(tmp_path, f"--tracetui=spans{loop}", "-p", "no:faulthandler")
        assert result.returncode == exit_code
        assert _outcomes(tmp_path / f"spans{loop}") == {"test_before": "passed", "test_dies": "cut_off"}


@pytest.mark.parametrize("loops", LOOPS)
def test_a_run_whose_time_is_up_loses_nothing(tmp_path: Path, loops: int) -> None:
    """pytest-timeout's thread ends the process: each time what had ended is there, and why it ended."""
    suite = """
        import pytest, time
        @pytest.mark.parametrize("n", range(20))
        def test_quick(n): pass
        @pytest.mark.timeout(0.2, method="thread")
        def test_endless(): time.sleep(600)
        def test_never(): pass
    """
    write_suite(tmp_path, test_time=suite)
    for loop in range(loops):
        run_pytest(tmp_path, f"--tracetui=spans{loop}", "-p", "timeout")
        quick = {f"test_quick[{number}]": "passed" for number in range(20)}
        assert _outcomes(tmp_path / f"spans{loop}") == {**quick, "test_endless": "failed"}


def _outcomes(spans: Path) -> dict[str, str]:
    rows = answer("waterfall", spans, "-n", 0)["rows"]
    return {row["title"].rpartition("::")[2]: row["outcome"] for row in rows if row["role"] == "test"}


@pytest.mark.parametrize("arguments", [[], ["-n", "2"]])
def test_ctrl_c_ends_every_span(tmp_path: Path, arguments: list[str]) -> None:
    """A real SIGINT to all processes, as a terminal sends it: nothing is cut off, the suite is aborted."""
    write_suite(tmp_path, test_all=ENDLESS)
    with running(tmp_path, *arguments) as process:
        await_tests(process, tmp_path, ["gw0", "gw1"] if arguments else ["main"])
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(PATIENCE_S) == 2
    rows = answer("waterfall", tmp_path / "spans", "-n", 0)["rows"]
    assert {row["outcome"] for row in rows} <= {"passed", "error", "failed"}
    assert [row["outcome"] for row in rows if row["role"] == "suite"] == ["error"]
    assert starts_in(tmp_path / "spans") == [] or arguments


@contextmanager
def running(directory: Path, *arguments: str) -> Iterator[Process]:
    """A traced run in a process group of its own, of which nothing is left afterwards."""
    with started(
        pytest_command("--tracetui", "-p", "xdist", *arguments),
        cwd=directory,
        env=pytest_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        yield process


def await_tests(process: Process, directory: Path, workers: list[str]) -> None:
    """Wait until each worker is in an endless test, and its trace tells so."""
    until = time.monotonic() + PATIENCE_S
    while not all((directory / name).exists() for name in workers) or _open_tests(directory) < len(workers):
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.05)


def _open_tests(directory: Path) -> int:
    starts = with_role(starts_in(directory / "spans"), "test")
    return sum("test_endless" in str(start.attributes["pytest.nodeid"]) for start in starts)

"""Commands, services, and what is left of them: nothing."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.processes import PATIENCE_S, is_alive, started
from tracetui.tracing.suite.command import REAPER, filled_in, run_command
from tracetui.tracing.suite.failures import CommandError, FixtureError
from tracetui.tracing.suite.schema import FixtureSpec
from tracetui.tracing.suite.service import Service

LISTENING = """
import os, socket
with socket.socket() as server:
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("127.0.0.1", int(os.environ["PORT"])))
    server.listen()
    print("at your service", flush=True)
    while True:
        server.accept()[0].close()
"""


def shell(line: str, directory: Path, timeout_s: float = 60.0) -> str:
    """What a line of shell prints."""
    return run_command(["sh", "-c", line], directory, {}, timeout_s)


def wait_until(condition: Callable[[], bool]) -> None:
    """Until it holds; a test that waits in vain is ended by its own time limit."""
    while not condition():
        time.sleep(0.02)


def test_places_are_filled_in() -> None:
    """For the shell as one word each; unknown ones stay, doubled braces are braces."""
    values = {"file": "a b'c", "port": "1"}
    assert filled_in(("x", "{file}:{port}", "{{port}}", "{other}", "${HOME}"), values) == [
        "x",
        "a b'c:1",
        "{port}",
        "{other}",
        "${HOME}",
    ]
    assert filled_in("cat {file}", values) == ["/bin/sh", "-c", "cat 'a b'\"'\"'c'"]


@pytest.mark.parametrize(
    ("line", "message", "output"),
    [
        ("echo out; echo err >&2; exit 3", "exit code 3", "out\nerr\n"),
        ("echo dying; kill -SEGV $$", "killed by SIGSEGV", "dying\n"),
        ("kill -40 $$", "killed by signal 40", ""),
    ],
)
def test_a_command_that_fails_says_how(tmp_path: Path, line: str, message: str, output: str) -> None:
    """The exit code or the signal, and what it printed, on both streams."""
    with pytest.raises(CommandError) as caught:
        shell(line, tmp_path)
    assert (str(caught.value), caught.value.output) == (message, output)


def test_a_command_that_cannot_be_run_says_why(tmp_path: Path) -> None:
    """A program that does not exist is a failure as any other."""
    with pytest.raises(CommandError, match=r"no-such-program cannot be run: .*No such file"):
        run_command(["no-such-program"], tmp_path, {}, 1)


def test_long_output_is_cut_at_its_beginning(tmp_path: Path) -> None:
    """The end of it explains a failure."""
    output = shell("seq 100000", tmp_path)
    assert output.startswith("... (")
    assert output.endswith("\n99999\n100000\n")
    assert len(output) < 70_000


def test_nothing_is_left_of_a_command_that_ended(tmp_path: Path) -> None:
    """What it started in the background ends with it."""
    pid = int(shell("sleep 600 & echo $!", tmp_path))
    wait_until(lambda: not is_alive(pid))


def test_nothing_is_left_of_a_command_whose_time_is_over(tmp_path: Path) -> None:
    """It is killed, and its whole group."""
    with pytest.raises(CommandError) as caught:
        shell("sleep 600 & echo $!; wait", tmp_path, timeout_s=1.0)
    assert str(caught.value) == "timed out after 1 s"
    wait_until(lambda: not is_alive(int(caught.value.output)))


def test_a_killed_run_leaves_no_command_behind(tmp_path: Path) -> None:
    """kill -9 of whoever runs a command ends the command too."""
    code = f"""
from pathlib import Path
from tracetui.tracing.suite.command import run_command
line = "sleep 1; echo $$ > pid.new; mv pid.new pid; sleep 600"
run_command(["sh", "-c", line], Path({str(tmp_path)!r}), {{}}, 600)
"""
    with started([sys.executable, "-c", code]) as process:
        wait_until((tmp_path / "pid").exists)
        process.kill()
    wait_until(lambda: not is_alive(int((tmp_path / "pid").read_text())))


def test_ctrl_c_while_a_command_starts_leaves_none_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even between its start and the first word on it."""
    started: list[int] = []

    class Interrupted(subprocess.Popen[bytes]):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            started.append(self.pid)
            signal.raise_signal(signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    REAPER.start()  # Itself it is not what is interrupted.
    monkeypatch.setattr("tracetui.tracing.suite.command.subprocess.Popen", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        run_command(["sleep", "600"], tmp_path, {}, 600)
    assert signal.getsignal(signal.SIGINT) is before
    assert not is_alive(started[0])


def service(
    command: str | None = None, *, output: str | None = None, port: int | None = None, timeout_s: float = 60
) -> Service:
    """A fixture: a line of shell, or a program that listens."""
    listening = (sys.executable, "-uc", LISTENING)
    pattern = None if output is None else re.compile(output)
    return Service(FixtureSpec(command or listening, port, pattern, timeout_s, {}), Path.cwd())


def test_a_fixture_is_waited_for_by_port_and_output() -> None:
    """When both are there it is ready; it is told to stop, and what it printed can be read."""
    fixture = service(output="at your s", port=0)
    fixture.start({}, {"PORT": str(fixture.port)})
    try:
        assert fixture.output() == "at your service\n"
        assert fixture.output(3) == "your service\n"
        fixture.check()
    finally:
        fixture.stop()
    assert fixture.size() == 0


@pytest.mark.parametrize(
    ("line", "timeout_s", "message"),
    [
        ("echo oops; exit 4", PATIENCE_S, "the fixture has ended by itself: exit code 4"),
        ("echo oops; sleep 600", 3, "the fixture was not ready after 3 s"),
    ],
)
def test_a_fixture_that_does_not_get_ready_says_why(line: str, timeout_s: float, message: str) -> None:
    """It ended, or it takes too long; with what it printed."""
    fixture = service(line, output="never", timeout_s=timeout_s)
    with pytest.raises(FixtureError) as caught:
        fixture.start({}, {})
    assert (str(caught.value), caught.value.output) == (message, "oops\n")
    with contextlib.suppress(FixtureError):
        fixture.stop()


def test_a_fixture_that_does_not_stop_is_killed() -> None:
    """And that is a failure of the fixture."""
    line = "trap '' TERM; echo $$ ready; while :; do sleep 0.1; done"
    fixture = service(line, output="ready", timeout_s=5)
    fixture.start({}, {})
    pid = int(fixture.output().split()[0])
    with pytest.raises(FixtureError, match="the fixture did not stop within 5 s"):
        fixture.stop()
    wait_until(lambda: not is_alive(pid))


def test_commands_see_the_environment(tmp_path: Path) -> None:
    """Ours, with what the suite adds."""
    output = run_command(["sh", "-c", "echo $PATH $EXTRA"], tmp_path, {"EXTRA": "more"}, 60)
    assert output == f"{os.environ['PATH']} more\n"

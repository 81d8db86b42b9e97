"""ctrl+z: the terminal is the shell's again, and the app's once more after it, at whatever moment that is."""

import inspect
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyte
import pytest
from textual.drivers.linux_driver import LinuxDriver

from tests.builders import write_small_run
from tests.ui.terminal import MODES_OFF, Terminal, assert_restored, is_up, terminal

SHELL = """
import os, signal, sys
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
job = os.fork()
if not job:
    os.setpgid(0, 0)
    os.tcsetpgrp(1, os.getpid())
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
while True:
    _, status = os.waitpid(job, os.WUNTRACED)
    if not os.WIFSTOPPED(status):
        sys.exit(os.waitstatus_to_exitcode(status))
    os.tcsetpgrp(1, os.getpgrp())
    print("STOPPED", flush=True)
    if sys.stdin.readline() == "bg\\n":
        print("BACKGROUND", flush=True)
    else:
        print("FOREGROUND", flush=True)
        os.tcsetpgrp(1, job)
    os.killpg(job, signal.SIGCONT)
"""
"""A shell that knows one job, `bg`, and `fg` by an empty line."""


class Shell:
    """The app as the job of a shell."""

    def __init__(self, tty: Terminal) -> None:
        self.tty = tty
        children = Path(f"/proc/{tty.process.pid}/task/{tty.process.pid}/children")
        self.job = int(children.read_text())

    def stopped(self) -> None:
        """Waits until the shell has the terminal, as it was before the app."""
        self.tty.until(lambda seen: seen.rstrip().endswith(b"STOPPED"))
        assert_restored(self.tty)

    def foreground(self) -> None:
        """The app may go on, and does."""
        before = self.tty.seen.count(b"FOREGROUND")
        self.tty.type("\n")
        self.tty.until(lambda seen: seen.count(b"FOREGROUND") > before)
        self.tty.until(lambda _: not self.is_stopped)

    def whole(self, columns: int) -> None:
        """Waits until all is drawn anew, `columns` wide and 30 high."""
        self.tty.until(lambda seen: _is_whole(_since_foreground(seen, columns)))
        back = self.tty.seen.rpartition(b"FOREGROUND")[2]
        assert all(mode[:-1] + b"h" in back for mode in MODES_OFF[:-1])
        self.tty.until(lambda _: self.tty.modes != self.tty.before)

    @property
    def is_stopped(self) -> bool:
        """Whether the job stands still."""
        return " T " in Path(f"/proc/{self.job}/stat").read_text()


@contextmanager
def shell(path: Path) -> Iterator[Shell]:
    """The app, shown and then quit, from a shell."""
    with terminal("-c", SHELL, "-m", "tracetui", "open", path) as tty:
        tty.until(is_up)
        tty.still()
        yield Shell(tty)
        tty.type("q")
        assert tty.end() == 0
        assert_restored(tty)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The small run."""
    return write_small_run(tmp_path / "spans")


@pytest.mark.parametrize("when", ["stopped", "going on"])
def test_suspend(small: Path, when: str) -> None:
    """The shell has its terminal back as it was; all is drawn anew in the size that it has by then."""
    with shell(small) as job:
        for columns in (120, 90, 110):
            job.tty.type("\x1a")
            job.stopped()
            if when == "stopped":
                job.tty.resize(columns, 30)
            job.foreground()
            if when == "going on":
                job.tty.resize(columns, 30)
            job.whole(columns)


def test_at_any_moment(small: Path) -> None:
    """Who stops the app while it still comes back from having been stopped finds it no worse."""
    with shell(small) as job:
        for moment in range(20):
            os.kill(job.job, signal.SIGTSTP)
            job.stopped()
            job.foreground()
            time.sleep(moment % 10 / 1000)
            if moment % 4 == 3:
                os.kill(job.job, signal.SIGCONT)
        job.tty.still()  # Having gone on once more, it forgets what was typed meanwhile.
        job.tty.resize(90, 30)
        job.whole(90)


def test_stopped_from_outside(small: Path) -> None:
    """Who is stopped without being asked makes the terminal the app's again all the same."""
    with shell(small) as job:
        os.kill(job.job, signal.SIGSTOP)
        job.tty.until(lambda seen: seen.rstrip().endswith(b"STOPPED"))
        job.tty.resize(90, 30)
        job.foreground()
        job.whole(90)


def test_background(small: Path) -> None:
    """`bg`: the app writes nothing, and waits for `fg`."""
    with shell(small) as job:
        job.tty.type("\x1a")
        job.stopped()
        job.tty.type("bg\n")
        job.tty.until(lambda seen: b"STOPPED" in seen.partition(b"BACKGROUND")[2])
        assert b"\x1b" not in job.tty.seen.partition(b"BACKGROUND")[2]
        job.tty.resize(90, 30)
        job.foreground()
        job.whole(90)


def test_no_shell(small: Path) -> None:
    """Where the app is all that the terminal has, ctrl+z says so and stops nothing."""
    with terminal("-m", "tracetui", "open", small) as tty:
        tty.until(is_up)
        tty.type("\x1a")
        tty.until(lambda seen: b"no shell" in seen)
        tty.type("q")
        assert tty.end() == 0


BORROWED = """
import os, sys
job = os.fork()
if not job:
    os.setpgid(0, 0)
    os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
sys.exit(os.waitstatus_to_exitcode(os.waitpid(job, 0)[1]))
"""
"""Whoever starts a job on a terminal that is not its own, as test runners do: no shell would let it go on."""


def test_borrowed_terminal(small: Path) -> None:
    """Where the terminal is not its own, ctrl+z stops neither the app nor whoever started it."""
    with terminal("-c", BORROWED, "-m", "tracetui", "open", small, leads=False) as tty:
        tty.until(is_up)
        tty.type("\x1a")
        tty.until(lambda seen: b"no shell" in seen)
        tty.type("q")
        assert tty.end() == 0


def _since_foreground(seen: bytes, columns: int) -> list[str]:
    screen = pyte.Screen(columns, 30)
    pyte.ByteStream(screen).feed(seen.rpartition(b"FOREGROUND")[2])
    return list(screen.display)


def _is_whole(lines: list[str]) -> bool:
    return "depot" in lines[0] and "Quit" in lines[-1]


def test_private_parts_of_the_driver() -> None:
    """A canary: what is used of Textual's driver is still there."""
    told = inspect.getsource(LinuxDriver)
    for used in (
        "self._file = ",
        "self.fileno = ",
        "self.input_tty = ",
        "self._writer_thread = WriterThread(",
    ):
        assert used in told
    for name in ("TSTP", "CONT"):
        assert f"signal.signal(signal.SIG{name}, self._sig{name.lower()}_application)" in told
    assert "if self._must_signal_resume:" in told
    assert told.count("if self._auto_restart:") == 2

"""A real process on a real terminal: what it writes there, and what it leaves behind."""

import contextlib
import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fcntl import ioctl
from struct import pack
from typing import IO

from tests.cli.running import environment
from tests.processes import PATIENCE_S

QUIET_S = 0.7
"""After so long without a byte there is nothing more to come."""

SEQUENCE = re.compile(
    rb"\x1b\[(?P<csi>[0-?]*)[ -/]*(?P<final>[@-~])"
    rb"|\x1b\](?P<osc>[0-9]*)[^\x07\x1b]*(?:\x07|\x1b\\)"
    rb"|\x1b[PX^_].*?\x1b\\"
    rb"|\x1b[ -/]*[0-~]"
    rb"|[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f]|\xc2[\x80-\x9f]",
    re.DOTALL,
)
_LEAD = """
import fcntl, os, sys, termios
fcntl.ioctl(1, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Makes the terminal the one that a session hangs on."""

ALT_SCREEN_ON, ALT_SCREEN_OFF = b"\x1b[?1049h", b"\x1b[?1049l"
MODES_OFF = (ALT_SCREEN_OFF, b"\x1b[?1000l", b"\x1b[?1003l", b"\x1b[?1006l", b"\x1b[?25h")


class Terminal:
    """A process on a terminal of 120 by 40; `seen` is every byte that it has written."""

    def __init__(self, process: subprocess.Popen[bytes], master: int) -> None:
        self.process = process
        self.seen = b""
        self._master = master
        self.before = termios.tcgetattr(master)

    @property
    def modes(self) -> list[object]:
        """What stty would tell."""
        return list(termios.tcgetattr(self._master))

    def type(self, keys: str) -> None:
        """Presses keys."""
        os.write(self._master, keys.encode())

    def until(self, shown: Callable[[bytes], bool]) -> None:
        """Reads until what was written is as `shown` wants it."""
        last = time.monotonic() + PATIENCE_S
        while time.monotonic() < last:
            if shown(self.seen):
                return
            if select.select([self._master], [], [], 0.1)[0]:
                with contextlib.suppress(OSError):  # Linux's way to say that the other end is closed.
                    self.seen += os.read(self._master, 65536)
        raise AssertionError(f"never came: {self.seen[-2000:]!r}")

    def read(self, seconds: float) -> bytes:
        """What is written within some time, without keeping it."""
        if not select.select([self._master], [], [], seconds)[0]:
            return b""
        with contextlib.suppress(OSError):
            return os.read(self._master, 1 << 20)
        return b""

    def resize(self, columns: int, lines: int) -> None:
        """Another size of the window."""
        ioctl(self._master, termios.TIOCSWINSZ, pack("HHHH", lines, columns, 0, 0))

    def still(self, seconds: float = QUIET_S) -> None:
        """Reads until nothing was written for some time."""
        while select.select([self._master], [], [], seconds)[0]:
            self.seen += os.read(self._master, 65536)

    def cost(self, keys: str) -> int:
        """How many bytes it takes to show what comes of some keys; 0 where nothing does."""
        before = len(self.seen)
        self.type(keys)
        self.still()
        return len(self.seen) - before

    def end(self) -> int:
        """Reads to the end; the exit code, as a shell tells it."""
        with contextlib.suppress(OSError):
            while chunk := os.read(self._master, 65536):
                self.seen += chunk
        code = self.process.wait()
        return code if code >= 0 else 128 - code

    def hang_up(self) -> None:
        """Closes the terminal, as a window that is closed."""
        os.close(self._master)
        self._master = -1

    def close(self) -> None:
        """Nothing is left running."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if self._master >= 0:
            os.close(self._master)


@contextmanager
def terminal(
    *command: object,
    leads: bool = True,
    size: tuple[int, int] = (120, 40),
    stdin: IO[bytes] | None = None,
    stderr: IO[bytes] | None = None,
    **more: str,
) -> Iterator[Terminal]:
    """Runs Python with `command` on a terminal of its own, as the leader of its session or just there.

    What is not given is that terminal.
    """
    master, slave = pty.openpty()
    ioctl(slave, termios.TIOCSWINSZ, pack("HHHH", size[1], size[0], 0, 0))
    process = subprocess.Popen(
        [sys.executable, *(("-c", _LEAD, sys.executable) if leads else ()), *map(str, command)],
        stdin=stdin or slave,
        stdout=slave,
        stderr=stderr or slave,
        env=environment(**{"COLORTERM": "truecolor"} | more),
        start_new_session=True,
        close_fds=True,
    )
    made = Terminal(process, master)
    os.close(slave)
    try:
        yield made
    finally:
        made.close()


def is_up(seen: bytes) -> bool:
    """Whether the app is up and has read: its footer and the first suite are there."""
    return b"Quit" in seen and ALT_SCREEN_ON in seen and b"spans" in seen


def assert_restored(tty: Terminal) -> None:
    """No alternate screen, no mouse, a cursor, and the modes of before."""
    for off in MODES_OFF:
        on = off[:-1] + (b"l" if off.endswith(b"h") else b"h")
        assert tty.seen.rfind(off) > tty.seen.rfind(on)
    assert ALT_SCREEN_ON in tty.seen
    assert tty.modes == tty.before


def sequences(seen: bytes) -> set[bytes]:
    """The kinds of control sequences in a byte stream; colours and places are no kinds of their own."""
    return {_kind(found) for found in SEQUENCE.finditer(seen)}


def _kind(found: re.Match[bytes]) -> bytes:
    if found["final"] in (b"m", b"H"):
        return b"CSI " + found["final"]
    if found["final"]:
        return b"CSI " + found["csi"] + found["final"]
    if found["osc"] is not None:
        return b"OSC " + found["osc"]
    return found[0][:2]


def signalled(number: signal.Signals) -> int:
    """The exit code of who ended well on a signal."""
    return 128 + number

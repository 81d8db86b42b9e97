"""Whether the process that writes a source is still alive."""

import os
import socket
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from tracetui import units
from tracetui.model.batch import SILENCE_NS

PROC = Path("/proc")
COARSE_NS = 2 * units.S
"""File systems round times, and processes begin at ticks."""


Began = Callable[[int], int | None]


def began_ns(pid: int) -> int | None:
    """When a process began that can still write, in ns since the epoch by the clock as it is now (proc(5)).

    0 where that is not told; None if there is no such process, or a zombie.
    """
    is_others = False
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return None
    except PermissionError:
        is_others = True
    try:
        after_name = (PROC / str(pid) / "stat").read_bytes().rpartition(b")")[2].split()
    except OSError:  # It has just ended; or it is hidden, or nothing is told here.
        return 0 if is_others or not PROC.is_dir() else None
    booted_ns = time.time_ns() - time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    began = booted_ns + int(after_name[19]) * units.S // os.sysconf("SC_CLK_TCK")
    return None if after_name[0] in (b"Z", b"X") else began


def is_alive(pid: int, host: str, boot_id: str, heard_ns: int, wrote_ns: int, now_ns: int) -> bool:
    """Whether a writer is alive: on this machine by its pid, elsewhere by its last sign of life.

    Times in ns since the epoch; a process that began after its files were written last (`wrote_ns`) only has
    its number. A container shares its host's boot id but not its name: both must agree.
    """
    if pid > 0 and boot_id and boot_id == _boot_id() and host == socket.gethostname():
        return _ran(pid, wrote_ns, began_ns)
    return now_ns - heard_ns <= SILENCE_NS


def has_died(pid: int, host: str, boot_id: str, wrote_ns: int, began: Began = began_ns) -> bool:
    """Whether a writer is known to be gone: it ran on this machine, and ended or did not survive a boot.

    Who asks about many may know already when processes `began`.
    """
    if pid <= 0 or host != socket.gethostname():
        return False
    return bool(boot_id and boot_id != _boot_id()) or not _ran(pid, wrote_ns, began)


def wrote(pid: int, host: str, modified_ns: int) -> bool:
    """Whether process `pid` of `host` runs here, and did when a file was changed: it may write on."""
    return pid > 0 and host == socket.gethostname() and _ran(pid, modified_ns, began_ns)


@cache
def _boot_id() -> str:
    """The boot id, cached: this process does not outlive a boot."""
    try:
        return (PROC / "sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return ""


def _ran(pid: int, at_ns: int, began: Began) -> bool:
    """Whether the process that was `pid` at a time (ns) can still write: one that began later is another."""
    since_ns = began(pid)
    return since_ns is not None and since_ns <= at_ns + COARSE_NS

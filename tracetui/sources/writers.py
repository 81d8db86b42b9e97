"""Whether the process that writes a source is still alive."""

import os
import socket
from functools import cache
from pathlib import Path

from tracetui.model.batch import SILENCE_NS


def is_alive(pid: int, host: str, boot_id: str, heard_ns: int, now_ns: int) -> bool:
    """Whether a writer is alive: on this machine by its pid, elsewhere by its last sign of life.

    Times in ns since the epoch. A container shares its host's boot id but not its name: both must agree.
    """
    if pid > 0 and boot_id and boot_id == _boot_id() and host == socket.gethostname():
        return _runs(pid)
    return now_ns - heard_ns <= SILENCE_NS


def has_died(pid: int, host: str, boot_id: str = "") -> bool:
    """Whether a writer is known to be gone: it ran on this machine, and ended or did not survive a boot."""
    if pid <= 0 or host != socket.gethostname():
        return False
    return bool(boot_id and boot_id != _boot_id()) or not _runs(pid)


@cache
def _boot_id() -> str:
    """The boot id, cached: this process does not outlive a boot."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return ""


def _runs(pid: int) -> bool:
    """Whether `pid` is a process that can still write: a zombie cannot."""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    try:
        after_name = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2]
    except OSError:
        return False
    return after_name.split()[0:1] not in ([b"Z"], [b"X"])


def wrote(pid: int, host: str, modified_ns: int) -> bool:
    """Whether process `pid` of `host` runs here, and did when a file was changed: it may write on."""
    return pid > 0 and host == socket.gethostname() and _runs(pid) and _started_ns(pid) <= modified_ns


def _started_ns(pid: int) -> int:
    """When a process began, in ns since the epoch; 0 if unknown (proc_pid_stat(5))."""
    try:
        ticks = int(Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[19])
        boot = next(
            line for line in Path("/proc/stat").read_bytes().splitlines() if line.startswith(b"btime")
        )
    except (OSError, ValueError, IndexError, StopIteration):
        return 0
    return int(boot.split()[1]) * 1_000_000_000 + ticks * 1_000_000_000 // os.sysconf("SC_CLK_TCK")

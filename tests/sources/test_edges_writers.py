"""Whether a writer lives: by its pid here, by its silence elsewhere, at the edges of both."""

import os
import socket
import time
from pathlib import Path

import pytest

from tests.builders import S
from tracetui.model.batch import SILENCE_NS
from tracetui.sources import writers
from tracetui.sources.writers import has_died, is_alive, wrote

HOST = socket.gethostname()
BOOT = Path("/proc/sys/kernel/random/boot_id").read_text().strip()


@pytest.mark.parametrize(("silent_ns", "alive"), [(0, True), (SILENCE_NS, True), (SILENCE_NS + 1, False)])
@pytest.mark.parametrize(("pid", "host", "boot"), [(4711, "elsewhere", "b"), (0, HOST, "b"), (1, HOST, "")])
def test_who_is_elsewhere_is_alive_as_long_as_it_is_heard(
    pid: int, host: str, boot: str, silent_ns: int, alive: bool
) -> None:
    """And so is who does not say which process of which boot it is."""
    assert is_alive(pid, host, boot, 100 * S, 0, 100 * S + silent_ns) == alive


def test_who_wrote_began_before_the_file_changed() -> None:
    """Not a process that has its number now, nor one of another machine, nor none."""
    now = time.time_ns()
    assert wrote(os.getpid(), HOST, now)
    assert not wrote(os.getpid(), HOST, now - 10 * 365 * 24 * 3600 * S)
    assert not wrote(os.getpid(), "elsewhere", now)
    assert not wrote(0, HOST, now)


def test_a_process_begins_when_the_system_says() -> None:
    """To the second: the system counts from its own start, in ticks."""
    begun = time.time_ns()
    child = os.fork()
    if not child:
        time.sleep(60)
        os._exit(0)
    try:
        assert not wrote(child, HOST, begun - 3 * S)
        assert wrote(child, HOST, time.time_ns() + 3 * S)
        assert not has_died(child, HOST, "", time.time_ns())
        assert has_died(child, HOST, "", begun - 3 * S)
        for wrote_ns, lives in ((begun - 3 * S, False), (time.time_ns(), True)):
            assert is_alive(child, HOST, BOOT, 0, wrote_ns, time.time_ns()) == lives
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
    now = time.time_ns()
    assert has_died(child, HOST, "", now)
    assert not has_died(child, "elsewhere", "", now)
    assert not has_died(0, HOST, "", now)
    assert has_died(os.getpid(), HOST, "another boot", now)


@pytest.mark.parametrize(("proc", "began"), [("none", 0), (".", None)])
def test_what_the_system_does_not_tell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, proc: str, began: int | None
) -> None:
    """Where there is no /proc a process that takes signals lives; where there is one, it has just ended."""
    monkeypatch.setattr(writers, "PROC", tmp_path / proc)
    assert writers.began_ns(os.getpid()) == began

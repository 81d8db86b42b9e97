"""Whether a writer lives: by its pid here, by its silence elsewhere, at the edges of both."""

import os
import socket
import time

import pytest

from tests.builders import S
from tracetui.model.batch import SILENCE_NS
from tracetui.sources.writers import has_died, is_alive, wrote

HOST = socket.gethostname()


@pytest.mark.parametrize(("silent_ns", "alive"), [(0, True), (SILENCE_NS, True), (SILENCE_NS + 1, False)])
@pytest.mark.parametrize(("pid", "host", "boot"), [(4711, "elsewhere", "b"), (0, HOST, "b"), (1, HOST, "")])
def test_who_is_elsewhere_is_alive_as_long_as_it_is_heard(
    pid: int, host: str, boot: str, silent_ns: int, alive: bool
) -> None:
    """And so is who does not say which process of which boot it is."""
    assert is_alive(pid, host, boot, 100 * S, 100 * S + silent_ns) == alive


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
        assert not has_died(child, HOST)
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
    assert has_died(child, HOST)
    assert not has_died(child, "elsewhere")
    assert not has_died(0, HOST)
    assert has_died(os.getpid(), HOST, "another boot")

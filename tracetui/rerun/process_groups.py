"""Processes that start as the leader of a group, and end with everything that they started."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType

PATIENCE_S = 5.0
"""How long a process may take to end by itself."""


def end_group(process: subprocess.Popen[str]) -> None:
    """End a process that leads a group, and the others in it, which may take longer to end."""
    if process.poll() is not None:
        return
    os.killpg(process.pid, signal.SIGTERM)
    until = time.monotonic() + PATIENCE_S
    # Not waited for yet, so that its number stays its group's.
    while os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        if time.monotonic() > until:
            break
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def leaving_in_order() -> Iterator[None]:
    """Make SIGTERM and SIGHUP unwind the stack, so that nothing that was started is left behind."""

    def leave(number: int, _frame: FrameType | None) -> None:
        sys.exit(128 + number)

    with handled((signal.SIGTERM, signal.SIGHUP), leave):
        yield


@contextmanager
def handled(numbers: Iterable[int], handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Call `handler` on these signals, and restore the earlier handlers at the end."""
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)

"""How long this thread, and anything on this machine, was ready to run while no processor was free.

A test that waits so looks like one that sleeps. Linux tells both (the scheduler's statistics, and PSI), other
systems neither. Tests that replace `open` do not matter.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable

from tracetui.tracing.host.system import System

RUN_QUEUE = "tracetui.run_queue_ns"
PRESSURE = "tracetui.host.cpu_pressure_ns"
_THREAD = "/proc/thread-self/schedstat"
_MACHINE = "/proc/pressure/cpu"
_MOST = 256
_TOTAL = re.compile(rb"some [^\n]*\btotal=(\d+)")


def waited_ns(thread: str = _THREAD, machine: str = _MACHINE) -> dict[str, int]:
    """By attribute, the totals so far in ns; without those that the system does not tell."""
    found = {RUN_QUEUE: _read(thread, _of_thread), PRESSURE: _read(machine, _of_machine)}
    return {key: ns for key, ns in found.items() if ns is not None}


def waited_since(before: dict[str, int]) -> dict[str, int]:
    """How much was added since `before`."""
    return {key: max(0, ns - before[key]) for key, ns in waited_ns().items() if key in before}


def _of_thread(text: bytes) -> int:
    """The second of three numbers: on a processor, waiting for one (both in ns), and how often."""
    return int(text.split()[1])


def _of_machine(text: bytes) -> int:
    """The total of the line `some`, in microseconds."""
    total = _TOTAL.search(text)
    if total is None:
        raise ValueError(text)
    return int(total[1]) * 1000


def _read(path: str, number: Callable[[bytes], int]) -> int | None:
    try:
        file = System.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        return number(System.pread(file, _MOST, 0))
    except (OSError, ValueError, IndexError):
        return None
    finally:
        System.close(file)

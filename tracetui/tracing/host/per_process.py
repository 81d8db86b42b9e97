"""A value that every process has for itself, so that a fork shares no lock, counter or descriptor."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from tracetui.tracing.host.system import System

T = TypeVar("T")

_lineage = [os.getpid()]


def forebears() -> list[int]:
    """The ids of the processes that this one was forked from."""
    return _lineage[:-1]


os.register_at_fork(after_in_child=lambda: _lineage.append(os.getpid()))


class PerProcess(Generic[T]):
    """Call it to get this process's value; `make` runs at its first use in each process.

    Two threads may both run `make`, and one result is thrown away: it must hold nothing that needs closing.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._by_pid: dict[int, T] = {}

    def __call__(self) -> T:
        pid = System.getpid()
        value = self._by_pid.get(pid)
        # setdefault is atomic, where a lock could be inherited locked.
        return self._by_pid.setdefault(pid, self._make()) if value is None else value


class Tally:
    """A count that threads share; keep it in a `PerProcess`."""

    def __init__(self, total: int = 0) -> None:
        self.total = total
        self._lock = threading.Lock()

    def add(self) -> None:
        """One more."""
        with self._lock:
            self.total += 1

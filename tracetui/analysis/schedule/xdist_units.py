"""A replica of pytest-xdist 3.8's `--dist loadscope`, `loadfile` and `loadgroup`, which hand out whole units.

Written from `xdist/scheduler/loadscope.py`, `loadfile.py`, `loadgroup.py` and `dsession.py` of 3.8.0; workers
do not crash here. `tests/analysis/schedule/test_against_xdist.py` holds it against the real classes.
"""

from collections.abc import Sequence

from tracetui.analysis.schedule.dispatch import Orders
from tracetui.analysis.schedule.xdist_load import RESERVE

FEW = 2
"""With more pending tests than this a worker gets no further unit."""


def file_of(nodeid: str) -> str:
    """The unit of `loadfile`."""
    return nodeid.split("::", 1)[0]


def scope_of(nodeid: str) -> str:
    """The unit of `loadscope`: a class, or the functions of a file."""
    return nodeid.rsplit("::", 1)[0]


def group_of(nodeid: str) -> str:
    """The unit of `loadgroup`: what follows the last `@`, unless that is in a parameter; else the test."""
    return nodeid.rsplit("@", 1)[-1] if nodeid.rfind("@") > nodeid.rfind("]") else nodeid


class Units:
    """Units go out whole, those with the most tests first, to workers with few tests left."""

    def __init__(self, orders: Orders, unit_of: Sequence[str], workers: int, *, reorder: bool = True) -> None:
        """`unit_of` has the unit of each test; without `reorder` units keep the order of collection."""
        self._orders = orders
        units: dict[str, list[int]] = {}
        for test, unit in enumerate(unit_of):
            units.setdefault(unit, []).append(test)
        queue = list(units.values())
        self._queue = sorted(queue, key=len, reverse=True) if reorder else queue
        self._queue.reverse()
        self._pending = dict.fromkeys(range(workers), 0)
        self._stopped: set[int] = set()

    def begin(self) -> None:
        """A unit for each worker, and one more for those whose first is small; workers without one end."""
        if not self._queue:
            self._end_if_finished()
            return
        for worker in reversed(range(len(self._queue), len(self._pending))):
            del self._pending[worker]
            self._stop(worker)
        for worker in self._pending:
            self._assign(worker)
        for worker in self._pending:
            self._refill(worker)
        if not self._queue:
            for worker in self._pending:
                self._stop(worker)
        self._end_if_finished()

    def completed(self, worker: int, test: int, seconds: float) -> None:  # noqa: ARG002 - see `Dispatch`
        """Give the next unit to the worker if it has few tests left."""
        self._pending[worker] -= 1
        self._refill(worker)
        self._end_if_finished()

    def returned(self, worker: int, tests: Sequence[int]) -> None:
        """Nobody steals here."""
        raise AssertionError((worker, tests))

    def left(self, worker: int) -> None:
        """Nothing to do: it had no tests left."""
        self._pending.pop(worker, None)

    def _refill(self, worker: int) -> None:
        if worker in self._stopped:
            return
        if not self._queue:
            self._stop(worker)
        elif self._pending[worker] <= FEW:
            self._assign(worker)

    def _assign(self, worker: int) -> None:
        unit = self._queue.pop()
        self._pending[worker] += len(unit)
        self._orders.run(worker, unit)

    def _end_if_finished(self) -> None:
        if not self._queue and all(pending < RESERVE for pending in self._pending.values()):
            for worker in self._pending:
                self._stop(worker)

    def _stop(self, worker: int) -> None:
        if worker not in self._stopped:
            self._stopped.add(worker)
            self._orders.stop(worker)

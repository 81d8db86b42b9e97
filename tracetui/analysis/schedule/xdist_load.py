"""Replicas of pytest-xdist 3.8's `--dist load` and `worksteal`: the same orders at the same events.

Written from `xdist/scheduler/load.py`, `worksteal.py` and `dsession.py` of 3.8.0; workers do not crash here.
`tests/analysis/schedule/test_against_xdist.py` holds them against the real classes.
"""

from collections.abc import Sequence

from tracetui.analysis.schedule.dispatch import Orders

RESERVE = 2
"""With fewer tests than this a worker cannot go on: it starts one when it knows the next."""
LONG_SECONDS = 0.1
"""After a test of this length `load` sends no more to a worker that has its reserve."""


class _HandsOut:
    """The common state: tests that are `_left`, those `_pending` at each worker, and which workers are
    `_stopped`.
    """

    def __init__(self, orders: Orders, tests: int, workers: int) -> None:
        self._orders = orders
        self._left = list(range(tests))
        self._pending: dict[int, list[int]] = {worker: [] for worker in range(workers)}
        self._stopped: set[int] = set()

    @property
    def _nobody_can_go_on(self) -> bool:
        return not self._left and all(len(queue) < RESERVE for queue in self._pending.values())

    def _send(self, worker: int, count: int) -> None:
        tests = self._left[:count]
        if tests:
            del self._left[:count]
            self._pending[worker].extend(tests)
            self._orders.run(worker, tests)

    def _stop_all(self) -> None:
        for worker in self._pending:
            self._stop(worker)

    def _stop(self, worker: int) -> None:
        if worker not in self._stopped:
            self._stopped.add(worker)
            self._orders.stop(worker)


class Load(_HandsOut):
    """`load`: a first chunk for all, then smaller ones for workers that run low."""

    def __init__(self, orders: Orders, tests: int, workers: int, chunk: int | None = None) -> None:
        super().__init__(orders, tests, workers)
        self._count = tests
        self._chunk = tests if chunk is None else chunk

    def begin(self) -> None:
        """The first chunk is a quarter of a worker's share, at least two; few tests go round in turns."""
        workers = len(self._pending)
        if self._count < RESERVE * workers:
            for turn in range(self._count):
                self._send(turn % workers, 1)
        else:
            for worker in self._pending:
                self._send(worker, max(min(self._count // workers // 4, self._chunk), RESERVE))
        if not self._left and self._count:
            self._stop_all()
        self._end_if_finished()

    def completed(self, worker: int, test: int, seconds: float) -> None:
        """Refill the worker if it has few tests left, unless its tests are long."""
        self._pending[worker].remove(test)
        if worker not in self._stopped:
            self._refill(worker, seconds)
        self._end_if_finished()

    def returned(self, worker: int, tests: Sequence[int]) -> None:
        """Nobody steals here."""
        raise AssertionError((worker, tests))

    def left(self, worker: int) -> None:
        """Fewer workers share what is left."""
        del self._pending[worker]

    def _refill(self, worker: int, seconds: float) -> None:
        if not self._left:
            self._stop(worker)
            return
        share = len(self._left) // len(self._pending)
        pending = len(self._pending[worker])
        if pending >= max(RESERVE, share // 4) or (seconds >= LONG_SECONDS and pending >= RESERVE):
            return
        self._send(worker, min(max(RESERVE, share // 2) - pending, max(RESERVE - pending, self._chunk)))

    def _end_if_finished(self) -> None:
        if self._nobody_can_go_on:
            self._stop_all()


class WorkSteal(_HandsOut):
    """`worksteal`: an even split in order, then a worker that runs low takes half of the longest queue."""

    def __init__(self, orders: Orders, tests: int, workers: int) -> None:
        super().__init__(orders, tests, workers)
        self._victim: int | None = None

    def begin(self) -> None:
        """Split the tests."""
        if self._left:
            self._balance()
        self._end_if_finished()

    def completed(self, worker: int, test: int, seconds: float) -> None:  # noqa: ARG002 - see `Dispatch`
        """Check which workers run low."""
        self._pending[worker].remove(test)
        self._balance()
        self._end_if_finished()

    def returned(self, worker: int, tests: Sequence[int]) -> None:
        """Pass on what was stolen."""
        self._victim = None
        stolen = set(tests)
        self._pending[worker] = [test for test in self._pending[worker] if test not in stolen]
        self._left.extend(tests)
        self._balance()
        self._end_if_finished()

    def left(self, worker: int) -> None:
        """Check again."""
        self._left.extend(self._pending.pop(worker))
        if self._victim == worker:
            self._victim = None
        self._balance()
        self._end_if_finished()

    def _balance(self) -> None:
        idle = self._idle()
        if self._left and idle:
            for number, worker in enumerate(idle):
                self._send(worker, len(self._left) // (len(idle) - number))
            idle = self._idle()
        if not idle or self._victim is not None:
            return
        running = [worker for worker in self._pending if worker not in self._stopped]
        victim = max(running, key=lambda worker: len(self._pending[worker]))
        queue = self._pending[victim]
        count = min(len(queue) // 2, max(0, len(queue) - RESERVE))
        if count:
            self._victim = victim
            self._orders.steal(victim, queue[-count:])
            return
        for worker in idle:
            self._stop(worker)

    def _idle(self) -> list[int]:
        pending = self._pending.items()
        return [worker for worker, queue in pending if len(queue) < RESERVE and worker not in self._stopped]

    def _end_if_finished(self) -> None:
        if self._victim is None and self._nobody_can_go_on:
            self._stop_all()

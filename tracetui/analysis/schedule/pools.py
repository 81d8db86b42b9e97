"""Ways to hand out tests other than xdist's: a shared queue, and shares that are fixed before the run."""

from collections.abc import Iterator, Sequence

from tracetui.analysis.schedule.dispatch import Orders


class Queue:
    """A shared queue, as in resmoke: a free worker takes the next test."""

    def __init__(self, orders: Orders, tests: int, workers: int) -> None:
        self._orders = orders
        self._workers = workers
        self._left = iter(range(tests))

    def begin(self) -> None:
        """Give each worker a test."""
        for worker in range(self._workers):
            self._next(worker)

    def completed(self, worker: int, test: int, seconds: float) -> None:  # noqa: ARG002 - see `Dispatch`
        """Give the worker the next test."""
        self._next(worker)

    def returned(self, worker: int, tests: Sequence[int]) -> None:
        """Nobody steals here."""
        raise AssertionError((worker, tests))

    def left(self, worker: int) -> None:
        """Nothing to do."""

    def _next(self, worker: int) -> None:
        test = next(self._left, None)
        if test is None:
            self._orders.stop(worker)
        else:
            self._orders.run(worker, (test,))


class Shares:
    """Fixed shares: one process, or the shards of a job."""

    def __init__(self, orders: Orders, shares: Sequence[Sequence[int]]) -> None:
        self._orders = orders
        self._shares = shares

    def begin(self) -> None:
        """Give each worker all its tests."""
        for worker, tests in enumerate(self._shares):
            if tests:
                self._orders.run(worker, tests)
            self._orders.stop(worker)

    def completed(self, worker: int, test: int, seconds: float) -> None:
        """Nothing to do."""

    def returned(self, worker: int, tests: Sequence[int]) -> None:
        """Nobody steals here."""
        raise AssertionError((worker, tests))

    def left(self, worker: int) -> None:
        """Nothing to do."""


def even_shares(took: Sequence[int], shards: int) -> list[list[int]]:
    """Shards of about the same time in order of collection, as pytest-split's `duration_based_chunks`."""
    shares: list[list[int]] = [[] for _ in range(shards)]
    ends = list(_ends(took, shards))
    for test, shard in enumerate(ends):
        shares[shard].append(test)
    return shares


def _ends(took: Sequence[int], shards: int) -> Iterator[int]:
    """The shard of each test: the next one starts when one has its part of the whole."""
    whole, shard, filled = sum(took), 0, 0
    for ns in took:
        if filled * shards >= whole and shard < shards - 1:
            shard, filled = shard + 1, 0
        filled += ns
        yield shard

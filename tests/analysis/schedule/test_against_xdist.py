"""The replicas hand out tests exactly as the scheduler classes of the installed pytest-xdist."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
import xdist
from hypothesis import given
from hypothesis import strategies as st
from xdist.remote import Producer
from xdist.scheduler import (
    LoadFileScheduling,
    LoadGroupScheduling,
    LoadScheduling,
    LoadScopeScheduling,
    WorkStealingScheduling,
)

from tracetui.analysis.schedule.dispatch import Dispatch, Orders
from tracetui.analysis.schedule.policy import Policy, dispatcher
from tracetui.analysis.schedule.workload import Item, Workload
from tracetui.analysis.schedule.xdist_units import file_of, group_of, scope_of

REAL: dict[str, Any] = {
    "load": LoadScheduling,
    "worksteal": WorkStealingScheduling,
    "loadfile": LoadFileScheduling,
    "loadscope": LoadScopeScheduling,
    "loadgroup": LoadGroupScheduling,
}


def test_the_version_that_is_replicated() -> None:
    """Another version may hand out tests otherwise: read its schedulers, then change this."""
    assert xdist.__version__.startswith("3.8")


class Log:
    """Writes down what it is ordered."""

    def __init__(self) -> None:
        self.orders: list[tuple[str, int, tuple[int, ...]]] = []

    def run(self, worker: int, tests: Sequence[int]) -> None:
        self.orders.append(("run", worker, tuple(tests)))

    def steal(self, worker: int, tests: Sequence[int]) -> None:
        self.orders.append(("steal", worker, tuple(tests)))

    def stop(self, worker: int) -> None:
        self.orders.append(("stop", worker, ()))


class Node:
    """A worker as the real schedulers see it."""

    def __init__(self, number: int, log: Log) -> None:
        self.number, self._log = number, log
        self.gateway = SimpleNamespace(id=f"gw{number}")
        self.shutting_down = False

    def send_runtest_some(self, indices: Sequence[int]) -> None:
        self._log.run(self.number, indices)

    def send_steal(self, indices: Sequence[int]) -> None:
        self._log.steal(self.number, indices)

    def shutdown(self) -> None:
        if not self.shutting_down:
            self._log.stop(self.number)
        self.shutting_down = True


class Real:
    """One of xdist's schedulers, driven as `xdist.dsession.DSession` drives it."""

    def __init__(self, log: Orders, names: Sequence[str], policy: Policy, workers: int) -> None:
        assert isinstance(log, Log)
        self._names = names
        self._nodes = [Node(number, log) for number in range(workers)]
        config = SimpleNamespace(
            getoption=lambda name: policy.chunk if name == "maxschedchunk" else None,
            getvalue=lambda _name: ["popen"] * workers,
            option=SimpleNamespace(loadscopereorder=True),
        )
        self._scheduler = REAL[policy.dist](config, Producer("test", enabled=False))
        self._is_over = False

    def begin(self) -> None:
        for node in self._nodes:
            self._scheduler.add_node(node)
        for node in self._nodes:
            self._scheduler.add_node_collection(node, self._names)
        self._scheduler.schedule()
        self._look_whether_over()

    def completed(self, worker: int, test: int, seconds: float) -> None:
        self._scheduler.mark_test_complete(self._nodes[worker], test, seconds)
        self._look_whether_over()

    def returned(self, worker: int, tests: Sequence[int]) -> None:
        self._scheduler.remove_pending_tests_from_node(self._nodes[worker], tests)
        self._look_whether_over()

    def left(self, worker: int) -> None:
        if self._nodes[worker] in self._scheduler.nodes:
            assert self._scheduler.remove_node(self._nodes[worker]) is None
        self._look_whether_over()

    def _look_whether_over(self) -> None:
        if self._scheduler.tests_finished and not self._is_over:
            self._is_over = True
            for node in self._scheduler.nodes:
                node.shutdown()


class Played:
    """Workers of which chance says who goes on: one step of one of them after the other."""

    def __init__(self, make: Any, workers: int, chances: Sequence[int], seconds: Sequence[float]) -> None:
        self.log = Log()
        self.dispatch: Dispatch = make(self.log)
        self._queues: list[list[int]] = [[] for _ in range(workers)]
        self._held: list[int | None] = [None] * workers
        self._stopped = [False] * workers
        self._gone = [False] * workers
        self._seen = 0
        self._chances, self._seconds = chances, seconds

    def play(self) -> list[tuple[str, int, tuple[int, ...]]]:
        self.dispatch.begin()
        self._obey()
        for turn in range(100_000):
            ready = [number for number in range(len(self._queues)) if self._can_go_on(number)]
            if not ready:
                return self.log.orders
            chance = self._chances[turn % len(self._chances)] if self._chances else 0
            self._go_on(ready[chance % len(ready)])
            self._obey()
        raise AssertionError("it does not end")

    def _can_go_on(self, number: int) -> bool:
        if self._gone[number]:
            return False
        known = len(self._queues[number]) + (self._held[number] is not None)
        return self._stopped[number] or known >= 2

    def _go_on(self, number: int) -> None:
        queue = self._queues[number]
        if self._held[number] is None and queue:
            self._held[number] = queue.pop(0)
        test = self._held[number]
        if test is None:
            self._gone[number] = True
            self.dispatch.left(number)
            return
        self._held[number] = queue.pop(0) if queue else None
        self.dispatch.completed(number, test, self._seconds[test])

    def _obey(self) -> None:
        while self._seen < len(self.log.orders):
            verb, number, tests = self.log.orders[self._seen]
            self._seen += 1
            if verb == "run":
                self._queues[number] += tests
            elif verb == "stop":
                self._stopped[number] = True
            else:
                queue = self._queues[number]
                stolen = [test for test in queue if test in tests]
                if len(stolen) < len(tests):
                    stolen = []
                self._queues[number] = [test for test in queue if test not in stolen]
                self.dispatch.returned(number, stolen)


@st.composite
def suites(draw: st.DrawFn) -> list[str]:
    """Node ids: files with functions and classes, some of them in a group."""
    names = []
    for number in range(draw(st.integers(0, 60))):
        file, kind = draw(st.integers(0, 5)), draw(st.integers(0, 3))
        group = draw(st.sampled_from(["", "", "", "@g1", "@g2"]))
        scope = f"test_{file}.py" + (f"::Test{kind}" if kind > 1 else "")
        names.append(f"{scope}::test_{number}[a@b]{group}")
    return names


@pytest.mark.parametrize("dist", REAL)
@given(
    names=suites(),
    workers=st.integers(1, 9),
    chunk=st.one_of(st.none(), st.integers(0, 8)),
    chances=st.lists(st.integers(0, 8), max_size=40),
    long=st.lists(st.sampled_from([0.01, 0.0999, 0.1, 0.5]), min_size=60, max_size=60),
)
def test_the_same_orders(
    dist: str,
    names: list[str],
    workers: int,
    chunk: int | None,
    chances: list[int],
    long: list[float],
) -> None:
    """At the same events the replica orders the same, in the same order."""
    policy = Policy(dist, chunk)
    items = tuple(Item(name, file_of(name), scope_of(name), group_of(name), 1) for name in names)
    workload = Workload(items, (), (), (), 0, 1, "load")
    real = Played(lambda log: Real(log, names, policy, workers), workers, chances, long)
    replica = Played(lambda log: dispatcher(log, workload, policy, workers), workers, chances, long)
    expected = real.play()
    assert replica.play() == expected
    run = [test for verb, _, tests in expected if verb == "run" for test in tests]
    assert set(run) == set(range(len(names)))

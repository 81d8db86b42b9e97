"""Simulates a run of a workload, event by event: which worker runs which test when.

The computing parts of what runs at the same time share the cores; waiting does not (processor sharing: see
`slowdown`). Times are ns from when the dispatcher begins.
"""

import heapq
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import repeat
from typing import NamedTuple

import numpy as np

from tracetui.analysis.schedule.activity import STOP, activities
from tracetui.analysis.schedule.activity import UNDECIDED as NOTHING
from tracetui.analysis.schedule.dispatch import Dispatch
from tracetui.analysis.schedule.policy import Policy, dispatcher
from tracetui.analysis.schedule.workload import Workload

LATENCY_NS = 500_000
"""How long a message takes from a worker to who hands out tests, and back."""
FEW = 4
"""The numbers of more than twice as many tests are worked out in halves."""
SHARE_STEPS = 40
"""Shares of computing are told apart in so many steps, so that a slowdown is worked out once for most."""


class Draw(NamedTuple):
    """The random part: a duration factor for each test, pauses between tests, start times of workers.

    `busy` is how many times as much other work the machine has as when the run was recorded.
    """

    factors: Sequence[float]
    gaps_ns: Iterator[int]
    skews_ns: Sequence[int]
    busy: float = 1.0


class Schedule(NamedTuple):
    """Which worker ran what when: by test, in the workload's order. Times in ns from the start of the first
    test.

    A test that no worker got has worker -1.
    """

    worker: list[int]
    start_ns: list[int]
    end_ns: list[int]
    wall_ns: int


def simulate(workload: Workload, policy: Policy, workers: int, draw: Draw | None = None) -> Schedule:
    """The schedule on `workers`; without a `draw` with typical pauses and simultaneous starts."""
    if policy.dist == "no":
        workers = 1
    if draw is None:
        draw = Draw((), repeat(typical(workload.gaps_ns)), ())
    run = _Run(workload, policy, workers, draw)
    run.to_the_end()
    began = min((ns for ns in run.start_ns if ns >= 0), default=0)
    wall = max(run.end_ns, default=0) - began if workload.items else 0
    shift = [round(ns - began) if ns >= 0 else 0 for ns in run.start_ns]
    ends = [round(ns - began) if ns >= 0 else 0 for ns in run.end_ns]
    return Schedule(run.worker, shift, ends, max(0, round(wall)))


def typical(values: Sequence[int]) -> int:
    """The median, 0 of none."""
    return sorted(values)[len(values) // 2] if values else 0


def slowdown(shares: Sequence[float], cores: int, others: float = 0.0) -> float:
    """The factor by which computing takes longer, given the share of time that each running test computes.

    It is the mean over all moments: tests compute and wait by turns, so that at times more of them want a
    core than there are, even where all together need fewer. A closed network with one station that all share
    equally (Baskett, Chandy, Muntz and Palacios, 1975): while k tests compute, beside `others` that always
    do, they are served at the rate `min(k, cores k / (k + others))`. Shares are rounded to 1 / `SHARE_STEPS`.
    """
    if len(shares) + others <= cores:
        return 1.0
    steps = sorted(round(share * SHARE_STEPS) for share in shares)
    return _slowdown(tuple(steps), cores, others)


@lru_cache(1 << 14)
def _slowdown(steps: tuple[int, ...], cores: int, others: float) -> float:
    weight, computing, served = 1.0, 0.0, 0.0
    likely = _numbers([step / SHARE_STEPS for step in steps])
    for number in range(1, len(likely)):
        rate = min(float(number), cores * number / (number + others))
        weight *= number / rate
        computing += likely[number] * weight * number
        served += likely[number] * weight * rate
    return computing / served if served else 1.0


def _numbers(shares: Sequence[float]) -> list[float]:
    """How likely it is that none, one, two, ... of independent tests compute: O(n^2)."""
    halves = len(shares) // 2
    if halves > FEW:
        return np.convolve(_numbers(shares[:halves]), _numbers(shares[halves:])).tolist()
    likely = [1.0]
    for share in shares:
        waits = [(1 - share) * each for each in likely]
        computes = [share * each for each in likely]
        likely = [a + b for a, b in zip([*waits, 0.0], [0.0, *computes], strict=True)]
    return likely


def others_beside(shares: Sequence[float], cores: int, factor: float) -> float:
    """How many others, computing all the time, make computing take `factor` times as long: see `slowdown`."""
    low, high = 0.0, cores * factor
    if slowdown(shares, cores) >= factor:
        return low
    while high - low > 1e-4 * cores:
        middle = (low + high) / 2
        low, high = (middle, high) if slowdown(shares, cores, middle) < factor else (low, middle)
    return high


class _Run:
    """The state of a run; it is the `Orders` of its dispatcher."""

    def __init__(self, workload: Workload, policy: Policy, workers: int, draw: Draw) -> None:
        count = len(workload.items)
        self.worker = [-1] * count
        self.start_ns: list[float] = [-1.0] * count
        self.end_ns: list[float] = [-1.0] * count
        self._reserve = policy.keeps_reserve
        self._latency = float(LATENCY_NS) if self._reserve else 0.0
        self._gaps = draw.gaps_ns
        self._cores = workload.cores if workload.knows_computing else 0
        self._others = workload.others * draw.busy
        self._activity = activities(workload, draw.factors)
        self._on = [_Worker() for _ in range(workers)]
        self._busy: dict[int, _Worker] = {}
        self._messages: list[tuple[float, int, Callable[[], None]]] = []
        self._sent = 0
        self._now = 0.0
        self._changed = False
        self._dispatch: Dispatch = dispatcher(self, workload, policy, workers)
        for worker, skew in zip(self._on, draw.skews_ns, strict=False):
            worker.not_before = float(skew)

    def run(self, worker: int, tests: Sequence[int]) -> None:
        """See `Orders`."""
        batch = tuple(tests)
        self._send(lambda: self._enqueue(worker, batch))

    def stop(self, worker: int) -> None:
        """See `Orders`."""
        self._send(lambda: self._enqueue(worker, (STOP,)))

    def steal(self, worker: int, tests: Sequence[int]) -> None:
        """See `Orders`."""
        wanted = frozenset(tests)

        def give() -> None:
            queue = self._on[worker].queue
            has_all = wanted <= set(queue)
            given = [test for test in queue if test in wanted] if has_all else []
            if has_all:
                self._on[worker].queue = deque(test for test in queue if test not in wanted)
            self._send(lambda: self._dispatch.returned(worker, given))

        self._send(give)

    def to_the_end(self) -> None:
        """Run from the first order until nothing happens any more."""
        self._dispatch.begin()
        while self._messages or self._busy:
            worker, until = self._next_to_finish()
            if self._messages and self._messages[0][0] <= until:
                time_ns, _, message = heapq.heappop(self._messages)
                self._advance(time_ns)
                message()
            else:
                self._advance(until)
                self._finish(worker)

    def _send(self, message: Callable[[], None], after_ns: float | None = None) -> None:
        self._sent += 1
        at = self._now + (self._latency if after_ns is None else after_ns)
        heapq.heappush(self._messages, (at, self._sent, message))

    def _enqueue(self, worker: int, tests: Sequence[int]) -> None:
        self._on[worker].queue.extend(tests)
        self._begin(worker)

    def _begin(self, number: int) -> None:
        """Start the next test of a free worker, if it knows enough to."""
        worker = self._on[number]
        if number in self._busy or worker.has_ended:
            return
        if worker.held == NOTHING and worker.queue:
            worker.held = worker.queue.popleft()
        if worker.held in (STOP, NOTHING):
            if worker.held == STOP:
                worker.has_ended = True
                self._send(lambda: self._dispatch.left(number))
            return
        if not worker.queue and self._reserve:
            return
        if worker.not_before > self._now:
            self._send(lambda: self._begin(number), worker.not_before - self._now)
            return
        worker.test, worker.held = worker.held, worker.queue.popleft() if worker.queue else NOTHING
        self.worker[worker.test] = number
        self.start_ns[worker.test] = worker.began = self._now
        self._work_on(number, self._activity.of(worker.test, worker.held, worker.active))

    def _work_on(self, number: int, what: tuple[float, float]) -> None:
        worker = self._on[number]
        worker.left, worker.share = what
        self._busy[number] = worker
        self._changed = True

    def _finish(self, number: int) -> None:
        """End a test, or the pause after one."""
        worker, test = self._on[number], self._on[number].test
        del self._busy[number]
        self._changed = True
        if test == NOTHING:
            self._begin(number)
            return
        self.end_ns[test] = self._now
        worker.test = NOTHING
        seconds = (self._now - worker.began) / 1e9
        self._send(lambda: self._dispatch.completed(number, test, seconds))
        self._work_on(number, (float(next(self._gaps)), 1.0 if self._cores else 0.0))

    def _next_to_finish(self) -> tuple[int, float]:
        if self._changed and self._cores:
            self._share_cores()
        self._changed = False
        first, least = -1, float("inf")
        for number, worker in self._busy.items():
            needs = worker.left * worker.stretch
            if needs < least:
                first, least = number, needs
        return first, self._now + least

    def _share_cores(self) -> None:
        factor = slowdown([worker.share for worker in self._busy.values()], self._cores, self._others)
        for worker in self._busy.values():
            worker.stretch = 1 - worker.share + worker.share * factor

    def _advance(self, time_ns: float) -> None:
        passed, self._now = time_ns - self._now, time_ns
        if passed > 0:
            for worker in self._busy.values():
                worker.left -= passed / worker.stretch


class _Worker:
    """A worker: its queue, the test that it `held` from it as the next, and its current work.

    `left` is what is left of that at full speed, in ns, `share` the part of it that computes, and `stretch`
    its present slowdown. `active` are the fixtures that are set up.
    """

    __slots__ = (
        "active",
        "began",
        "has_ended",
        "held",
        "left",
        "not_before",
        "queue",
        "share",
        "stretch",
        "test",
    )

    def __init__(self) -> None:
        self.queue: deque[int] = deque()
        self.held = NOTHING
        self.test = NOTHING
        self.began = 0.0
        self.left = 0.0
        self.share = 0.0
        self.stretch = 1.0
        self.not_before = 0.0
        self.has_ended = False
        self.active: set[int] = set()

"""The best of all ways to run a workload, by simulation, compared with a run without a plan."""

from collections.abc import Sequence
from itertools import repeat
from random import Random
from typing import NamedTuple

from tracetui.analysis.plan.ways import UNITS, Way, in_order, ways
from tracetui.analysis.schedule.simulation import Draw, simulate, typical
from tracetui.analysis.schedule.workload import Workload

NOISE = 0.12
"""By how much a test differs from run to run: the typical standard deviation of its logarithm."""
DRAWS = 5
MOST_STEPS = 200_000
"""Simulated tests in all draws of a way: of a larger workload there are fewer draws."""
WORTH = 0.98
"""A plan that saves less than a fiftieth is none: chance is larger."""
AS_GOOD = 1.005
"""Of ways that are so close the simpler one is better."""


class Tried(NamedTuple):
    """A way to run the tests, and the run's duration with it: the mean of some draws, in ns."""

    way: Way
    wall_ns: int


class Choice(NamedTuple):
    """The `best` of the ways `tried` (best first) for `workers`, `unordered`, and the best case.

    `best` is `unordered` if nothing is worth it.
    """

    workers: int
    best: Tried
    unordered: Tried
    tried: tuple[Tried, ...]
    floor_ns: int


def choose(workload: Workload, workers: int, dists: Sequence[str] = ()) -> Choice:
    """The best of the ways in `dists`, by default those that keep together what the recorded run did.

    O(ways * draws * tests).
    """
    candidates = list(ways(workload, workers, dists or dists_for(workload)))
    tried = [Tried(way, mean_wall_ns(in_order(workload, way), way, workers)) for way in candidates]
    unordered = tried[0]
    least = min(trial.wall_ns for trial in tried)
    best = next(trial for trial in tried if trial.wall_ns <= least * AS_GOOD)
    if best.wall_ns > unordered.wall_ns * WORTH:
        best = unordered
    tried.sort(key=lambda trial: trial.wall_ns)
    return Choice(workers, best, unordered, tuple(tried), floor_ns(workload, workers))


def dists_for(workload: Workload) -> tuple[str, ...]:
    """The ways to hand out tests that keep together what the recorded run kept together."""
    if workload.dist in UNITS or workload.dist == "queue":
        return (workload.dist,)
    return ("load", "worksteal")


def mean_wall_ns(workload: Workload, way: Way, workers: int, seed: int = 1) -> int:
    """The mean duration of a workload in a way's order, with the usual variation of its tests."""
    random = Random(seed)
    draws = max(1, min(DRAWS, MOST_STEPS // max(1, len(workload.items))))
    walls = []
    for _ in range(draws):
        factors = [random.lognormvariate(-NOISE * NOISE / 2, NOISE) for _ in workload.items]
        draw = Draw(factors, repeat(typical(workload.gaps_ns)), ())
        walls.append(simulate(workload, way.policy, workers, draw).wall_ns)
    return sum(walls) // draws


def floor_ns(workload: Workload, workers: int) -> int:
    """The best case: all tests spread evenly, or the longest of them, without any fixture."""
    took = [item.took_ns for item in workload.items]
    return max(sum(took) // workers, max(took, default=0))

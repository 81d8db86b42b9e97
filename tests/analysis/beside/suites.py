"""Suites whose tests run in a random order on some workers, over and over; now and then one goes badly."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from tests.builders import T0, Json, S, case, line, snapshot, span
from tracetui.analysis.study.findings import Findings, study

HOUR = 3600 * S
VICTIM, CULPRIT = "test_0", "test_1"
MOST_RUNS = 1000
LATER = T0 + 2 * MOST_RUNS * HOUR
"""When somebody looks at them."""


class Moment(NamedTuple):
    """A test of a run as it was planned, times in s after the start of the run."""

    name: str
    lane: int
    start: float
    length: float

    def meets(self, other: "Moment") -> bool:
        """Whether they ran at the same time."""
        return self.start < other.start + other.length and other.start < self.start + self.length


Plan = list[Moment]
Goes = Callable[[Moment, Plan, np.random.Generator], tuple[str, float]]
"""How the victim goes in a run, and how much longer it takes."""


def plans(seed: int, tests: int = 40, lanes: int = 4) -> Iterator[tuple[Plan, np.random.Generator]]:
    """One run after the other; tests take 0.1 to 3 s, and about as long each time."""
    random = np.random.default_rng(seed)
    usual = np.clip(random.lognormal(-0.5, 0.8, tests), 0.1, 3)
    while True:
        free, plan = [0.0] * lanes, []
        for test in random.permutation(tests).tolist():
            lane = int(np.argmin(free))
            length = float(usual[test] * random.lognormal(0, 0.12))
            plan.append(Moment(f"test_{test}", lane, free[lane], length))
            free[lane] += length + 0.001
        yield plan, random


def recorded(seed: int, goes: Goes, bad: int, tests: int = 40) -> Findings:
    """So many runs that the victim went badly `bad` times."""
    parts, left = [], bad
    for number, (plan, random) in enumerate(plans(seed, tests)):
        victim = next(moment for moment in plan if moment.name == VICTIM)
        outcome, longer = goes(victim, plan, random)
        left -= outcome == "failed" or longer > 0
        parts.append(_run(number, plan, outcome, longer))
        if not left or number == MOST_RUNS:
            break
    found = snapshot(b"".join(parts))
    return study(found, LATER)


def _run(number: int, plan: Plan, outcome: str, longer: float) -> bytes:
    at, trace = T0 + number * HOUR, f"{number + 1:032x}"
    top = span("s", {"tracetui.span.role": "suite"}, start=at, end=at + 600 * S, trace=trace)
    tests: list[Json] = []
    for moment in plan:
        is_victim = moment.name == VICTIM
        start = at + round(moment.start * S)
        end = start + round((moment.length + longer * is_victim) * S)
        went = outcome if is_victim else "passed"
        worker = f"gw{moment.lane}"
        tests.append(case(moment.name, went, worker, start=start, end=end, parent=top, trace=trace))
    return line(top, *tests)


def title(findings: Findings, name: str = VICTIM) -> int:
    """The number of a test's title."""
    return list(findings.snapshot.texts).index(name)


def meets_culprit(victim: Moment, plan: Plan) -> bool:
    """Whether the victim runs beside the culprit in a run."""
    return any(victim.meets(other) for other in plan if other.name == CULPRIT)

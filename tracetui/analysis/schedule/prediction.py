"""How long a run will take, with a range, and why the recording may not suffice to tell."""

import random
from collections.abc import Iterator, Sequence
from statistics import median
from typing import NamedTuple

from tracetui.analysis.schedule.policy import Policy
from tracetui.analysis.schedule.simulation import Draw, simulate
from tracetui.analysis.schedule.workload import Workload

DRAWS = 25
"""So many runs are simulated, each with other pauses, starts and slightly other tests."""
NOISE = 0.05
"""By how much a test's time differs from run to run: the standard deviation of its logarithm."""
MODEL_ERROR = 0.03
"""What the model is off by beside chance: in 24 runs of suites that wait its error was 1.4 to 2.0 % in the
median and 5.1 % at most (tests/benchmarks/README.md)."""
SHARING_ERROR = 0.1
"""The same where workers may share cores: in 18 runs of suites that compute 4.5 % in the median, 13 % at
most."""
SHARED = 0.25
"""Workers may share cores where there are more of them and all together compute such a part of all cores."""
SATURATED = 0.9
"""Where so much of all cores is used, waiting for one cannot be told from waiting for anything else, unless
it was recorded."""
PRESSED = 0.5
"""Where something waited for a processor for such a part of the run, tests that only seem to wait may have
children that did."""
MOST_DEMAND = 2.5
"""How sharing cores slows tests down was measured up to about this many times the cores."""


class Prediction(NamedTuple):
    """Times from the start of the first test to the end of the last, in ns.

    `predicted_ns` is the median of the simulated runs, `low_ns` and `high_ns` enclose nine of ten of them and
    the model's own error, a share of them. In the middle one the machine has as much other work as it had,
    in others from none to twice as much. `outside` says why the recording cannot tell, or is None.
    """

    recorded_ns: int
    predicted_ns: int
    low_ns: int
    high_ns: int
    outside: str | None
    model_error: float


def predict(
    workload: Workload,
    policy: Policy,
    workers: int,
    recorded: Workload | None = None,
    draws: int = DRAWS,
) -> Prediction:
    """How long the workload takes on `workers`; `recorded` is the workload before it was changed."""
    walls = sorted(
        simulate(workload, policy, workers, draw).wall_ns for draw in _draws(workload, draws, workers)
    )
    error = model_error(workload, policy, workers)
    low, high = walls[round(0.05 * (draws - 1))], walls[round(0.95 * (draws - 1))]
    return Prediction(
        recorded_ns=(recorded or workload).recorded_ns,
        predicted_ns=round(median(walls)),
        low_ns=round(low * (1 - error)),
        high_ns=round(high * (1 + error)),
        outside=outside(workload, policy, workers),
        model_error=error,
    )


def model_error(workload: Workload, policy: Policy, workers: int) -> float:
    """The share by which the model may be off, beside chance."""
    workers = 1 if policy.dist == "no" else workers
    demand = workers * workload.computing_share
    return (
        SHARING_ERROR if workers > workload.cores > 0 and demand >= SHARED * workload.cores else MODEL_ERROR
    )


def _draws(workload: Workload, count: int, workers: int) -> Iterator[Draw]:
    for number in range(count):
        chance = random.Random(number)
        gaps, skews = workload.gaps_ns or [0], workload.skews_ns or [0]
        yield Draw(
            [chance.lognormvariate(0, NOISE) for _ in workload.items],
            _any_of(gaps, chance),
            [0, *(chance.choice(skews) for _ in range(workers - 1))],
            busy=2 * number / (count - 1) if count > 1 else 1.0,
        )


def _any_of(values: Sequence[int], chance: random.Random) -> Iterator[int]:
    while True:
        yield chance.choice(values)


def outside(workload: Workload, policy: Policy, workers: int) -> str | None:
    """Why the recording cannot tell how long that takes; None if it can."""
    if workload.doubts:
        return workload.doubts[0]
    if policy.dist == "loadgroup" and all(item.group == item.name for item in workload.items):
        return "no test of the recording names an xdist_group, which older versions did not record"
    return _contention(workload, workers)


def _contention(workload: Workload, workers: int) -> str | None:
    """Why contention between workers is unknown; None up to the recorded number of workers, and of cores."""
    cores, ran_on = workload.cores, workload.workers
    if workers <= ran_on:
        return None
    if workload.pressure >= PRESSED and not workload.others:
        share = f"{workload.pressure:.0%}"
        return f"for {share} of the run something waited for a processor: more workers may as well"
    if cores and workers <= cores:
        return None
    if not workload.knows_computing:
        return f"no processor time is recorded: more workers than {ran_on} may slow each other down"
    demand = workers * workload.computing_share
    if not cores:
        return None if demand <= 1 else "the recording does not say how many cores there were"
    is_full = ran_on > cores and ran_on * workload.computing_share > SATURATED * cores
    if is_full and not workload.queued_share:
        return f"its {ran_on} workers waited for {cores} cores: record it on fewer workers"
    if demand > MOST_DEMAND * cores:
        return f"{workers} workers would need {demand:.0f} cores, and there are {cores}"
    return None

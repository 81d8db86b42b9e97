"""Made-up histories: tests whose durations vary from run to run, with changes planted in some."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tests.builders import MS, T0, S
from tracetui.analysis.history.records import DTYPES, Columns, Records, RunHead, Variant
from tracetui.analysis.history.series import Series, speed
from tracetui.model.role import Outcome, Role


class Planted(NamedTuple):
    """From run `at` on a test takes `factor` times as long."""

    at: int
    factor: float


def durations(
    rng: np.random.Generator,
    tests: int,
    runs: int,
    planted: Mapping[int, tuple[Planted, ...]] | None = None,
    run_speed: float = 0.1,
    stalls: float = 0.02,
) -> NDArray[np.float64]:
    """By test and run what it took, in ns: sigma 3 to 80 %, around 12 % for most; runs differ by `run_speed`.

    A share of `stalls` takes 30 to 150 % longer.
    """
    level = np.exp(rng.normal(np.log(0.2 * S), 1.2, (tests, 1)))
    sigma = np.clip(np.exp(rng.normal(np.log(0.12), 0.7, (tests, 1))), 0.03, 0.8)
    logs = np.log(level) + sigma * rng.standard_normal((tests, runs)) + run_speed * rng.standard_normal(runs)
    late = rng.random((tests, runs)) < stalls
    logs = np.where(late, logs + np.log(rng.uniform(1.3, 2.5, (tests, runs))), logs)
    for test, changes in (planted or {}).items():
        for change in changes:
            logs[test, change.at :] += np.log(change.factor)
    return np.exp(logs)


def table(took_ns: NDArray[np.float64], at_least: NDArray[np.bool_] | None = None) -> Series:
    """What `series` makes of such tests."""
    tests, runs = took_ns.shape
    bounds = np.zeros(took_ns.shape, np.bool_) if at_least is None else at_least
    return Series(
        suite="s",
        job="",
        runs=np.arange(runs),
        names=tuple(f"t{number}" for number in range(tests)),
        took_ns=took_ns,
        at_least=bounds,
        outcome=np.full(took_ns.shape, Outcome.PASSED, np.uint8),
        calls=np.ones(took_ns.shape, np.int64),
        speed=speed(took_ns, bounds),
    )


def recorded(took_ns: NDArray[np.float64]) -> Records:
    """The records of such runs, an hour apart."""
    tests, runs = took_ns.shape
    columns = {name: np.zeros(tests * runs, dtype) for name, dtype in DTYPES.items()}
    columns["run"] = np.repeat(np.arange(runs, dtype=np.int32), tests)
    columns["name"] = np.tile(np.arange(tests, dtype=np.int32), runs)
    columns["role"][:], columns["outcome"][:] = Role.TEST, Outcome.PASSED
    columns["attempt"][:] = columns["count"][:] = 1
    columns["own_ns"] = took_ns.T.astype(np.int64).ravel()
    columns["total_ns"] = columns["own_ns"] + MS
    heads = [head(number, tests) for number in range(runs)]
    return Records(heads, [f"a.py::t{number}" for number in range(tests)], Columns(**columns))


def head(number: int, tests: int, suite: str = "s", **more: Any) -> RunHead:
    """A run that began `number` hours after the first."""
    start = T0 + number * 3600 * S
    made = RunHead(
        suite=suite,
        job="",
        run_id="",
        attempt=1,
        start_ns=start,
        end_ns=start + 600 * S,
        state="ended",
        outcome=Outcome.PASSED,
        revision="",
        branch="",
        variant=Variant(),
        workers=1,
        tests=tests,
        key=number + 1,
    )
    return made._replace(**more)

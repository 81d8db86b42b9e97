"""A store of all runs that answers from memory, and its app on a screen that nobody sees."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import numpy as np

from tests.builders import MS, T0, S
from tests.ui.showing import Shown, Size
from tracetui.analysis.history.change_points import trends
from tracetui.analysis.history.over_runs import HistoryValue
from tracetui.analysis.history.records import RunHead, Variant
from tracetui.analysis.history.series import Series
from tracetui.errors import InputError
from tracetui.model.role import Outcome
from tracetui.ui.feed.fitting_mode import SpanIds
from tracetui.ui.fleet.answers import (
    NOWHERE,
    FleetRanking,
    FleetRun,
    FleetTest,
    OneTest,
    Place,
    Recording,
)
from tracetui.ui.fleet.app import FleetApp

RUNS, AT, FAILED = 20, 12, 9
"""So many runs; from run 12 on each test takes twice as long, and in run 9 it failed."""
NAMES = ("tests/test_depot.py::test_slow", *(f"tests/test_yard.py::test_{place}" for place in range(9)))


class Answers:
    """Tests over twenty runs; what has `gone` is not there any more; while `broken` nothing is answered."""

    def __init__(self, *, gone: bool = False, broken: bool = False, tests: int = len(NAMES)) -> None:
        self.gone = gone
        self.broken = broken
        self.tests = tests
        self.asked: list[str] = []

    def ranking(self) -> FleetRanking:
        """Tests, those that take most first."""
        self._ask("ranking")
        made = [_test(name, (20 - place) * 100 * MS, place) for place, name in enumerate(NAMES[: self.tests])]
        return FleetRanking(made, f"{len(made)} tests took 41.3s", "20 runs, 2026-09-21 to 2026-10-04 UTC")

    def one(self, test: str) -> OneTest:
        """A test that became slower."""
        self._ask(test)
        heads = [_head(number) for number in range(RUNS)]
        noise = np.random.default_rng(1).uniform(0.95, 1.05, RUNS)
        took = np.where(np.arange(RUNS) >= AT, 2.0, 1.0) * S * noise
        took[FAILED] = np.nan
        told = HistoryValue(heads, "test", trends([_series(test, took)]), 1, test)
        runs = [_run(head, S if np.isnan(took[head.key]) else int(took[head.key])) for head in heads]
        return OneTest(test, told, runs[::-1])

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if self.broken:
            raise InputError("the store does not answer")

    def recording(self, run: FleetRun) -> Recording:
        """Where it lies."""
        if self.gone:
            raise InputError(f"the recording is gone; it was {run.source}")
        return Recording([run.source], SpanIds(run.trace, run.span))


def _test(name: str, each_ns: int, failed: int) -> FleetTest:
    total = each_ns * RUNS
    return FleetTest(
        name, RUNS, failed, total, total, each_ns, each_ns, 2 * each_ns, 3 * each_ns, 0.05, -1, 0, runs=RUNS
    )


def _head(number: int) -> RunHead:
    at = T0 + number * 3600 * S
    return RunHead(
        suite="depot",
        job="linux",
        run_id=f"run-{number}",
        attempt=1,
        start_ns=at,
        end_ns=at + 60 * S,
        state="ended",
        outcome=Outcome.PASSED,
        revision=f"{number:02d}c0ffee42",
        branch="main",
        variant=Variant(),
        workers=1,
        tests=10,
        key=number,
    )


def _run(head: RunHead, own_ns: int) -> FleetRun:
    return FleetRun(
        start_ns=head.start_ns,
        run=head.run_id,
        attempt=head.attempt,
        branch=head.branch,
        revision=head.revision,
        suite=head.suite,
        variant=head.job,
        outcome=Outcome.FAILED if head.key == FAILED else Outcome.PASSED,
        own_ns=own_ns,
        source=f"/recordings/{head.run_id}.traces.jsonl",
        trace=f"{head.key + 1:032x}",
        span=f"{1:016x}",
    )


def _series(test: str, took: "np.typing.NDArray[np.float64]") -> Series:
    there = ~np.isnan(took)[None, :]
    return Series(
        suite="depot",
        job="linux",
        runs=np.arange(RUNS),
        names=(test,),
        took_ns=took[None, :],
        at_least=np.zeros((1, RUNS), np.bool_),
        outcome=np.where(there, np.uint8(Outcome.PASSED), np.uint8(Outcome.UNKNOWN)),
        calls=there.astype(np.int64),
        speed=np.ones(RUNS),
        is_speed_known=True,
    )


@asynccontextmanager
async def all_runs(answers: Answers, size: Size = (80, 24), place: Place = NOWHERE) -> AsyncIterator[Shown]:
    """The app over these answers, once it has nothing more to ask."""
    app = FleetApp(answers, None, place)
    async with app.run_test(size=size, notifications=True) as pilot:
        shown = Shown(cast("Any", app), pilot)
        await shown.settle()
        yield shown


def fleet_app(shown: Shown) -> FleetApp:
    """The app that is shown."""
    return cast("FleetApp", shown.app)

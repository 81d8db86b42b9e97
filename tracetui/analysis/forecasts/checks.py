"""Compares forecasts with the runs that came after them."""

from collections.abc import Iterable, Sequence
from statistics import median
from typing import Literal, NamedTuple

import numpy as np
from msgspec import Struct

from tracetui.analysis.history.run_records import jobs_with_tests, records
from tracetui.analysis.study.findings import Findings
from tracetui.model.role import Outcome, Role

Kind = Literal["plan", "what-if", "eta"]
LAST = 10
"""So many of the newest checks say how good forecasts are."""
_NOT_RUN = (Outcome.SKIPPED, Outcome.RUNNING)


class Forecast(Struct, frozen=True):
    """A prediction of a run's duration, made at `made_ns` (since the epoch): in nine of ten cases from
    `low_ns` to `high_ns`.

    It is for the next run of `suite` on `workers` workers, with tests handed out as `dist` says and by the
    plan of this id (both may be empty); an `eta` is for the run that began at `start_ns`. It counts from the
    start of the first test to the end of the last, an `eta` the whole run. Texts are foreign.
    """

    kind: Kind
    made_ns: int
    suite: str
    workers: int
    predicted_ns: int
    low_ns: int
    high_ns: int
    dist: str = ""
    plan: str = ""
    start_ns: int = 0


class Measured(NamedTuple):
    """The result of one run (one job of it): times in ns, `tests_ns` from its first test to its last."""

    suite: str
    start_ns: int
    workers: int
    dist: str
    plan: str
    tests_ns: int
    run_ns: int


class Check(NamedTuple):
    """A forecast with the run it was made for."""

    forecast: Forecast
    measured_ns: int

    @property
    def error(self) -> float:
        """The forecast's relative error: positive if it was too long."""
        return self.forecast.predicted_ns / self.measured_ns - 1

    @property
    def is_within(self) -> bool:
        """Whether the run was within the forecast's range."""
        return self.forecast.low_ns <= self.measured_ns <= self.forecast.high_ns


class Accuracy(NamedTuple):
    """Over the last `n` checks: the median of the absolute errors, and how many runs were within their range.

    `waiting` kinds have a newer forecast that no run has met yet. Without a check `error` is None.
    """

    n: int
    error: float | None
    within: int
    waiting: int


def accuracy(forecasts: Sequence[Forecast], runs: Iterable[Measured], last: int = LAST) -> Accuracy:
    """How good the last forecasts were."""
    checks = checked(forecasts, runs)
    newest = checks[-last:]
    error = median(abs(check.error) for check in newest) if newest else None
    newest_ns = max((check.forecast.made_ns for check in checks), default=0)
    waiting = {forecast.kind for forecast in forecasts if forecast.made_ns > newest_ns}
    return Accuracy(len(newest), error, sum(check.is_within for check in newest), len(waiting))


def checked(forecasts: Iterable[Forecast], runs: Iterable[Measured]) -> list[Check]:
    """The forecasts that met their run, in the order of these runs.

    A run checks the last forecast of each kind before it: asking twice does not count twice.
    """
    known = sorted(runs, key=lambda run: run.start_ns)
    last: dict[tuple[int, Kind], Check] = {}
    for forecast in sorted(forecasts, key=lambda made: made.made_ns):
        place = next((place for place, run in enumerate(known) if _is_of(forecast, run)), None)
        if place is None:
            continue
        run = known[place]
        measured = run.run_ns if forecast.kind == "eta" else run.tests_ns
        if measured > 0:
            last[place, forecast.kind] = Check(forecast, measured)
    return [last[key] for key in sorted(last)]


def measured(findings: Findings) -> list[Measured]:
    """The results of all finished runs of a recording: one for each job that ran tests."""
    runs, snapshot = findings.runs, findings.snapshot
    of, count = runs.jobs.of, len(runs.jobs.row)
    ran = (snapshot.role == Role.TEST) & (of >= 0) & ~np.isin(snapshot.outcome, _NOT_RUN)
    first = np.full(count, np.iinfo(np.int64).max)
    last = np.zeros(count, np.int64)
    np.minimum.at(first, of[ran], snapshot.start_ns[ran])
    np.maximum.at(last, of[ran], findings.times.end[ran])
    walls = (last - first).tolist()
    return [
        Measured(
            suite=head.suite,
            start_ns=head.start_ns,
            workers=head.workers,
            dist=runs.job_facts[job].dist,
            plan=runs.job_facts[job].plan,
            tests_ns=walls[job],
            run_ns=head.end_ns - head.start_ns,
        )
        for job, head in zip(jobs_with_tests(runs).tolist(), records(findings).heads, strict=True)
        if head.state == "ended" and head.end_ns > head.start_ns and last[job]
    ]


def _is_of(forecast: Forecast, run: Measured) -> bool:
    """Whether a run is of the kind that was forecast, and not before."""
    if forecast.suite != run.suite:
        return False
    if forecast.kind == "eta":
        return forecast.start_ns == run.start_ns
    is_later = run.start_ns > forecast.made_ns
    is_alike = not forecast.dist or not run.dist or forecast.dist == run.dist
    return is_later and is_alike and forecast.workers == run.workers and forecast.plan == run.plan

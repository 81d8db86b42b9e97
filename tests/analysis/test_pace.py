"""When a live run will be over: forecasts held against what simulated runs then took."""

import heapq
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.builders import T0, S, case, line, snapshot, span, start_record
from tracetui.analysis.overview.pace import LEAST_SHARE, Curve, Pace
from tracetui.analysis.overview.progress import Progress
from tracetui.analysis.study.findings import study
from tracetui.analysis.study.study import Study
from tracetui.report.drawing.eta import eta_words

HOUR = 3600 * S
Floats = NDArray[np.float64]


class Run(NamedTuple):
    """What tests took and when they ended, in seconds; `whole` is the length of the run."""

    took: Floats
    ends: Floats
    whole: float


def simulated(rng: np.random.Generator, level: Floats, sigma: Floats, workers: int) -> Run:
    """Tests handed out from one queue, on a machine of another speed each time; start and end take theirs."""
    speed = float(np.exp(0.1 * rng.standard_normal()))
    took = level * np.exp(sigma * rng.standard_normal(len(level)))
    took = np.where(rng.random(len(level)) < 0.02, took * rng.uniform(1.3, 2.5, len(level)), took) * speed
    free = [(3 * speed, worker) for worker in range(workers)]
    ends = np.zeros(len(level))
    for place, seconds in enumerate(took.tolist()):
        at, worker = heapq.heappop(free)
        ends[place] = at + seconds
        heapq.heappush(free, (ends[place] + 0.002, worker))
    return Run(took, ends, float(ends.max()) + speed)


def pace_of(runs: list[Run]) -> Pace:
    """What `pace` makes of such runs."""
    weight = (np.median([run.took for run in runs], axis=0) * S).astype(np.int64)
    curves = []
    for run in runs:
        order = np.argsort(run.ends)
        work, time = np.cumsum(weight[order]) / weight.sum(), run.ends[order] / run.whole
        curves.append(Curve(np.append(0.0, work), np.append(1e-6, time)))
    return Pace(weight, curves)


def forecasts(tests: int, workers: int, before: int, seeds: range, at: float = 0.25) -> tuple[Floats, Floats]:
    """By seed the relative error of the forecast length after a part of a run, and whether its range held."""
    errors, held = [], []
    for seed in seeds:
        rng = np.random.default_rng(seed * 1009 + tests)
        level = np.exp(rng.normal(np.log(0.2), 1.2, tests))
        sigma = np.clip(np.exp(rng.normal(np.log(0.12), 0.7, tests)), 0.03, 0.8)
        usual = pace_of([simulated(rng, level, sigma, workers) for _ in range(before)])
        run = simulated(rng, level, sigma, workers)
        now = at * run.whole
        done = run.ends <= now
        eta = usual.eta(done.astype(np.int64), int(run.ends[done].max(initial=0) * S), int(now * S))
        if eta is None:  # One test is nearly all of the work: nobody can tell before it has ended.
            continue
        errors.append((now + eta.ns / S) / run.whole - 1)
        held.append(now + eta.low_ns / S <= run.whole <= now + eta.high_ns / S)
    return np.array(errors), np.array(held, np.float64)


SUITES = [(200, 1, 1), (200, 4, 3), (1000, 8, 3), (1000, 4, 8)]


@pytest.mark.parametrize(("tests", "workers", "before"), SUITES)
def test_after_a_quarter_it_is_within_fifteen_percent(tests: int, workers: int, before: int) -> None:
    """Nine of ten forecasts err by less than 15 %, half by less than 5 %; eight of ten ranges hold."""
    errors, held = forecasts(tests, workers, before, range(20))
    assert np.quantile(np.abs(errors), 0.9) <= 0.15
    assert np.median(np.abs(errors)) <= 0.05
    assert held.mean() >= 0.8


@pytest.mark.nightly
@pytest.mark.parametrize("tests", [200, 1000])
@pytest.mark.parametrize("workers", [1, 4, 8])
@pytest.mark.parametrize("before", [1, 3, 8])
def test_whatever_the_seed(tests: int, workers: int, before: int) -> None:
    """Over 100 seeds: the same, and forecasts are neither early nor late on the whole."""
    errors, held = forecasts(tests, workers, before, range(100))
    assert np.quantile(np.abs(errors), 0.9) <= 0.16
    assert abs(np.median(errors)) <= 0.03
    assert held.mean() >= 0.8


def test_more_of_the_run_makes_a_range_narrower() -> None:
    """Three quarters through there is less to be wrong about."""
    early, _ = forecasts(400, 4, 3, range(20), at=0.25)
    late, held = forecasts(400, 4, 3, range(20), at=0.75)
    assert np.abs(late).mean() < np.abs(early).mean()
    assert held.mean() >= 0.8


STEADY = Pace(np.full(10, S), [Curve(np.linspace(0, 1, 11), np.append(1e-6, np.linspace(0.1, 1, 10)))])


def done(tests: int) -> NDArray[np.int64]:
    count = np.zeros(10, np.int64)
    count[:tests] = 1
    return count


def test_by_hand() -> None:
    """Half of the work after 10 s: as much again; one earlier run leaves 8 % of 20 s to either side."""
    eta = STEADY.eta(done(5), 10 * S, 10 * S)
    assert eta is not None
    assert eta.ns == pytest.approx(10 * S, rel=1e-6)
    factor = np.exp(1.9 * 0.06 * 0.5 * np.sqrt(2))
    assert eta.low_ns == pytest.approx((20 / factor - 10) * S, rel=1e-6)
    assert eta.high_ns == pytest.approx((20 * factor - 10) * S, rel=1e-6)


def test_what_is_late_is_added() -> None:
    """The sixth test should have ended after 12 s; at 20 s the end is 8 s later than it was."""
    eta = STEADY.eta(done(5), 10 * S, 20 * S)
    assert eta is not None
    assert eta.ns == pytest.approx(8 * S, rel=1e-6)


def test_too_little_tells_nothing() -> None:
    """Nothing done, less than a fiftieth, no earlier run."""
    assert STEADY.eta(done(0), 0, 5 * S) is None
    many = Pace(np.append(np.full(9, 1), int(9 / LEAST_SHARE)), STEADY.curves)
    assert many.eta(done(8), S, S) is None
    assert Pace(STEADY.weight, ()).eta(done(5), 10 * S, 10 * S) is None


def recorded(number: int, took: int, name: str = "s", tests: int = 10) -> bytes:
    """A run of tests one after the other, `number` hours ago; half of it is its start."""
    at, trace = T0 - number * HOUR, f"{number + 1:032x}"
    whole = 2 * tests * took * S
    top = span(
        name, {"tracetui.span.role": "suite", "test.suite.name": name}, start=at, end=at + whole, trace=trace
    )
    spans = [
        case(
            f"t{each}",
            start=at + (tests + each) * took * S,
            end=at + (tests + each + 1) * took * S,
            trace=trace,
            parent=top,
        )
        for each in range(tests)
    ]
    return line(top, *spans)


def under_way(took: int, ended: int) -> bytes:
    """The same now: so many of ten tests have ended."""
    told = {"tracetui.span.role": "suite", "test.suite.name": "s"}
    top = span("s", told, end=0)
    spans = [
        case(f"t{each}", start=T0 + (10 + each) * took * S, end=T0 + (11 + each) * took * S, parent=top)
        for each in range(ended)
    ]
    return start_record(top) + line(*spans)


def test_the_start_of_a_run_is_no_work() -> None:
    """Half of the time went before the first test: after the first test not nine times as much is left."""
    read = snapshot(recorded(1, 1), recorded(2, 1), under_way(2, 5))
    progress = study(read, T0 + 30 * S).progress
    assert progress.eta_ns == pytest.approx(10 * S, rel=1e-6)
    assert progress.eta_range_ns is not None
    assert progress.eta_range_ns[0] < 10 * S < progress.eta_range_ns[1]


def test_runs_of_another_name_tell_nothing() -> None:
    """A run of another suite, though it came later, is no measure."""
    read = snapshot(recorded(2, 1), recorded(1, 5, name="other", tests=3), under_way(2, 5))
    assert study(read, T0 + 30 * S).progress.eta_ns == pytest.approx(10 * S, rel=1e-6)
    alone = snapshot(recorded(1, 5, name="other"), under_way(2, 5))
    assert study(alone, T0 + 30 * S).progress.eta_ns is None


def test_of_earlier_runs_nothing_is_worked_out_twice() -> None:
    """Readings of a live run share what earlier runs tell."""
    studied = Study()
    read = snapshot(recorded(1, 1), under_way(2, 5))
    first = studied(read, T0 + 30 * S)
    second = studied(read, T0 + 31 * S)
    assert second.pace is first.pace
    assert second.progress.eta_ns == pytest.approx(9 * S, rel=1e-6)


@pytest.mark.parametrize(
    ("eta", "low", "high", "words"),
    [
        (12, 11, 13, "12s"),
        (30, 25, 36, "25s-36s"),
        (205, 188, 222, "3m10s-3m40s"),
        (7400, 6600, 8200, "1h50m-2h17m"),
        (0, 0, 0, "1s"),
        (40, 0, 80, "1s-1m20s"),
    ],
)
def test_a_range_is_told_where_it_says_more(eta: int, low: int, high: int, words: str) -> None:
    """Rounded from two minutes on; a narrow one is one number."""
    progress = Progress(np.empty(0, np.int64), 0, False, eta * S, 0.0, 0.0, (low * S, high * S))  # noqa: FBT003
    assert eta_words(progress) == words


def test_nobody_knows() -> None:
    progress = Progress(np.empty(0, np.int64), 0, False, None, 0.0, 0.0)  # noqa: FBT003
    assert eta_words(progress) == ""

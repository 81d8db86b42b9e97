"""Changes in what tests take: planted ones are seen, noise is not."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.analysis.history.noise import Planted, durations, head, recorded, table
from tests.builders import MS, S
from tracetui.analysis.history.change_points import FACTOR, LEVEL, Trend, trends
from tracetui.analysis.history.rank_scan import LEAST
from tracetui.analysis.history.series import series

RUNS = 60


def by_test(found: list[Trend]) -> dict[int, Trend]:
    return {int(trend.name[1:]): trend for trend in found}


def false_alarms(tests: int, runs: int, seed: int) -> int:
    found = trends([table(durations(np.random.default_rng(seed), tests, runs))])
    return sum(len(trend.changes) for trend in found)


@pytest.mark.parametrize("runs", [12, 30, 60])
def test_noise_is_no_change(runs: int) -> None:
    """Of 1,000 tests that did not change at most two are called changed."""
    assert false_alarms(1000, runs, runs) <= 2


@pytest.mark.nightly
@pytest.mark.parametrize("runs", [8, 10, 15, 20, 40, 60, 100, 200])
def test_noise_is_no_change_whatever_the_seed(runs: int) -> None:
    """Over 20 seeds the mean is below one of 1,000."""
    assert sum(false_alarms(1000, runs, 7919 * seed + runs) for seed in range(20)) / 20 <= 1


def planted(after: int, seed: int) -> tuple[dict[float, list[Trend]], list[Trend]]:
    """1,000 tests of which 20, 10 and 5 became slower `after` runs ago; the others."""
    at = RUNS - after
    factors = (
        dict.fromkeys(range(20), 1.25) | dict.fromkeys(range(20, 30), 1.5) | dict.fromkeys(range(30, 35), 2.0)
    )
    changes = {test: (Planted(at, factor),) for test, factor in factors.items()}
    found = by_test(trends([table(durations(np.random.default_rng(seed), 1000, RUNS, changes))]))
    groups: dict[float, list[Trend]] = {}
    for test, factor in factors.items():
        groups.setdefault(factor, []).append(found[test])
    return groups, [trend for test, trend in found.items() if test not in factors]


def test_what_became_slower_is_seen_and_placed() -> None:
    """After 12 runs most tests that take half as long again are seen, nearly all within two runs of it."""
    found = [planted(12, seed) for seed in range(3)]
    seen = {
        factor: [each for groups, _ in found for each in groups[factor] if each.changes]
        for factor in (1.5, 2.0)
    }
    assert len(seen[1.5]) >= 0.7 * 30
    assert len(seen[2.0]) >= 0.8 * 15
    both = seen[1.5] + seen[2.0]
    assert sum(abs(trend.changes[0].run - (RUNS - 12)) <= 2 for trend in both) >= 0.85 * len(both)
    assert sum(bool(trend.changes) for _, others in found for trend in others) <= 6
    assert np.median([trend.changes[0].ratio for trend in seen[2.0]]) == pytest.approx(2, rel=0.15)


@pytest.mark.nightly
@pytest.mark.parametrize(("after", "half", "quarter"), [(8, 0.7, 0.35), (12, 0.8, 0.55)])
def test_power_and_place_whatever_the_seed(after: int, half: float, quarter: float) -> None:
    """Over 20 seeds: x1.5 and x1.25 are seen so often; nine of ten within two runs; few others."""
    found = [planted(after, seed) for seed in range(20)]
    for factor, least in ((1.5, half), (1.25, quarter)):
        group = [trend for groups, _ in found for trend in groups[factor]]
        seen = [trend for trend in group if trend.changes]
        assert len(seen) / len(group) >= least
        assert sum(abs(trend.changes[-1].run - (RUNS - after)) <= 2 for trend in seen) >= 0.88 * len(seen)
    assert sum(bool(trend.changes) for _, others in found for trend in others) / 20 <= 2


def test_several_changes_are_parts_of_one_series() -> None:
    """Slower at run 20, as before from run 45 on: two changes, whose ratios undo each other."""
    took = steps(70, 20, 2.0)
    took[0, 45:] /= 2
    first, second = by_test(trends([table(took)]))[0].changes
    assert (first.run, second.run) == (20, 45)
    assert first.ratio * second.ratio == pytest.approx(1, rel=0.01)
    assert max(first.q, second.q) <= LEVEL


def test_several_changes_are_seen_in_noise() -> None:
    """Of 20 noisy tests with two changes most show both, each within two runs."""
    both = {test: (Planted(20, 2.0), Planted(45, 0.5)) for test in range(20)}
    found = by_test(trends([table(durations(np.random.default_rng(3), 200, 70, both))]))
    runs = [[change.run for change in found[test].changes] for test in range(20)]
    assert sum(len(each) == 2 and abs(each[0] - 20) <= 2 and abs(each[1] - 45) <= 2 for each in runs) >= 12


def steps(runs: int, at: int, factor: float, tests: int = 3) -> NDArray[np.float64]:
    """Tests almost without noise, of which the first changes."""
    took = S * (1 + 0.001 * np.random.default_rng(0).random((tests, runs)))
    took[0, at:] *= factor
    return took


def test_runs_that_are_slow_as_a_whole_change_no_test() -> None:
    """A slower machine since run 15 takes twice as long for all of them; of four nobody can say so."""
    took = steps(30, 15, 1.5, tests=5)
    took[:, 15:] *= 2
    found = by_test(trends([table(took)]))
    assert [bool(found[test].changes) for test in range(5)] == [True, False, False, False, False]
    assert all(trend.changes for trend in trends([table(took[:4])]))
    assert found[0].changes[0].ratio == pytest.approx(1.5, rel=0.01)
    assert found[0].changes[0].run == 15


def test_a_small_step_is_no_change_that_anybody_would_act_on() -> None:
    """However sure it is: less than a tenth is not told, a tenth is."""
    for factor, there in ((FACTOR - 0.005, False), (FACTOR + 0.005, True), (1 / (FACTOR + 0.005), True)):
        assert bool(by_test(trends([table(steps(30, 15, factor))]))[0].changes) is there


def test_fewer_than_eight_runs_say_so() -> None:
    """Nobody can tell; with eight somebody might."""
    for runs, few in ((LEAST - 1, True), (LEAST, False)):
        found = trends([table(steps(runs, 5, 3))])
        assert {trend.too_few for trend in found} == {few}
        assert not any(trend.changes for trend in found)


def test_what_changed_a_run_most_comes_first() -> None:
    """Not what changed by the largest ratio; of those that did not change, the one that takes longest."""
    took = np.concatenate([steps(30, 15, 1.5), steps(30, 15, 20), steps(30, 15, 1)[1:]])
    took[3:6] /= 1000
    took[6] *= 5
    found = trends([table(took)])
    assert [trend.name for trend in found][:3] == ["t0", "t3", "t6"]
    assert found[0].added_ns == pytest.approx(0.5 * S, rel=0.01)
    assert found[2].last_ns == pytest.approx(5 * S, rel=0.01)


def test_killed_tests_took_at_least_so_long() -> None:
    """A test that is killed at its limit in every run since has become slower."""
    took = steps(30, 20, 1.0)
    took[0] = np.linspace(0.8, 0.99, 30) * S
    took[0, 20:] = S
    killed = np.zeros(took.shape, np.bool_)
    killed[0, 20:] = True
    (change,) = by_test(trends([table(took, killed)]))[0].changes
    assert change.run == 20


def test_runs_without_a_test_leave_no_gap_in_its_series() -> None:
    """The change is told by the run where it was first measured."""
    took = steps(40, 20, 2.0)
    took[0, 1::2] = np.nan
    took[0, 20] = np.nan
    found = by_test(trends([table(took)]))[0]
    assert (found.n, found.changes[0].run) == (19, 22)
    assert found.last_ns == pytest.approx(2 * S, rel=0.01)


def test_records_become_tables_and_trends() -> None:
    """From the columns of records to a change, as it comes out of the simulation."""
    took = steps(30, 15, 2.0)
    (made,) = series(recorded(took))
    assert made.took_ns == pytest.approx(took, abs=1)
    (first, *_) = trends([made])
    assert (first.name, [change.run for change in first.changes]) == ("a.py::t0", [15])
    live = recorded(took)
    heads = [*live.heads[:-1], head(29, 3, state="live")]
    (made,) = series(type(live)(heads, live.texts, live.columns))
    assert made.took_ns.shape == (3, 29)
    assert made.calls.sum() == 3 * 29
    assert made.took_ns.min() > MS

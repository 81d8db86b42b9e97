"""What comparisons find, and what they invent, in suites with the noise of real ones."""

import numpy as np
import pytest

from tests.analysis.compare.simulated import Suite, simulated
from tracetui.analysis.compare.speed import factors
from tracetui.analysis.compare.timing import Timing, timing


def judged(suite: Suite) -> Timing:
    every = np.ones(len(suite.planted), np.bool_)
    speeds = factors(suite.base, suite.new, every)
    assert speeds
    return timing(suite.base - speeds[0], suite.new - speeds[1])


def found_share(runs: int, seeds: range) -> tuple[dict[float, float], float]:
    """By ratio the share of planted changes that is found, and of all that is found the false share."""
    suites = [simulated(seed, 1000, runs, runs) for seed in seeds]
    changed = [judged(suite).is_changed for suite in suites]
    shares = {
        ratio: float(
            np.mean(
                [found[suite.planted == ratio].mean() for suite, found in zip(suites, changed, strict=True)]
            )
        )
        for ratio in (1.25, 1.5, 2.0)
    }
    false = [
        (found & (suite.planted == 1)).sum() / max(1, found.sum())
        for suite, found in zip(suites, changed, strict=True)
    ]
    return shares, float(np.mean(false))


def false_alarms(runs: int, seeds: range) -> int:
    """In how many of the suites in which nothing changed anything is said to have."""
    return sum(
        bool(judged(simulated(seed, 1000, runs, runs, changes=False)).is_changed.any()) for seed in seeds
    )


def test_ten_runs_find_what_takes_half_as_long_again() -> None:
    """Three quarters of it among 1,000 tests, and of what is found one in twenty is false."""
    shares, false = found_share(10, range(6))
    assert shares[1.5] >= 0.75
    assert shares[2.0] >= 0.9
    assert false <= 0.05


def test_five_runs_find_what_takes_twice_as_long() -> None:
    """By the moderated t: a rank sum would find nothing."""
    shares, false = found_share(5, range(6))
    assert shares[2.0] >= 0.75
    assert false <= 0.1


@pytest.mark.parametrize("runs", [5, 10])
def test_a_against_a_says_nothing(runs: int) -> None:
    """Among 1,000 tests of which none changed."""
    assert false_alarms(runs, range(200, 220)) <= 2


@pytest.mark.nightly
@pytest.mark.parametrize("runs", [5, 7, 10, 15])
def test_a_against_a_says_nothing_in_most_suites(runs: int) -> None:
    """At most 5 %: of 100 suites that is 5, and chance may add seven."""
    assert false_alarms(runs, range(1000, 1100)) <= 12


@pytest.mark.nightly
def test_what_is_found_is_true_over_many_suites() -> None:
    """The same as above, of 50."""
    shares, false = found_share(10, range(300, 350))
    assert shares[1.5] >= 0.75
    assert false <= 0.05


def needs(rows: int, runs: int, sd: float) -> int | None:
    noise = np.random.default_rng(1).normal(scale=sd, size=(rows, 2 * runs))
    return timing(noise[:, :runs], noise[:, runs:]).needs


@pytest.mark.parametrize(
    ("rows", "sd", "wanted"),
    [
        (200, 0.1, {1: 5, 4: 5, 5: None, 9: None, 10: None}),
        (200, 0.3, {1: 8, 4: 6, 5: 6, 6: None, 10: None}),
        (200, 1.0, {1: 10, 5: 10, 9: 10, 10: None}),
        (5000, 1.0, {1: 11, 9: 11, 10: 11, 11: None}),
        (1, 0.1, {1: 5, 5: None}),
    ],
)
def test_so_many_runs_are_needed_where_they_cannot_tell(
    rows: int, sd: float, wanted: dict[int, int | None]
) -> None:
    """Few runs need more, so do few runs of tests that vary much; of very many tests ten are too few."""
    assert {runs: needs(rows, runs, sd) for runs in wanted} == wanted


def test_nothing_to_compare_needs_nothing() -> None:
    """Where one side is empty."""
    assert timing(np.zeros((50, 1)), np.full((50, 1), np.nan)).needs is None


@pytest.mark.parametrize(("sd", "can_tell"), [(0.15, True), (0.6, False)])
def test_runs_that_need_no_more_tell_of_a_test_that_takes_twice_as_long(sd: float, can_tell: bool) -> None:
    """And those that need more do not: the usual test of 100, of many recordings of five runs a side."""
    rng, rows, runs = np.random.default_rng(7), 100, 5
    said, seen = [], []
    for _ in range(40):
        noise = rng.normal(scale=sd, size=(rows, 2 * runs))
        said.append(timing(noise[:, :runs], noise[:, runs:]).needs is None)
        noise[0, runs:] += np.log(2)
        seen.append(timing(noise[:, :runs], noise[:, runs:]).is_changed[0])
    for share in (np.mean(said), np.mean(seen)):
        assert share >= 0.9 if can_tell else share <= 0.1


@pytest.mark.parametrize(("steady", "twice_as_long"), [(19, True), (20, False), (21, False)])
def test_how_fast_a_machine_was_is_told_by_twenty_long_tests(steady: int, twice_as_long: bool) -> None:
    """Of which there are so many, a hundred short ones that took twice as long say nothing."""
    base = np.log(np.repeat([[20e6], [1e6]], [steady, 100], axis=0))
    new = base + np.repeat([[0.0], [np.log(2)]], [steady, 100], axis=0)
    found = factors(base, new, np.ones(steady + 100, np.bool_))
    assert found
    assert found[1][0] - found[0][0] == pytest.approx(np.log(2) if twice_as_long else 0.0)

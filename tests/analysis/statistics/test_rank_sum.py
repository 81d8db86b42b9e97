from itertools import combinations, product
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tracetui.analysis.statistics import rank_sum
from tracetui.analysis.statistics.rank_sum import doubled_ranks, least_runs, mann_whitney, smallest_p

SIDE = st.lists(st.integers(0, 5).map(float), min_size=1, max_size=5)


def by_hand(base: list[float], new: list[float]) -> float:
    """Every way to deal the values, one by one."""
    both = np.array([*base, *new])
    ranks = stats.rankdata(both)
    mean = len(new) * ranks.mean()
    seen = abs(ranks[len(base) :].sum() - mean)
    ways = [abs(sum(dealt) - mean) for dealt in combinations(ranks.tolist(), len(new))]
    return float(np.mean([way >= seen - 1e-9 for way in ways]))


def one(base: list[float], new: list[float]) -> float:
    return float(mann_whitney(np.array([base]), np.array([new]))[0])


@given(SIDE, SIDE)
def test_p_counts_every_way_to_deal_the_values(base: list[float], new: list[float]) -> None:
    """Ties or none."""
    assert one(base, new) == pytest.approx(by_hand(base, new))


@pytest.mark.parametrize(("n", "m"), list(product((1, 3, 8, 20), (2, 8, 30))))
def test_without_ties_it_is_the_exact_test_of_scipy(n: int, m: int) -> None:
    """A hundred tests at once, every second of them shifted."""
    noise = np.random.default_rng(n * 100 + m)
    base, new = noise.normal(size=(100, n)), noise.normal(size=(100, m))
    new[::2] += 1
    wanted = stats.mannwhitneyu(base, new, axis=1, method="exact").pvalue
    np.testing.assert_allclose(mann_whitney(base, new), wanted, rtol=1e-9)


def test_a_run_without_the_test_does_not_count() -> None:
    """Rows of different sizes stand in one table; an empty side tells nothing."""
    nan = np.nan
    base = np.array([[1, 2, 3, nan], [nan, 1, 5, 6], [nan] * 4])
    new = np.array([[4, nan, 5], [2, 7, 8], [1, 2, 3]])
    p = mann_whitney(base, new)
    assert p[:2] == pytest.approx([by_hand([1, 2, 3], [4, 5]), by_hand([1, 5, 6], [2, 7, 8])])
    assert np.isnan(p[2])


def test_equal_values_tell_nothing() -> None:
    """Clocks that tick coarsely make many of them."""
    assert one([1.0] * 10, [1.0] * 10) == 1
    assert one([1.0] * 40, [1.0] * 40) == 1


def test_many_values_take_the_normal_approximation(monkeypatch: pytest.MonkeyPatch) -> None:
    """One more than the most: with ties, as scipy has it."""
    noise = np.random.default_rng(1)
    base, new = noise.integers(0, 9, (5, 33)).astype(float), noise.integers(1, 10, (5, 32)).astype(float)
    wanted = stats.mannwhitneyu(base, new, axis=1, method="asymptotic").pvalue
    np.testing.assert_allclose(mann_whitney(base, new), wanted, rtol=1e-9)
    monkeypatch.setattr(rank_sum, "MOST_EXACT", 65)
    np.testing.assert_allclose(mann_whitney(base, new), wanted, rtol=0.1)


@given(st.lists(st.one_of(st.integers(0, 9).map(float), st.just(float("nan"))), min_size=1, max_size=12))
def test_ranks_are_those_of_scipy(values: list[float]) -> None:
    """Twice, so that they are whole."""
    wanted = np.nan_to_num(2 * stats.rankdata(values, nan_policy="omit"))
    assert doubled_ranks(np.array([values]))[0].tolist() == wanted.tolist()


@pytest.mark.parametrize(("runs", "p"), [(3, 0.1), (4, 0.0286), (5, 0.00794), (6, 0.00216), (8, 1.554e-4)])
def test_few_runs_cannot_give_a_small_p(runs: int, p: float) -> None:
    """The extreme case: all of one side above all of the other."""
    assert smallest_p(runs, runs) == pytest.approx(p, rel=5e-3)
    assert one([float(n) for n in range(runs)], [float(n + runs) for n in range(runs)]) == pytest.approx(
        2 / comb(2 * runs, runs)
    )


@pytest.mark.parametrize(("tests", "runs"), [(0, 4), (1, 4), (20, 6), (200, 8), (1000, 9), (5000, 11)])
def test_more_tests_need_more_runs(tests: int, runs: int) -> None:
    """So that one change among them passes Benjamini-Hochberg."""
    assert least_runs(tests) == runs

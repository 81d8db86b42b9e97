import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracetui.analysis.statistics.run_speed import medians, run_factors


def test_what_is_common_to_all_tests_is_the_run() -> None:
    """Two tests that changed by themselves, one of them much, move nothing."""
    usual, factors = np.log([1.0, 5, 0.2, 30, 2]), np.log([1.0, 2, 0.5])
    logs = usual[:, None] + factors
    logs[0, 1] += 3
    logs[1, 2] -= 0.1
    assert run_factors(logs) == pytest.approx(factors, abs=1e-5)


def test_a_run_of_the_slow_tests_alone_is_no_slow_run() -> None:
    """A shard, or a run that failed early."""
    usual, factors = np.log([1.0, 5, 0.2, 30, 2, 80]), np.log([0.8, 1, 2])
    logs = usual[:, None] + factors
    logs[[0, 2, 4], 2] = np.nan
    logs[[1, 3], 0] = np.nan
    assert run_factors(logs) == pytest.approx(factors, abs=1e-5)


@given(st.lists(st.floats(-2, 2), min_size=2, max_size=6), st.integers(3, 9))
def test_factors_are_what_was_put_in(factors: list[float], tests: int) -> None:
    """But for the median run, which is where they are counted from."""
    logs = np.arange(tests)[:, None] + np.array(factors)
    assert run_factors(logs) == pytest.approx(np.array(factors) - np.median(factors), abs=1e-6)


def test_who_ran_nowhere_else_says_nothing() -> None:
    """A new test, a run of new tests only, no test at all."""
    nan = np.nan
    assert run_factors(np.array([[1, 2.0, nan], [nan, nan, 7], [3, 4, nan]])) == pytest.approx([-0.5, 0.5, 0])
    assert run_factors(np.empty((0, 3))).tolist() == [0, 0, 0]
    assert run_factors(np.empty((0, 0))).tolist() == []


def test_medians_of_nothing_are_zero() -> None:
    """Along either axis."""
    table = np.array([[1, np.nan, 3], [np.nan, np.nan, 5]])
    assert medians(table, 0).tolist() == [1, 0, 4]
    assert medians(table, 1).tolist() == [2, 5]

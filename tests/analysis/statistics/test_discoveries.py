import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tracetui.analysis.statistics.discoveries import benjamini_hochberg, wilson


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_q_is_that_of_scipy(p: list[float]) -> None:
    """And never below p."""
    q = benjamini_hochberg(np.array(p))
    np.testing.assert_allclose(q, stats.false_discovery_control(p), rtol=1e-12)
    assert (q >= np.array(p)).all()


def test_the_example_of_benjamini_and_hochberg() -> None:
    """Their table of 1995: of 15 comparisons the first four are discoveries at 5 %."""
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262]
    p += [0.5719, 0.6528, 0.7590, 1.0]
    assert np.count_nonzero(benjamini_hochberg(np.array(p)) <= 0.05) == 4


def test_what_was_not_tested_does_not_count() -> None:
    """NaN among others."""
    q = benjamini_hochberg(np.array([np.nan, 0.02, np.nan, 0.01]))
    assert np.isnan(q[[0, 2]]).all()
    assert q[[1, 3]] == pytest.approx([0.02, 0.02])
    assert len(benjamini_hochberg(np.array([]))) == 0


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_is_that_of_scipy(case: tuple[int, int]) -> None:
    """Wilson's, without correction."""
    found = wilson(*case)
    wanted = stats.binomtest(*case).proportion_ci(method="wilson")
    assert found == pytest.approx((wanted.low, wanted.high), abs=1e-12)


def test_bounds_hold_the_share_and_of_nothing_all_is_possible() -> None:
    """At the edges they are exact."""
    assert wilson(0, 0) == (0, 1)
    assert wilson(0, 10)[0] == 0
    assert wilson(10, 10)[1] == 1
    assert wilson(1, 10) == pytest.approx((0.01788, 0.40415), abs=1e-5)

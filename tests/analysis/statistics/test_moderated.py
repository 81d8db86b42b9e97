import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from tracetui.analysis.statistics.moderated import (
    digamma,
    inverse_trigamma,
    moderated_t,
    prior,
    trigamma,
)


@given(st.floats(1e-3, 1e6))
def test_derivatives_of_gamma_are_those_of_scipy(x: float) -> None:
    """And the inverse finds its way back."""
    assert float(digamma(x)) == pytest.approx(float(special.digamma(x)), rel=1e-10, abs=1e-10)
    assert float(trigamma(x)) == pytest.approx(float(special.polygamma(1, x)), rel=1e-10)
    assert inverse_trigamma(float(trigamma(x))) == pytest.approx(x, rel=1e-6)


def test_of_one_test_it_is_the_t_test_of_student() -> None:
    """There is nobody to borrow from."""
    base, new = np.array([[1.0, 2, 4]]), np.array([[3.0, 5, 6, 8]])
    found = moderated_t(base, new)
    wanted = stats.ttest_ind(new[0], base[0])
    assert found.t[0] == pytest.approx(wanted.statistic)
    assert found.df[0] == 5
    assert found.p[0] == pytest.approx(wanted.pvalue)


def test_the_prior_is_the_one_that_variances_were_drawn_from() -> None:
    """Scaled inverse chi-square, 6 degrees of freedom around 0.04; each seen with 4."""
    noise = np.random.default_rng(3)
    true = 0.04 * 6 / noise.chisquare(6, 20_000)
    found = prior(true * noise.chisquare(4, 20_000) / 4, np.full(20_000, 4.0))
    assert found.df == pytest.approx(6, rel=0.1)
    assert found.variance == pytest.approx(0.04, rel=0.05)


def test_equal_variances_are_pooled() -> None:
    """Where they differ no more than by chance, the prior is all there is."""
    found = prior(np.array([0.9, 1.0, 1.1]), np.full(3, 4.0))
    assert found.df == np.inf
    table = np.log(np.array([[1, 2, 3], [2, 4, 6], [1.1, 2.1, 3.1]]))
    assert np.isinf(moderated_t(table, table + 1).df).all()


def test_values_that_are_all_equal_are_no_proof() -> None:
    """A test that seems not to vary borrows from the others, and alone it is undecided."""
    noise = np.random.default_rng(4)
    base, new = noise.normal(size=(30, 4)), noise.normal(size=(30, 4))
    base[0], new[0] = 1.0, 1.05
    assert moderated_t(base, new).p[0] > 0.5
    assert moderated_t(np.ones((1, 4)), np.full((1, 4), 2.0)).df[0] == 6


def test_no_p_without_a_variance() -> None:
    """One run on each side, or none on one."""
    nan = np.nan
    found = moderated_t(np.array([[1, nan], [nan, nan]]), np.array([[nan, 2], [1, 2]]))
    assert np.isnan(found.t).all()
    assert np.isnan(found.p).all()


def test_of_nothing_p_is_spread_evenly() -> None:
    """2,000 tests of different noise that did not change: 5 % are below 5 %, 1 % below 1 %."""
    noise = np.random.default_rng(5)
    sigma = np.exp(noise.normal(-2, 0.6, 2_000))[:, None]
    p = moderated_t(noise.normal(size=(2_000, 5)) * sigma, noise.normal(size=(2_000, 5)) * sigma).p
    assert np.mean(p < 0.05) == pytest.approx(0.05, abs=0.015)
    assert np.mean(p < 0.01) == pytest.approx(0.01, abs=0.007)

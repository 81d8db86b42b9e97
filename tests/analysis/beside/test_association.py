"""Fisher's exact test of many candidates, against scipy; and which of them can tell anything."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from tracetui.analysis.beside.association import association, upper_tail


@st.composite
def tables(draw: st.DrawFn) -> tuple[int, int, list[tuple[int, int]]]:
    """Cases, how many are bad, and candidates: in how many bad ones each was, in how many of all."""
    total = draw(st.integers(2, 60))
    bad = draw(st.integers(1, total - 1))
    found = []
    for _ in range(draw(st.integers(1, 8))):
        bad_with = draw(st.integers(0, bad))
        found.append((bad_with, bad_with + draw(st.integers(0, total - bad))))
    return total, bad, found


@given(tables())
def test_as_scipy_has_it(table: tuple[int, int, list[tuple[int, int]]]) -> None:
    """P of as many or more among the bad cases."""
    total, bad, found = table
    bad_with, all_with = np.array(found, np.int64).T
    for p, (x, k) in zip(upper_tail(bad_with, all_with, bad, total), found, strict=True):
        fields = [[x, bad - x], [k - x, total - bad - (k - x)]]
        assert p == pytest.approx(fisher_exact(np.array(fields), alternative="greater").pvalue, rel=1e-9)


def test_by_hand() -> None:
    """Beside 3 of 3 failures and none of 3 passes: one of the 20 ways to choose three of six."""
    told = association(np.array([3]), np.array([3]), 3, 6)
    assert told.p.tolist() == pytest.approx([1 / 20])
    assert told.q.tolist() == pytest.approx([1 / 20])
    assert told.odds.tolist() == [3.5 * 3.5 / (0.5 * 0.5)]


def test_what_can_tell_nothing_does_not_count() -> None:
    """A hundred names that were there once, or always, leave the one that can tell all it has."""
    ones = np.ones(100, np.int64)
    with_ = np.concatenate((ones, [20] * 100, [10]))
    bad_with = np.concatenate((ones, [10] * 100, [9]))
    told = association(bad_with, with_, 10, 20)
    assert np.isnan(told.q[:-1]).all()
    assert told.q[-1] == pytest.approx(told.p[-1]) == pytest.approx((10 * 10 + 1) / 184756)


@pytest.mark.parametrize("candidates", [3, 4])
def test_enough_to_tell_at_the_edge(candidates: int) -> None:
    """Of 4 bad and 4 good cases the least p is 1/70: below 5 % / 3, and above 5 % / 4."""
    with_ = np.full(candidates, 4)
    told = association(with_, with_, 4, 8)
    assert told.p.tolist() == pytest.approx([1 / 70] * candidates)
    assert np.isnan(told.q).all() == (0.05 / candidates < 1 / 70)


def test_nothing() -> None:
    """Without candidates there is nothing."""
    assert len(association(np.empty(0, np.int64), np.empty(0, np.int64), 3, 9).q) == 0

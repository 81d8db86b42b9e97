import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from tracetui.analysis.statistics.student import NORMAL, incomplete_beta, student_p


@given(st.floats(0, 12), st.floats(0.5, 2e7))
def test_the_tails_are_those_of_scipy(t: float, df: float) -> None:
    """From one half of a degree of freedom to the normal distribution."""
    assert float(student_p(t, df)) == pytest.approx(float(2 * stats.t.sf(t, df)), rel=1e-3)


@pytest.mark.parametrize(("df", "t"), [(1, 12.706), (2, 4.303), (5, 2.571), (10, 2.228), (30, 2.042)])
def test_the_table_in_every_textbook(df: int, t: float) -> None:
    """The critical values at 5 %, on either side."""
    assert student_p([t, -t], df) == pytest.approx([0.05, 0.05], rel=1e-3)


def test_many_degrees_of_freedom_are_normal() -> None:
    """Also infinitely many; the border shows no step."""
    assert float(student_p(1.959964, np.inf)) == pytest.approx(0.05, rel=1e-6)
    assert float(student_p(2, NORMAL)) == pytest.approx(float(student_p(2, NORMAL * 0.999)), rel=1e-5)
    assert np.isnan(student_p(np.nan, [3, np.inf])).all()
    assert list(student_p([-1e200, np.inf], 3)) == [0, 0]


@given(st.floats(0.05, 500), st.floats(0.05, 500), st.floats(0, 1))
def test_the_incomplete_beta_function_is_that_of_scipy(a: float, b: float, x: float) -> None:
    """Between 0 and 1, and so at both ends."""
    wanted = float(special.betainc(a, b, x))
    assert float(incomplete_beta(a, b, x)) == pytest.approx(wanted, rel=1e-9, abs=1e-13)

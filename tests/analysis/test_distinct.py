"""Distinct values."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tracetui.analysis.study.distinct import distinct


@given(st.lists(st.integers(-3, 3)))
def test_each_once_ascending(values: list[int]) -> None:
    """As a set in order, for no value, one and many."""
    assert distinct(np.array(values, np.int64)).tolist() == sorted(set(values))

"""Distinct values."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tracetui.model.numbers.distinct import distinct, without
from tracetui.store.joining.keys import are_among


@given(st.lists(st.integers(-3, 3)))
def test_each_once_ascending(values: list[int]) -> None:
    """As a set in order, for no value, one and many."""
    assert distinct(np.array(values, np.int64)).tolist() == sorted(set(values))


KEYS = st.lists(st.integers(0, 40) | st.integers(2**63 - 2, 2**64 - 1), max_size=60)


@given(KEYS, KEYS)
def test_what_is_among_others(some: list[int], others: list[int]) -> None:
    """Also where numbers need all 64 bits, and where there are few or none."""
    keys, wanted = np.array(some, np.uint64), np.array(others, np.uint64)
    assert without(keys, distinct(wanted)).tolist() == [key for key in some if key not in set(others)]
    assert are_among(keys, wanted).tolist() == [key in set(others) for key in some]

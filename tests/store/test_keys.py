"""Keys are whole numbers of 64 bits, the largest too."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budgets import examples
from tracetui.store.joining.index import Sorted
from tracetui.store.joining.keys import are_among, few_repeats, keys, mix, one_span_id, span_ids

LARGEST = 2**64 - 1


@pytest.mark.parametrize("wanted", [[LARGEST], [LARGEST, 2**63], [1, LARGEST], [2**63 + 7]])
def test_large_keys_are_found(wanted: list[int]) -> None:
    """Also by the lowest numpy that is allowed, whose own way fails for them."""
    keys = np.array([1, 2, 2**63, 2**63 + 7, LARGEST - 1, LARGEST], np.uint64)
    found = are_among(keys, np.array(wanted, np.uint64))
    assert keys[found].tolist() == sorted(wanted)


@settings(max_examples=examples(35))
@given(st.integers(0, LARGEST), st.integers(0, LARGEST))
def test_ids_come_back_of_keys(trace: int, span: int) -> None:
    """One by one as all at once; but for the one id in 2**64 whose key would be 0."""
    traces, spans = np.array([trace], np.uint64), np.array([span], np.uint64)
    made = keys(mix(traces), spans)
    back = span_ids(traces, made).tolist()
    assert back == [one_span_id(trace, int(made[0]))]
    assert back == [span] or made[0] == 1


@settings(max_examples=examples(35))
@given(st.lists(st.integers(0, 3), max_size=30))
def test_what_is_looked_up_once_stands_for_all_that_are_equal(values: list[int]) -> None:
    """Of each key there is the place of one that is the same; none is new, few are there twice."""
    wanted = np.array(values, np.uint64)
    different, which = few_repeats(wanted)
    assert different[which].tolist() == values
    assert len(different) == len(set(which.tolist()))
    assert not (different[1:] == different[:-1]).any()


def test_phases_of_tests_are_looked_up_once_a_test() -> None:
    """And the suite, which every fourth span names, once."""
    wanted = np.array([parent for test in range(1, 101) for parent in (test, test, test, 1000)], np.uint64)
    assert few_repeats(wanted)[0].tolist() == [1, 1000, *range(2, 101)]


@settings(max_examples=examples(35))
@given(st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 5), max_size=40))
def test_equal_ids_stay_in_their_order(values: list[int]) -> None:
    """However they are spread."""
    ids = np.array(values, np.uint64)
    ordered = Sorted.of(ids)
    assert ordered.order.tolist() == sorted(range(len(values)), key=values.__getitem__)
    assert ordered.ids.tolist() == sorted(values)

"""Families, next to each other in an array."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budgets import examples
from tracetui.analysis.tree.families import counted, grouped, in_order, running_maximum

FAMILIES = st.lists(st.lists(st.integers(-3, 6), min_size=1, max_size=5), max_size=8)


def numbered(families: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    """The values of families, and the number of each one's."""
    values = np.array([value for family in families for value in family], np.int64)
    return values, np.repeat(np.arange(len(families)), [len(family) for family in families]).astype(np.int32)


def reached(families: list[list[int]]) -> list[int]:
    """The maximum so far in each."""
    return [max(family[: place + 1]) for family in families for place in range(len(family))]


@settings(max_examples=examples(35))
@given(FAMILIES)
def test_the_maximum_so_far_is_that_of_the_family(families: list[list[int]]) -> None:
    """None of another family counts, whether they are short or long."""
    for longer in (1, 40):
        longest = [family * longer for family in families]
        values, groups = numbered(longest)
        before = values.copy()
        assert running_maximum(values, groups).tolist() == reached(longest)
        assert values.tolist() == before.tolist(), "what was given is changed"


@settings(max_examples=examples(35))
@given(st.lists(st.integers(-1, 4), max_size=30))
def test_what_is_grouped_keeps_its_order(groups: list[int]) -> None:
    """Roots, whose parent is -1, come first."""
    places = sorted(range(len(groups)), key=groups.__getitem__)
    assert grouped(np.array(groups, np.int32)).tolist() == places


@settings(max_examples=examples(35))
@given(st.lists(st.tuples(st.integers(-1, 4), st.integers(0, 9)), max_size=30))
def test_each_family_is_sorted_by_itself(rows: list[tuple[int, int]]) -> None:
    """Whether it was in order before or not; equal values stay as they are."""
    groups = np.array([group for group, _ in rows], np.int32)
    values = np.array([value for _, value in rows], np.int64)
    expected = sorted(range(len(rows)), key=rows.__getitem__)
    assert in_order(grouped(groups), values, groups).tolist() == expected


@pytest.mark.parametrize("count", [5, 1 << 16, 1 << 17])
def test_numbers_are_in_order_however_large(count: int) -> None:
    """Equal ones stay as they are."""
    numbers = np.array([count - 1, 0, 3, count - 1, 2, 0], np.int64)
    assert counted(numbers, count).tolist() == [1, 5, 4, 2, 0, 3]

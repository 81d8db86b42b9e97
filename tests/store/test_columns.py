"""Columns by themselves: rows of any number, whatever was there before."""

import tracemalloc

import numpy as np
import pytest

from tracetui.model.columns import STORED
from tracetui.store.columns import Columns


def rows(first: int, count: int) -> dict[str, np.ndarray]:
    """`count` rows, whose numbers are told in every column that holds them."""
    numbers = np.arange(first, first + count)
    return {
        name: (numbers % 2 if np.dtype(dtype).itemsize == 1 else numbers).astype(dtype)
        for name, dtype in STORED.items()
    }


@pytest.mark.parametrize("there", [0, 1, 3, 1023, 1024, 1025, 5000])
@pytest.mark.parametrize("more", [1, 1024, 3000])
def test_rows_are_added_to_what_was_restored(there: int, more: int) -> None:
    """However few there were: a run that was compacted to a single row goes on."""
    before = Columns()
    before.append(rows(0, there))
    columns = Columns()
    columns.restore(there, before.stored())
    columns.append(rows(there, more))
    assert len(columns) == there + more
    np.testing.assert_array_equal(columns["key"], np.arange(there + more))
    np.testing.assert_array_equal(before["key"], np.arange(there))


def test_views_stay_as_they_were_while_rows_are_added_one_by_one() -> None:
    """Over several capacities."""
    columns, views = Columns(), []
    for number in range(3000):
        columns.append(rows(number, 1))
        if number % 500 == 0:
            views.append(columns.freeze()["key"])
    for view in views:
        np.testing.assert_array_equal(view, np.arange(len(view)))


def test_what_is_expected_is_copied_once() -> None:
    """There is room for all of it from then on; more, or less, may come all the same."""
    columns = Columns()
    columns.append(rows(0, 10))
    columns.expect(50_000)
    columns.append(rows(10, 2000))
    first = columns["key"]
    columns.append(rows(2010, 47_990))
    assert np.shares_memory(first, columns["key"])
    columns.expect(10)
    columns.append(rows(50_000, 7))
    np.testing.assert_array_equal(columns["key"], np.arange(50_007))


def test_for_more_room_columns_are_copied_one_by_one() -> None:
    """Where nobody reads them, no more than one is there twice."""
    tracemalloc.start()
    try:
        columns = Columns()
        columns.append(rows(0, 40_000))
        columns.freeze()
        columns.put("end_ns", 1, 7)  # From now on that one has two rooms.
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        columns.append(rows(40_000, 5000))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    np.testing.assert_array_equal(columns["key"], np.arange(45_000))
    assert peak < 1.5 * before

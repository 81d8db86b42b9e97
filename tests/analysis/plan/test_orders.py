"""Orders and units: cases with values by hand, and what holds for all."""

from hypothesis import given
from hypothesis import strategies as st

from tests.analysis.plan.suites import S, item, seeded, workload
from tracetui.analysis.plan.orders import dealt, longest_first
from tracetui.analysis.plan.units import by_key, costs, in_pieces, sharing_fixtures, singles
from tracetui.analysis.schedule.workload import Fixture

ONES = [(number,) for number in range(6)]


def test_the_longest_comes_first_and_equals_keep_their_order() -> None:
    """Units stay together."""
    assert longest_first(ONES, [1, 5, 3, 5, 2, 9]) == [5, 1, 3, 2, 4, 0]
    assert longest_first([(0, 1), (2,), (3, 4)], [4, 9, 4]) == [2, 0, 1, 3, 4]


def test_tests_are_dealt_to_blocks_of_the_same_size_and_about_the_same_time() -> None:
    """9 + 3 + 1 and 8 + 3 + 2: the next goes to the block with less, until it has its three tests."""
    assert dealt(ONES, [1, 3, 9, 8, 3, 2], 2) == [2, 4, 0, 3, 1, 5]


def test_the_first_blocks_are_the_small_ones() -> None:
    """Of five tests on two workers worksteal gives two to the first, as it divides what is left."""
    assert dealt(ONES[:5], [5, 1, 1, 1, 1], 2) == [0, 4, 1, 2, 3]


def test_more_workers_than_tests() -> None:
    """Some have nothing to do."""
    assert sorted(dealt(ONES[:2], [1, 2], 5)) == [0, 1]
    assert dealt([], [], 3) == []


@given(st.lists(st.lists(st.integers(0, 1000), min_size=1, max_size=5), max_size=12), st.integers(1, 9))
def test_every_test_is_dealt_once(sizes: list[list[int]], blocks: int) -> None:
    """Whatever the units are."""
    numbers = iter(range(1000))
    units = [tuple(next(numbers) for _ in unit) for unit in sizes]
    order = dealt(units, [sum(unit) for unit in sizes], blocks)
    assert sorted(order) == list(range(sum(map(len, units))))


DB, LOG, WHOLE = (
    Fixture("db", "module", "a.py", 3 * S, S),
    Fixture("log", "class", "a.py::T", S, 0),
    Fixture("app", "session", "", 10 * S, S),
)


def test_tests_that_share_a_fixture_are_a_unit() -> None:
    """Also by way of another test; one of the session joins nothing, as every worker has its own."""
    suite = workload(
        *(item("a.py::1", 1, 0), item("a.py::2", 2, 2), item("a.py::3", 3, 0, 1), item("a.py::4", 4, 1, 2)),
        fixtures=(DB, LOG, WHOLE),
    )
    units = sharing_fixtures(suite)
    assert units == [(0, 2, 3), (1,)]
    assert costs(suite, units) == [(1 + 3 + 4 + 3 + 1 + 1) * S, 2 * S]
    assert costs(suite, singles(suite)) == [5 * S, 2 * S, 8 * S, 5 * S]


def test_a_long_unit_is_cut_and_a_long_test_is_not() -> None:
    """Pieces take at most so long, where no single test takes longer."""
    suite = workload(*(item(f"a.py::{number}", seconds) for number, seconds in enumerate((2, 2, 2, 7, 1))))
    assert in_pieces(suite, [(0, 1, 2, 3, 4)], 4 * S) == [(0, 1), (2,), (3,), (4,)]
    assert in_pieces(suite, [(0, 1, 2)], 6 * S) == [(0, 1, 2)]


def test_files_come_as_their_first_test() -> None:
    """And tests in them as they were collected."""
    suite = workload(item("b.py::1", 1), item("a.py::1", 1), item("b.py::2", 1))
    assert by_key(suite, lambda each: each.file) == [(0, 2), (1,)]


def test_units_cost_what_a_suite_of_them_does() -> None:
    """Each test once, each fixture once for each unit that has it, and a pause for each test."""
    suite = seeded(3)
    units = by_key(suite, lambda each: each.file)
    users = {fixture for each in suite.items for fixture in each.fixtures}
    shared = sum(suite.fixtures[user].setup_ns + suite.fixtures[user].teardown_ns for user in users)
    alone = sum(each.took_ns + 1_000_000 for each in suite.items)
    assert sum(costs(suite, units)) == alone + shared

"""Shards end together and count what each has to set up."""

from collections import Counter

import pytest

from tests.analysis.plan.suites import S, item, seeded, workload
from tracetui.analysis.plan.shards import durations_ns, shard
from tracetui.analysis.schedule.workload import Fixture


def test_a_fixture_counts_in_every_shard_that_needs_it() -> None:
    """Four tests of 1 s of a file with a set-up of 5 s, and 9 s of others: apart they take 9 s each."""
    fixture = Fixture("db", "module", "a.py", 4 * S, S)
    tests = [item(f"a.py::{number}", 1, 0) for number in range(4)]
    others = [item(f"b.py::{number}", 1) for number in range(9)]
    found = shard(workload(*tests, *others, fixtures=(fixture,)), 2)
    assert sorted((len(each.tests), each.wall_ns, each.setup_ns) for each in found.shards) == [
        (4, 9 * S, 5 * S),
        (9, 9 * S, 0),
    ]
    assert found.wall_ns == 9 * S
    # pytest-split counts no fixture: it cuts after seven tests.
    assert found.unplanned_ns == (4 + 5 + 3) * S
    assert found.floor_ns == 13 * S // 2


@pytest.mark.parametrize("seed", range(20))
def test_they_are_never_slower_than_even_chunks(seed: int) -> None:
    """All tests are in one, in order of collection."""
    suite = seeded(seed)
    found = shard(suite, 3 + seed % 4)
    assert Counter(number for each in found.shards for number in each.tests) == Counter(
        range(len(suite.items))
    )
    assert all(list(each.tests) == sorted(each.tests) for each in found.shards)
    assert found.floor_ns <= found.wall_ns <= found.unplanned_ns


def test_more_shards_than_tests() -> None:
    """Some are empty."""
    found = shard(workload(item("a.py::1", 2), item("a.py::2", 1)), 4)
    assert sorted(len(each.tests) for each in found.shards) == [0, 0, 1, 1]
    assert found.wall_ns == 2 * S


def test_durations_share_a_fixture_among_its_tests() -> None:
    """And the longest counts of a test that ran twice."""
    suite = workload(
        *(item("a.py::1", 1, 0), item("a.py::2", 2, 0), item("b.py::1", 3), item("b.py::1", 5)),
        fixtures=(Fixture("db", "module", "a.py", 3 * S, S),),
    )
    assert durations_ns(suite) == {"a.py::1": 3 * S, "a.py::2": 4 * S, "b.py::1": 5 * S}

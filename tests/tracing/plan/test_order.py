"""Which tests run by a plan, and in which order: as a function of names."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tracetui.tracing.pytest.plan.order import of_shard, ordered, unknown

NAMES = st.lists(st.sampled_from([f"{file}.py::t{test}" for file in "abc" for test in range(4)]), max_size=20)


def names(*tests: str) -> list[list[str]]:
    return [[test] for test in tests]


def test_known_tests_come_in_the_order_and_new_ones_last_as_collected() -> None:
    """Names that are gone are passed over."""
    collected = names("new1", "a", "b", "new2", "c")
    assert [collected[place][0] for place in ordered(collected, ["c", "gone", "a", "b"])] == [
        *("c", "a", "b", "new1", "new2")
    ]
    assert unknown(collected, ["c", "gone", "a", "b"]) == 2


def test_a_test_that_is_collected_twice_takes_both_its_places() -> None:
    """And where the order has it once, both stand there, as they were collected."""
    collected = names("a", "b", "a")
    assert ordered(collected, ["a", "b", "a"]) == [0, 1, 2]
    assert ordered(collected, ["b", "a"]) == [1, 0, 2]


def test_any_of_its_names_is_known() -> None:
    """A test under loadgroup has one with the group and one without."""
    assert ordered([["a"], ["b@slow", "b"]], ["b", "a"]) == [1, 0]


@given(NAMES, NAMES)
def test_nothing_is_lost_or_made_up(collected: list[str], order: list[str]) -> None:
    """An order is a permutation, and it changes nothing where it knows nothing."""
    places = ordered(names(*collected), order)
    assert sorted(places) == list(range(len(collected)))
    assert ordered(names(*collected), []) == list(range(len(collected)))


@given(NAMES, st.lists(NAMES, min_size=1, max_size=4))
def test_each_test_is_in_exactly_one_shard(collected: list[str], shards: list[list[str]]) -> None:
    """Known or new, collected once or twice, whatever stands in more than one of them."""
    tests = names(*collected)
    parts = [of_shard(tests, shards, number) for number in range(len(shards))]
    assert sorted(place for part in parts for place in part) == list(range(len(tests)))
    for name in set(collected):
        having = [number for number, part in enumerate(parts) if any(collected[p] == name for p in part)]
        assert len(having) == 1
        if any(name in shard for shard in shards):
            assert name in shards[having[0]]


def test_a_new_test_runs_where_its_file_does() -> None:
    """In the shard that has most of it; one of a new file is in the same shard on every machine."""
    shards = [["a.py::1", "b.py::1"], ["a.py::2", "a.py::3"]]
    tests = names("a.py::new", "b.py::new", "c.py::new")
    assert of_shard(tests, shards, 1)[:1] == [0]
    assert 1 in of_shard(tests, shards, 0)
    # crc32(b"c.py") is 1021467765, an odd number.
    assert 2 in of_shard(tests, shards, 1)

"""Arrays that continue others are what copies of them would be, and whoever has an older one keeps it."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.budgets import examples
from tracetui.model.numbers.revisions import Revisions

Numbers = NDArray[np.int64]
Step = tuple[bool, int, int, list[int], bool]


def stepped(revisions: Revisions, before: Numbers, step: Step, number: int) -> tuple[Numbers, Numbers]:
    """The array after a step, by `revisions` and by copying."""
    is_whole, kept, more, rows, _ = step
    before = before[: max(0, len(before) - kept)]
    length = len(before) + more
    expected = np.concatenate((before, np.full(more, number)))
    if is_whole:
        made = revisions.instead(before, length)
        made[:] = expected
        return made, expected
    made = revisions.longer(before, length)
    made[len(before) :] = number
    written = np.array([row % length for row in rows if length], np.int32)
    made[written] = expected[written] = -number
    revisions.wrote(made, written)
    return made, expected


steps = st.tuples(
    st.sampled_from((False, False, False, True)),
    st.integers(0, 2),
    st.sampled_from((0, 1, 3, 2000)),
    st.lists(st.integers(0, 5000), max_size=3),
    st.booleans(),
)


@settings(max_examples=examples(40))
@given(st.lists(steps, max_size=12))
def test_they_are_what_copies_would_be(told: list[Step]) -> None:
    """Whoever keeps which of the older ones; however often all are let go."""
    revisions, array, read = Revisions(), np.arange(5), list[tuple[Numbers, Numbers]]()
    for number, step in enumerate(told, 1):
        array, expected = stepped(revisions, array, step, number)
        np.testing.assert_array_equal(array, expected)
        if step[-1]:
            read.append((array[1:], expected[1:]))
        if number % 4 == 0:
            revisions.tidy()
    for kept, was in read:
        np.testing.assert_array_equal(kept, was)


def test_two_rooms_take_turns() -> None:
    """Once the first is not read any more, nothing is allocated."""
    revisions = Revisions()
    first = revisions.longer(np.arange(3), 4)
    room = first.base
    second = revisions.longer(first, 5)
    third = revisions.longer(second, 6)
    assert third.base is not room  # It is read, as `first`.
    del first, third
    again = revisions.longer(second, 6)
    assert again.base is not second.base


def test_a_room_that_nobody_reads_is_used_again() -> None:
    """By what comes after the array that came after it."""
    revisions, array = Revisions(), np.arange(3)
    addresses = []
    for length in range(4, 12):
        array = revisions.longer(array, length)
        array[length - 1] = length
        addresses.append(array.ctypes.data)
    assert len(set(addresses)) == 2
    np.testing.assert_array_equal(array, [0, 1, 2, *range(4, 12)])


def test_what_nobody_reads_is_let_go() -> None:
    """Both rooms of a line whose newest array has gone, and none of another."""
    revisions = Revisions()
    gone = revisions.longer(np.arange(3), 4)
    kept = revisions.longer(np.arange(3), 4)
    del gone
    revisions.tidy()
    assert list(revisions._lines) == [id(kept.base)]


def test_rooms_are_hardly_larger_than_what_is_in_them() -> None:
    """Memory that was used before is there, also that of a room's unused part."""
    revisions, array = Revisions(), np.zeros(100_000, np.int64)
    for _ in range(40):
        array = revisions.longer(array, len(array) + 1000)
        assert isinstance(array.base, np.ndarray)
        assert array.base.nbytes < 1.1 * array.nbytes

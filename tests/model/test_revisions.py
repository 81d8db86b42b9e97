"""Arrays that continue others are what copies of them would be, and whoever has an older one keeps it."""

import os
from mmap import PAGESIZE
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.budgets import examples
from tracetui.model.numbers import revisions as module
from tracetui.model.numbers import sealed
from tracetui.model.numbers.revisions import Revisions
from tracetui.model.numbers.sealed import Sealed

Numbers = NDArray[np.int64]
Step = tuple[bool, int, int, list[int], bool]

PAGE = PAGESIZE // 8
MANY = 200_000
"""So many numbers are shared."""


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
    st.sampled_from((0, 0, 1, 2, 600)),
    st.sampled_from((0, 1, 3, PAGE, 2000)),
    st.lists(st.integers(0, 5000), max_size=3),
    st.booleans(),
)


@settings(max_examples=examples(40))
@given(st.lists(steps, max_size=12), st.sampled_from((0, 1000, 1 << 19)), st.sampled_from((1, PAGE, 2048)))
def test_they_are_what_copies_would_be(told: list[Step], least: int, left_open: int) -> None:
    """Whoever keeps which of the older ones; however often all are let go; shared from some length on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "LEAST_BYTES", least)
        patch.setattr(module, "_LEAST_WRITTEN", 4)
        patch.setattr(sealed, "OPEN", left_open)
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


def own_bytes() -> int:
    """Memory that is this process's alone."""
    _, resident, shared, *_ = map(int, Path("/proc/self/statm").read_text("ascii").split())
    return (resident - shared) * PAGESIZE


def descriptors() -> int:
    """How many files this process holds open."""
    return len(list(Path("/proc/self/fd").iterdir()))


def test_what_stays_the_same_is_there_once() -> None:
    """However many readers have which array: of 50 with 16 MB each, none has more than a few pages."""
    revisions, array = Revisions(), np.arange(2_000_000)
    read = [array := revisions.longer(array, len(array) + 1)]
    before = own_bytes()
    for number in range(50):
        array = revisions.longer(array, len(array) + 1)
        array[-1] = array[number] = -number
        revisions.wrote(array, np.array([number]))
        read.append(array)
    assert own_bytes() - before < 50 * 200_000
    for number, kept in enumerate(read[1:]):
        assert kept[: number + 2].tolist() == [*range(0, -number - 1, -1), number + 1]
        assert kept[-1] == -number
        np.testing.assert_array_equal(kept[number + 1 : 2_000_000], np.arange(number + 1, 2_000_000))


@pytest.mark.parametrize("count", [MANY, 10])
def test_two_rooms_take_turns(count: int) -> None:
    """Once the first is not read any more, nothing is allocated."""
    revisions = Revisions()
    first = revisions.instead(np.arange(count), count)
    room = first.base
    second = revisions.instead(first, count)
    third = revisions.instead(second, count)
    assert third.base is not room  # It is read, as `first`.
    del first, third
    again = revisions.instead(second, count)
    assert again.base is not second.base


@pytest.mark.parametrize("way", ["longer", "instead"])
def test_a_room_that_nobody_reads_is_used_again(way: str) -> None:
    """By what comes after the array that came after it."""
    revisions, array = Revisions(), np.arange(MANY)
    addresses = []
    for length in range(MANY + 1, MANY + 9):
        array = getattr(revisions, way)(array, length)
        array[:] = np.arange(length)
        addresses.append(array.ctypes.data)
    assert len(set(addresses)) == 2


def test_few_values_are_copied() -> None:
    """No file for them, and none is held."""
    revisions, array = Revisions(), np.arange(1000)
    for _ in range(3):
        array = revisions.longer(array, len(array) + 1)
        assert not revisions.knows(array)


@pytest.mark.parametrize("written", [256, 257])
def test_where_many_rows_differ_all_are_sealed_anew(written: int) -> None:
    """One more than may: each of them would take a page for every array."""
    revisions = Revisions()
    first = revisions.longer(np.arange(MANY), MANY)
    revisions.wrote(first, np.arange(written))
    line = revisions._lines[id(first.base)]
    second = revisions.longer(first, MANY)
    assert (revisions._lines[id(second.base)] is line) == (written == 256)


def test_what_nobody_reads_is_let_go() -> None:
    """Both rooms of a line whose newest array has gone, and none of another; with their files."""
    revisions, files = Revisions(), descriptors()
    gone = revisions.longer(np.arange(MANY), MANY + 1)
    kept = revisions.longer(np.arange(MANY), MANY + 1)
    del gone
    revisions.tidy()
    assert list(revisions._lines) == [id(kept.base)]
    del kept
    revisions.tidy()
    assert descriptors() == files


def test_rooms_are_hardly_larger_than_what_is_in_them() -> None:
    """Memory that was used before is there, also that of a room's unused part."""
    revisions, array = Revisions(), np.zeros(100_000, np.int64)
    for _ in range(40):
        array = revisions.instead(array, len(array) + 1000)
        assert isinstance(array.base, np.ndarray)
        assert array.base.nbytes < 1.1 * array.nbytes


def test_without_a_file_they_are_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no more may be opened, or there is no memory; once there is, they are shared."""

    def fails() -> int:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(sealed, "_file", fails)
        revisions = Revisions()
        array = revisions.longer(np.arange(MANY), MANY)
        assert not revisions.knows(array)
        np.testing.assert_array_equal(array, np.arange(MANY))
    assert revisions.knows(revisions.longer(array, MANY))


def test_where_the_system_has_no_files_in_memory_they_have_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on macOS."""
    monkeypatch.delattr(os, "memfd_create", raising=False)
    shared = Sealed[np.int64](np.dtype(np.int64), 2 * MANY)
    assert shared.seal(np.arange(MANY))
    np.testing.assert_array_equal(shared.array()[: shared.count], np.arange(shared.count))


@pytest.mark.parametrize(
    ("length", "count"),
    [
        (2 * sealed.OPEN - 1, 0),
        (2 * sealed.OPEN, sealed.OPEN),
        (2 * sealed.OPEN + PAGE - 1, sealed.OPEN),
        (2 * sealed.OPEN + PAGE, sealed.OPEN + PAGE),
    ],
)
def test_whole_pages_are_sealed_and_some_at_the_end_never(length: int, count: int) -> None:
    """What is new changes most often, and a page is shared by all or by none."""
    shared = Sealed[np.int64](np.dtype(np.int64), 10_000)
    assert shared.seal(np.arange(length)) == (count > 0)
    assert shared.count == count

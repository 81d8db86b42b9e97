"""Values that are known by a number: the same numbers from a dictionary and from an open table."""

from collections.abc import Iterable

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from tracetui.model.interned import Interned, InternedTexts


class _Alike(str):
    """A text whose hash is that of many others."""

    __slots__ = ()

    def __hash__(self) -> int:
        return len(self) % 2 - 1


def _numbered(table: Interned[str], texts: Iterable[str]) -> tuple[list[int], list[str]]:
    return table.numbers(texts).tolist(), list(table.values)


@given(st.lists(st.text(max_size=2), max_size=60))
@example([])
@example(["", "", "\0", "\ud800"])
@example([str(number) for number in range(5)] + ["0", "4"])
@example([str(number) for number in range(6)] + ["0", "5"])
def test_texts_have_the_same_numbers_in_both(texts: list[str]) -> None:
    """A text has one number from first to last, that of its first appearance: where the table grows, too."""
    assert _numbered(InternedTexts(), texts) == _numbered(Interned(), texts)


@given(st.lists(st.text("ab", max_size=6).map(_Alike), max_size=80))
def test_texts_of_one_hash_are_told_apart(texts: list[str]) -> None:
    """They stand behind each other, around the end of the table too (a hash of -1 is -2)."""
    assert _numbered(InternedTexts(), texts) == _numbered(Interned(), texts)


def test_many_texts() -> None:
    """Each of twenty thousand keeps its number, whenever the table grew."""
    texts = [f"tests/test_depot.py::test_{number}" for number in range(20_000)]
    table = InternedTexts()
    for _ in range(2):
        assert np.array_equal(table.numbers(texts), np.arange(len(texts)))
    assert table.values == texts


def test_the_table_is_small() -> None:
    """It has at most twelve bytes for each text, and at most two thirds of it are taken."""
    table = InternedTexts()
    for number in range(3_000):
        table.intern(str(number))
        size = len(table._table)
        assert 3 * (number + 1) <= 2 * size
        assert size == 8 or size < 3 * (number + 1)

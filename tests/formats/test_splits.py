"""Any split of the same bytes gives the same spans and the same complaints."""

from itertools import combinations, islice

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.budgets import examples
from tests.builders import indented, line
from tests.formats.reading import PIECES, one, read, torn

corpora = st.lists(st.sampled_from(PIECES), max_size=8).map(b"".join)
cuts = st.lists(st.tuples(st.integers(0, 1 << 12), st.booleans()), max_size=12)


@settings(max_examples=examples(35))
@given(corpora, cuts)
def test_any_split_gives_the_same_batch(corpus: bytes, some_cuts: list[tuple[int, bool]]) -> None:
    """Documents, offsets, rejected and torn bytes are the same, wherever bytes are cut and settled."""
    assert read(corpus, [(min(cut, len(corpus)), settles) for cut, settles in some_cuts]) == read(corpus)


@settings(max_examples=examples(25))
@given(corpora)
def test_byte_by_byte_gives_the_same_batch(corpus: bytes) -> None:
    """Even a stream that comes a byte at a time, settled after each, reads like a file."""
    assert read(corpus, [(cut, True) for cut in range(len(corpus))]) == read(corpus)


NASTY = (
    b"\xef\xbb\xbf{}\r\n"
    b'\0\0{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"}\\"\xc3\xa9"}]}]}]}'
    b'{"resourceSpans":[\r\n{"scopeSpans":[{"spans":[{"name":"]\\\\"}\n]}]}]}\n'
    b'\xff{"a"\n{"resourceSpans":[{"s\n{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"z"}]}]}]}'
)


def test_the_nasty_corpus_is_understood() -> None:
    """The corpus of the exhaustive tests holds three spans, two of them in glued documents."""
    batch = read(NASTY)
    assert batch.name == ['}"é', "]\\", "z"]
    assert [problem.offset for problem in batch.rejected] == [
        NASTY.index(b'{"resourceSpans":[{"s\n'),
    ]
    assert [(problem.offset, problem.number) for problem in batch.noted] == [(3, 2)]
    assert not batch.torn


def test_every_single_cut_gives_the_same_batch() -> None:
    """One cut, settled or not, changes nothing."""
    whole = read(NASTY)
    for cut in range(len(NASTY) + 1):
        assert read(NASTY, [(cut, False)]) == whole
        assert read(NASTY, [(cut, True)]) == whole


@pytest.mark.parametrize("step", [13, pytest.param(1, marks=pytest.mark.nightly)])
def test_every_pair_of_cuts_gives_the_same_batch(step: int) -> None:
    """Two cuts, both settled, change nothing: all pairs at night, at every push one of so many."""
    whole = read(NASTY)
    for first, second in islice(combinations(range(len(NASTY) + 1), 2), 0, None, step):
        assert read(NASTY, [(first, True), (second, True)]) == whole


def test_a_torn_line_costs_only_itself() -> None:
    """A torn line, with or without its line end, takes nothing of the healthy line behind it."""
    for tail in (b"", b"\n"):
        batch = read(torn(1) + tail + line(one(2)))
        assert batch.name == [one(2)["name"]]
        assert [problem.offset for problem in batch.rejected] == [0]


def test_an_unfinished_end_is_torn() -> None:
    """What no further byte will complete is one torn record, at the offset where it starts."""
    for end in (torn(1), indented(one(1))[:200]):
        batch = read(line(one(2)) + end)
        assert (len(batch), batch.rejected) == (1, [])
        assert [problem.offset for problem in batch.torn] == [len(line(one(2)))]


@example(b"")
@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(noise: bytes) -> None:
    """Whatever the bytes, a healthy line after them is read."""
    batch = read(noise.replace(b"{", b"(").replace(b"[", b"(") + b"\n" + line(one(1)))
    assert batch.name == [one(1)["name"]]

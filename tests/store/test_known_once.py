"""What is only appended to is looked at once: what is known of it is what looking at all of it gives."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import T0, case, line
from tests.store.appending import append
from tests.store.evicting import evict
from tracetui.model.batch import Heartbeat, Writer
from tracetui.store.accounting.labels import Labels
from tracetui.store.accounting.signs_of_life import SignsOfLife
from tracetui.store.table import SpanTable

beats = st.tuples(st.integers(0, 3), st.integers(7, 8), st.integers(0, 4))


@given(st.lists(beats, max_size=20))
def test_writers_were_last_heard_of_where_the_latest_word_of_any_source_is(
    heard: Sequence[tuple[int, int, int]],
) -> None:
    """Whoever goes on in a source, and however clocks go back."""
    signs, last = SignsOfLife({}), dict[int, Heartbeat]()
    for source, pid, time_ns in heard:
        beat = Heartbeat(time_ns, pid, "here", "boot", 0)
        signs.hear(source, beat)
        last.pop(source, None)
        last[source] = beat
        by_writer = dict[Writer, int]()
        for one in last.values():
            by_writer[one.writer] = max(one.time_ns, by_writer.get(one.writer, 0))
        assert {writer: one.time_ns for writer, one in signs.by_writer.items()} == by_writer
        assert [*signs.by_source.items()] == [*last.items()]
        assert signs.latest_ns >= max(by_writer.values())
    assert set(signs.new()) == set(last)
    assert not signs.new()
    assert SignsOfLife(last).by_source == last


@given(st.lists(st.lists(st.text("ab", max_size=3), max_size=3), max_size=6))
def test_labels_are_grouped_as_they_come(pieces: Sequence[Sequence[str]]) -> None:
    """As if all had been there at once; each is looked at once, and what is no label yet has no group."""
    labels, all_labels, asked = Labels(), list[str](), list[str]()

    def key(label: str) -> str:
        asked.append(label)
        return label[:1]

    for piece in pieces:
        labels += piece
        all_labels += piece
        groups = labels.grouped(key)
        firsts = [*dict.fromkeys(label[:1] for label in all_labels)]
        assert groups.numbers.tolist() == [firsts.index(label[:1]) for label in all_labels]
        assert len(groups) == len(firsts)
        assert asked == all_labels
        known = firsts.index("b") if "b" in firsts else -1
        assert [groups.number(label) for label in ("bb", "c")] == [known, -1]
        del asked[len(all_labels) :]


@pytest.mark.parametrize("is_evicted", [False, True])
def test_origins_come_from_the_sources_that_they_name(is_evicted: bool) -> None:
    """Also of those that come later, and after a run was evicted."""
    store = SpanTable()
    for label in ("first", "second", "third"):
        store.add_source(label)
    append(store, line(case("a", trace="1" * 32)), 0)
    append(store, line(case("b", trace="2" * 32, start=T0 + 1)), 2)
    if is_evicted:
        evict(store, "1" * 32)
    append(store, line(case("c", trace="3" * 32, start=T0 + 2)), 1)
    snapshot = store.snapshot()
    assert [snapshot.sources[source] for source in snapshot.source_id] == ["first", "third", "second"][
        is_evicted:
    ]
    assert snapshot.source_of_origin.tolist() == [origin.source for origin in snapshot.origins]

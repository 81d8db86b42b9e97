"""Any order of arrival gives the same spans, the same tree and the same counts."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budgets import examples
from tests.builders import MS, T0, S, span
from tests.store.arriving import IDS, documents, finished, started, store, told
from tracetui.formats.otlp.otlp_json import OtlpJson
from tracetui.model.kind import Kind
from tracetui.store.joining.identity import Record
from tracetui.store.table import SpanTable

pytestmark = pytest.mark.usefixtures("shared_pages")


@settings(max_examples=examples(35))
@given(st.data(), st.lists(documents(), max_size=9))
def test_any_order_gives_the_same_store(data: st.DataObject, records: list[bytes]) -> None:
    """Permuted, and cut into batches anywhere, records make the same spans, tree and counts."""
    shuffled = data.draw(st.permutations(records))
    borders = sorted(data.draw(st.lists(st.integers(0, len(records)), max_size=4)))
    parts = [shuffled[begin:end] for begin, end in zip([0, *borders], [*borders, len(records)], strict=True)]
    assert told(store(parts)) == told(store([records]))


@settings(max_examples=examples(15))
@given(st.lists(documents(), max_size=9))
def test_one_by_one_gives_the_same_store(records: list[bytes]) -> None:
    """A batch for each record, the last one first, makes the same as one batch of all."""
    assert told(store([[record] for record in reversed(records)])) == told(store([records]))


@pytest.mark.parametrize("names", ["xy", "yx"])
def test_what_runs_may_be_told_again(names: str) -> None:
    """Of two records of its start, by different names, the same one counts whichever comes first."""
    found = store([[started(span(name, id=IDS[0], start=1, end=0))] for name in names])
    assert [found.name(row) for row in range(len(found))] == ["y"]


@settings(max_examples=examples(15))
@given(st.lists(st.lists(documents(), max_size=4), max_size=4))
def test_what_comes_after_the_end_still_finds_its_own(parts: list[list[bytes]]) -> None:
    """A store that let go of its indexes takes more as if it had not."""
    assert told(store(parts, finish=True)) == told(store(parts))


@settings(max_examples=examples(15))
@given(st.lists(st.tuples(st.integers(0, 2), st.lists(documents(), max_size=3)), max_size=9))
def test_blocks_that_wait_are_rows_as_others(blocks: list[tuple[int, list[bytes]]]) -> None:
    """Small blocks of many sources, made rows together, are the same rows of the same sources."""
    assert rows(blocks, looks=False) == rows(blocks, looks=True)


def rows(blocks: Sequence[tuple[int, Sequence[bytes]]], *, looks: bool) -> object:
    """What a store has of blocks of three sources, row by row, and when each source was last heard of."""
    table, readers = SpanTable(), [OtlpJson() for _ in range(3)]
    sources = [table.add_source(f"{number}") for number in range(3)]
    for source, block in blocks:
        readers[source].feed(b"".join(block))
        table.append(source, readers[source].take())
        if looks:
            table.newest_ns(source)
    found = table.snapshot()
    origins = [(found.origin(row).source, int(found.offset[row])) for row in range(len(found))]
    return told(found), origins, list(map(table.newest_ns, sources)), found.health


@pytest.mark.parametrize("times", [12, 20])
def test_a_run_that_comes_again_with_the_same_ids(times: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its spans, their starts and ends, are not looked at one by one, however often it has come."""
    alone = list[int]()
    add = SpanTable._add_namesake

    def counted(table: SpanTable, new: Record) -> int:
        alone.append(add(table, new))
        return alone[-1]

    monkeypatch.setattr(SpanTable, "_add_namesake", counted)
    runs = [
        [span(f"s{n}", id=IDS[n], start=T0 + run * S, end=T0 + run * S + MS) for n in range(3)]
        for run in range(times)
    ]
    parts = [[*map(started, run[:2]), *map(finished, run)] for run in runs]
    read = store(parts)
    assert not alone
    assert (len(read), read.health.collisions) == (3 * times, 3 * (times - 1))
    assert read.health.count(Kind.NAMESAKES) == (3 if times > 16 else 0)
    if times <= 16:
        assert told(read) == told(store([part[::-1] for part in parts[::-1]]))
        assert told(read) == told(store([[record] for part in parts for record in part]))

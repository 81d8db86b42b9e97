"""Any order of arrival gives the same spans, the same tree and the same counts."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budgets import examples
from tests.builders import Json, compact, document, span, start_record
from tracetui.analysis.tree.tree import build
from tracetui.formats.otlp.otlp_json import OtlpJson
from tracetui.store.snapshot import Snapshot
from tracetui.store.table import SpanTable

IDS = [f"{number:016x}" for number in range(1, 5)]
TRACES = ["a" * 32, "b" * 32]


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """One record of a span: finished, started, or written without its end."""
    start = draw(st.integers(1, 3))
    made = span(
        draw(st.sampled_from("xy")),
        {"pytest.xdist.worker": "gw1"} if draw(st.booleans()) else {},
        trace=draw(st.sampled_from(TRACES)),
        id=draw(st.sampled_from(IDS)),
        parent=draw(st.sampled_from(["", "f" * 16, *IDS])),
        start=start,
        end=start + draw(st.integers(0, 3)),
        status=draw(st.integers(0, 2)),
    )
    made_by = draw(st.sampled_from((finished, finished, unfinished, started)))
    return made_by(made)


def finished(made: Json) -> bytes:
    return compact(document(made))


def started(made: Json) -> bytes:
    return start_record(made)


def unfinished(made: Json) -> bytes:
    return compact(document({key: made[key] for key in made if key != "endTimeUnixNano"}))


def store(parts: Sequence[Sequence[bytes]], *, finish: bool = False) -> Snapshot:
    """A store that got each part as one batch of a source of its own, looked at or finished in between."""
    table = SpanTable()
    for part in parts:
        source = table.add_source("x")
        reader = OtlpJson()
        reader.feed(b"".join(part))
        table.append(source, reader.take())
        if finish:
            table.finish()
        table.snapshot()
    return table.snapshot()


def told(snapshot: Snapshot) -> object:
    """Everything that must not depend on arrival: spans in display order by identity, and counts."""
    tree = build(snapshot)
    place = {int(row): number for number, row in enumerate(tree.order)}
    spans = [
        (
            snapshot.trace_id(row),
            snapshot.span_id_text(row),
            snapshot.name(row),
            snapshot.worker(row),
            int(snapshot.start_ns[row]),
            int(snapshot.end_ns[row]),
            int(snapshot.status[row]),
            int(snapshot.outcome[row]),
            place.get(int(tree.parent[row])),
            int(tree.depth[row]),
            int(tree.size[row]),
        )
        for row in map(int, tree.order)
    ]
    health = snapshot.health
    return spans, health.duplicates, health.collisions, tree.cycles, snapshot.orphans


@settings(max_examples=examples(100), deadline=None)
@given(st.data(), st.lists(documents(), max_size=9))
def test_any_order_gives_the_same_store(data: st.DataObject, records: list[bytes]) -> None:
    """Permuted, and cut into batches anywhere, records make the same spans, tree and counts."""
    shuffled = data.draw(st.permutations(records))
    borders = sorted(data.draw(st.lists(st.integers(0, len(records)), max_size=4)))
    parts = [shuffled[begin:end] for begin, end in zip([0, *borders], [*borders, len(records)], strict=True)]
    assert told(store(parts)) == told(store([records]))


@settings(max_examples=examples(40), deadline=None)
@given(st.lists(documents(), max_size=9))
def test_one_by_one_gives_the_same_store(records: list[bytes]) -> None:
    """A batch for each record, the last one first, makes the same as one batch of all."""
    assert told(store([[record] for record in reversed(records)])) == told(store([records]))


@settings(max_examples=examples(40), deadline=None)
@given(st.lists(st.lists(documents(), max_size=4), max_size=4))
def test_what_comes_after_the_end_still_finds_its_own(parts: list[list[bytes]]) -> None:
    """A store that let go of its indexes takes more as if it had not."""
    assert told(store(parts, finish=True)) == told(store(parts))


@settings(max_examples=examples(40), deadline=None)
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

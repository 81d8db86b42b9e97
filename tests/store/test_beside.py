"""A table whose rows another thread makes, while more is read, is the one that a single thread makes."""

import threading
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.budgets import examples
from tests.builders import line, span
from tests.store.arriving import documents
from tracetui.formats.otlp.otlp_json import OtlpJson
from tracetui.model.batch import SpanBatch
from tracetui.model.columns import STORED
from tracetui.store.joining import incoming
from tracetui.store.joining.identity import Record
from tracetui.store.joining.pending import Known
from tracetui.store.memory_limit import ROW_BYTES
from tracetui.store.table import SpanTable


@pytest.fixture(autouse=True)
def _few_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three spans are settled, and even one does not wait to be made a row."""
    monkeypatch.setattr(incoming, "_MOST_PENDING", 3)
    monkeypatch.setattr(incoming, "_FEW", 0)


def batch(*records: bytes) -> SpanBatch:
    reader = OtlpJson()
    reader.feed(b"".join(records))
    return reader.take()


def numbered(*numbers: int) -> SpanBatch:
    return batch(*(line(span(f"span {number}", id=f"{number:016x}", start=number)) for number in numbers))


def table(parts: Sequence[Sequence[bytes]], *, beside: bool, refuse_at: int) -> tuple[dict[str, bytes], str]:
    """Every column, bit for bit, and everything else; new traces are refused from one of the parts on."""
    made = SpanTable(beside=beside)
    made.add_source("spans.jsonl")
    for number, part in enumerate(parts):
        if number == refuse_at:
            made.refuse(known_only=True)
        made.append(0, batch(*part))
    snapshot = made.snapshot()
    columns = {name: np.ascontiguousarray(getattr(snapshot, name)).tobytes() for name in STORED}
    health = replace(snapshot.health, kinds=dict(sorted(snapshot.health.kinds.items())))
    return columns, repr((snapshot.texts, snapshot.trace_ids, health, made.bytes))


@settings(max_examples=examples(60))
@given(st.lists(st.lists(documents(), min_size=1, max_size=4), max_size=8), st.integers(0, 12))
def test_the_table_is_the_same(parts: list[list[bytes]], refuse_at: int) -> None:
    """Also of spans that come twice, of starts and ends, of shared ids, and of what is refused."""
    assert table(parts, beside=True, refuse_at=refuse_at) == table(parts, beside=False, refuse_at=refuse_at)


class Held:
    """A table whose other thread waits until it is let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.table = SpanTable(beside=True)
        self.table.add_source("spans.jsonl")
        self.go = threading.Event()
        self.by: list[int] = []
        add_new = self.table._add_new

        def slowly(pending: Sequence[Record]) -> Known | None:
            self.by.append(threading.get_ident())
            assert self.go.wait(60)
            return add_new(pending)

        monkeypatch.setattr(self.table, "_add_new", slowly)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    made = Held(monkeypatch)
    yield made
    made.go.set()


def test_reading_goes_on_meanwhile(held: Held) -> None:
    """What is there is counted also while it is being settled, and who asks for it waits until it is."""
    held.table.append(0, numbered(1, 2, 3))
    held.table.append(0, numbered(4, 5))
    assert held.table.bytes >= 5 * ROW_BYTES
    held.go.set()
    assert len(held.table) == 5
    assert held.by[0] != threading.get_ident() == held.by[1]


def test_at_rest_memory_is_what_it_is_with_one_thread(held: Held) -> None:
    """Spans that are settled and were there before are no longer counted."""
    alone = SpanTable()
    alone.add_source("spans.jsonl")
    for made in (held.table, alone):
        held.go.set()
        made.append(0, numbered(1, 2, 3))
        made.append(0, numbered(1, 2, 3))
        made.append(0, numbered(4))
    held.table.at_rest()
    assert held.table.bytes == alone.bytes


def test_what_goes_wrong_there_is_raised_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not lost with the thread."""

    def wrong(_: object) -> None:
        raise MemoryError

    made = SpanTable(beside=True)
    made.add_source("spans.jsonl")
    monkeypatch.setattr(made, "_add_new", wrong)
    made.append(0, numbered(1, 2, 3))
    with pytest.raises(MemoryError):
        made.snapshot()


@pytest.mark.parametrize(("beside", "number"), [(False, 3), (True, 2)])
def test_fewer_wait(beside: bool, number: int) -> None:
    """Without another thread, and of fewer spans than are settled at once, nothing is under way."""
    made = SpanTable(beside=beside)
    made.add_source("spans.jsonl")
    made.append(0, numbered(*range(1, number + 1)))
    assert made._pending._result is None

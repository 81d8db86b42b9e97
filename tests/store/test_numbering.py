"""Texts, traces and origins are numbered in the order of their bytes, in whatever parts spans come."""

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budgets import examples
from tests.builders import T0, Json, line, span
from tracetui.formats.otlp.otlp_json import OtlpJson
from tracetui.model.batch import SpanBatch, together
from tracetui.model.columns import STORED
from tracetui.store.snapshot import Snapshot
from tracetui.store.table import SpanTable

NAMES = ("a", "b", "c", " ", "")


def a_test(name: str, title: str, worker: str, **more: Any) -> Json:
    """A test."""
    told = {"tracetui.span.role": "test", "pytest.nodeid": title, "pytest.xdist.worker": worker}
    return span(name, told, **more)


@st.composite
def records(draw: st.DrawFn) -> list[tuple[bytes, int]]:
    """Spans that share names, titles, traces and resources, each with the part that it comes in."""
    made = []
    for number in range(draw(st.integers(1, 12))):
        name, title = draw(st.sampled_from(NAMES)), draw(st.sampled_from(NAMES))
        one = a_test(
            name,
            title,
            draw(st.sampled_from("abx")),
            id=f"{number + 1:016x}",
            trace=draw(st.sampled_from(("1" * 32, "2" * 32, "3" * 32))),
            start=T0 + number,
        )
        resource = {"service.name": draw(st.sampled_from("ab"))}
        made.append((line(one, resource=resource), draw(st.integers(0, 2))))
    return made


def table(parts: list[list[tuple[int, bytes]]]) -> Snapshot:
    """A table of one batch: the spans of each part, with their offsets, are packed together."""
    batch = SpanBatch()
    for part in filter(None, parts):
        readers = []
        for offset, record in part:
            readers.append(OtlpJson(begin=offset))
            readers[-1].feed(record)
        batch.packed += together(reader.take() for reader in readers).columns()
    made = SpanTable()
    made.add_source("spans.jsonl")
    made.append(0, batch)
    return made.snapshot()


def told(snapshot: Snapshot) -> dict[str, Any]:
    """All that is numbered, and every column."""
    columns = {name: np.asarray(getattr(snapshot, name)).tolist() for name in STORED}
    return {
        **columns,
        "texts": list(snapshot.texts),
        "traces": list(snapshot.trace_ids),
        "origins": list(snapshot.origins),
    }


@settings(max_examples=examples(60))
@given(records())
def test_parts_do_not_matter(made: list[tuple[bytes, int]]) -> None:
    """Spans that only slower means could read come in a part of their own, behind all others."""
    placed, offset = [], 0
    for record, _ in made:
        placed.append((offset, record))
        offset += len(record)
    parts: list[list[tuple[int, bytes]]] = [[], [], []]
    for at, (_, part) in zip(placed, made, strict=True):
        parts[part].append(at)
    assert told(table(parts)) == told(table([placed]))


def test_the_order_is_that_of_first_appearance() -> None:
    """Of a span its name comes first, then its title, then its worker."""
    one = a_test("b", "a", "w", id="1" * 16)
    two = a_test("c", "b", "a", id="2" * 16)
    later = [(len(line(one)), line(two))]
    assert list(table([later, [(0, line(one))]]).texts) == ["", "b", "a", "w", "c"]


def test_small_files_follow_each_other_as_they_came() -> None:
    """Whatever their spans' offsets are: those of the second are smaller here."""
    made = SpanTable()
    for number, service in enumerate(("a service with a long name", "b", "a")):
        made.add_source(f"{number}.jsonl")
        reader = OtlpJson()
        reader.feed(line(span(f"span of {service}", trace=f"{9 - number}" * 32), resource={"s": service}))
        made.append(number, reader.take())
    snapshot = made.snapshot()
    assert list(snapshot.texts) == ["", "span of a service with a long name", "span of b", "span of a"]
    assert [trace[0] for trace in snapshot.trace_ids] == ["9", "8", "7"]
    assert [origin.source for origin in snapshot.origins] == [0, 1, 2]


def test_what_no_span_has_takes_no_room() -> None:
    """Nor is a name kept that was only read in a line that was rejected after all."""
    good, bad = line(span("good")), line(span("bad"))[:-2] + b"\n"
    reader = OtlpJson()
    reader.feed(good + bad + good[:-2])
    made = SpanTable()
    made.add_source("spans.jsonl")
    made.append(0, reader.take())
    assert list(made.snapshot().texts) == ["", "good"]

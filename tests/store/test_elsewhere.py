"""A span of code under test has a trace of its own and hangs below the test that it names."""

from itertools import permutations

import numpy as np
import pytest

from tests.builders import MS, T0, TRACE, Json, belongs_to, case, line, snapshot, span, start_record
from tests.formats.test_scanned import OneByOne
from tracetui.formats.otlp.otlp_json import OtlpJson
from tracetui.model.kind import Kind
from tracetui.store.snapshot import Snapshot
from tracetui.store.table import SpanTable

OTHER = "b" * 32
TEST = case("test_x.py::test_x", end=T0 + 9 * MS)
ROOT = span("GET /", belongs_to(TEST), trace=OTHER, start=T0 + MS)
CHILD = span("query", trace=OTHER, start=T0 + 2 * MS, parent=ROOT)


def parents(found: Snapshot) -> dict[str, str]:
    """By name, the name of the parent; empty for a root."""
    rows = range(len(found))
    return {found.name(row): _name(found, int(found.parent_row[row])) for row in rows}


def _name(found: Snapshot, row: int) -> str:
    return found.name(row) if row >= 0 else ""


@pytest.mark.parametrize("order", list(permutations([TEST, ROOT, CHILD])))
def test_it_hangs_below_its_test_in_any_order_of_arrival(order: tuple[Json, ...]) -> None:
    """Whichever record comes first; it keeps its own ids, and nothing is an orphan."""
    found = snapshot(*map(line, order))
    assert parents(found) == {TEST["name"]: "", "GET /": TEST["name"], "query": "GET /"}
    assert {found.trace_id(row) for row in range(3)} == {TRACE, OTHER}
    assert found.orphans == 0


def test_one_under_way_hangs_there_too() -> None:
    """Its start record says the same; its end replaces that."""
    assert parents(snapshot(start_record(TEST), start_record(ROOT)))["GET /"] == TEST["name"]
    found = snapshot(start_record(TEST), start_record(ROOT), line(ROOT), line(ROOT))
    assert (len(found), parents(found)["GET /"], found.health.count(Kind.DUPLICATE)) == (2, TEST["name"], 1)


def test_a_parent_that_nobody_wrote_does_not_keep_it_away() -> None:
    """A request that a test made up names a parent that is in no file."""
    asked = span("GET /", belongs_to(TEST), trace=OTHER, start=T0 + MS, parent="f" * 16)
    assert parents(snapshot(line(TEST), line(asked)))["GET /"] == TEST["name"]


@pytest.mark.parametrize("key", ["tracetui.parent.trace_id", "tracetui.parent.span_id"])
@pytest.mark.parametrize("value", ["", "0" * 16, 7])
def test_half_a_place_is_none(key: str, value: object) -> None:
    """Without both ids it stays what it is: a root, or an orphan below a span that nobody wrote."""
    told = {**belongs_to(TEST), key: value}
    found = snapshot(line(TEST), line(span("GET /", told, trace=OTHER, start=T0 + MS)))
    assert parents(found)["GET /"] == ""


def test_a_test_that_is_in_no_file_leaves_an_orphan() -> None:
    """Counted as any other parent that was not seen."""
    found = snapshot(line(ROOT), line(CHILD))
    assert parents(found) == {"GET /": "", "query": "GET /"}
    assert found.orphans == 1


def test_many_at_once_are_read_as_one_by_one() -> None:
    """Hundreds of like spans, of which some name a test."""
    tests = [case(f"test_x.py::test_{n}", start=T0 + n * MS, end=T0 + (n + 1) * MS) for n in range(100)]
    roots = [
        span("GET /", belongs_to(test), trace=f"{n + 1:032x}", start=int(test["startTimeUnixNano"]))
        for n, test in enumerate(tests)
    ]
    data = b"".join(line(*pair) for pair in zip(tests, roots, strict=True)) + b"".join(map(line, roots))
    fast, slow = _read(OtlpJson(), data), _read(OneByOne(), data)
    for name in ("key", "parent_key", "parent_row", "trace_index", "offset"):
        assert np.array_equal(getattr(fast, name), getattr(slow, name)), name
    assert np.count_nonzero(fast.parent_row >= 0) == 100


def _read(reader: OtlpJson, data: bytes) -> Snapshot:
    table = SpanTable()
    table.add_source("x")
    reader.feed(data)
    reader.finish()
    table.append(0, reader.take())
    return table.snapshot()

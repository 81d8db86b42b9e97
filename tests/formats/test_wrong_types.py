"""A wrong JSON type in every place of a valid document of each format costs that place, at most its span."""

import copy
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budgets import examples, some
from tests.builders import TRACE, compact, line, span
from tests.formats.documents import DOCUMENTS, NAMES
from tests.formats.reading import read
from tracetui.errors import DecodeError
from tracetui.formats.detail import decode_span
from tracetui.formats.one_attribute import span_attribute
from tracetui.model.batch import SpanBatch
from tracetui.model.kind import Kind
from tracetui.model.span import Span

ROOT, CHILD = span("root", id="1" * 16), span("child", id="2" * 16, parent="1" * 16)
Path = tuple[str | int, ...]
WRONG: tuple[Any, ...] = (None, True, 7, -1.5, "wrong", [], {}, [7], {"wrong": {}})
NAMED = ("name", "operationName", "Name")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_valid_document_is_read_whole(name: str) -> None:
    """All of its spans, joined, without trouble; each can be looked at."""
    data = compact(DOCUMENTS[name])
    batch = read(data)
    assert (batch.name, batch.rejected, batch.torn, batch.noted) == (list(NAMES), [], [], [])
    assert batch.parent_span_id == ["", batch.span_id[0], batch.span_id[0]]
    assert len(set(batch.trace_id)) == 1
    assert all(0 < start <= end for start, end in zip(batch.start_ns, batch.end_ns, strict=True))
    for found, span_id in zip(looked_at(data, batch), batch.span_id, strict=True):
        assert found.span_id == span_id
        assert found.resource.attributes["service.name"] == "depot"
        assert found.attributes


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_wrong_type_costs_at_most_its_span(name: str) -> None:
    """Around spans it costs the spans in it. What is lost is counted, what is read can be looked at."""
    for path, wrong in some(wrong_places(name), 4):
        touched = within(DOCUMENTS[name], path)
        data = compact(replaced(DOCUMENTS[name], path, wrong))
        batch = read(data)
        assert set(NAMES) - touched <= set(batch.name), (path, wrong)
        lost = len(NAMES) - len(batch)
        assert lost <= len(touched), (path, wrong)
        if lost and not isinstance(wrong, dict) and wrong not in (None, []):
            assert batch.rejected or batch.noted, (path, wrong)
        assert counted_once(batch), (path, wrong)
        assert len(looked_at(data, batch)) == len(batch)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_field_of_a_wrong_type_is_counted(name: str) -> None:
    """Names, kinds, lists of attributes: once for each, and with the place of its span."""
    for path, was in places(DOCUMENTS[name]):
        if is_span_of(DOCUMENTS[name], path) is None or "resource" in path:
            continue
        if path[-1] not in (*NAMED, *_COUNTED):
            continue
        wrong = 5 if isinstance(was, list | dict) else [5]
        batch = read(compact(replaced(DOCUMENTS[name], path, wrong)))
        (problem,) = batch.noted
        assert (problem.kind, batch.rejected) == (Kind.WRONG_TYPE, []), path
        assert problem.reason.endswith(" of a wrong type")
        assert problem.offset in batch.offset


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_is_no_id_and_no_time_costs_no_span(name: str) -> None:
    """Every field of every span, down to the last: the span is there, under its ids, at its time."""
    whole = read(compact(DOCUMENTS[name]))
    for path, wrong in some(wrong_places(name), 4, 1):
        if is_span_of(DOCUMENTS[name], path) is None or is_vital(path):
            continue
        batch = read(compact(replaced(DOCUMENTS[name], path, wrong)))
        assert batch.rejected == [], (path, wrong)
        for column in ("trace_id", "span_id", "parent_span_id", "start_ns", "end_ns"):
            assert getattr(batch, column) == getattr(whole, column), (path, wrong, column)


@pytest.mark.parametrize("name", DOCUMENTS)
@settings(max_examples=examples(15))
@given(data=st.data())
def test_no_damage_breaks_the_reader(name: str, data: st.DataObject) -> None:
    """Bytes flipped, cut out or put in: spans and problems; what was read can be looked at."""
    hurt = bytearray(compact(DOCUMENTS[name]))
    for _ in range(data.draw(st.integers(1, 4))):
        at_ = data.draw(st.integers(0, len(hurt) - 1))
        put = data.draw(st.sampled_from([b"", b"\x00", b'"', b"{", b"9" * 40, b"null", b"[]", b"\xff", b"-1",
                                         b"\\ud800", b"NaN", b"1e999"]))  # fmt: skip
        hurt[at_ : at_ + data.draw(st.integers(0, 9))] = put
    whole = bytes(hurt)
    batch = read(whole)
    for place in range(len(batch)):
        own = whole[batch.offset[place] : batch.offset[place] + batch.length[place]]
        with suppress(DecodeError):
            decode_span(own, batch.resource[place], batch.scope[place])


WRONG_AROUND = ("resourceSpans", "resourceLogs", "resource_spans", "batches", "scopeSpans", "spans")


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
@pytest.mark.parametrize("key", WRONG_AROUND)
def test_a_document_that_is_none_is_counted_once(key: str, end: bytes) -> None:
    """With the field that is wrong, however its line ends; alone, in an array or a wrapper, among others."""
    for whole in ({key: 3}, [{key: 3}], {"data": {key: 3}}):
        batch = read(compact(whole) + end)
        assert sum(problem.number for problem in (*batch.rejected, *batch.torn, *batch.noted)) == 1, whole
    many = read((compact({key: 3}) + b"\n") * 3 + line(ROOT))
    assert many.name == ["root"]
    assert sum(problem.number for problem in (*many.rejected, *many.torn, *many.noted)) == 3


def counted_once(batch: SpanBatch) -> bool:
    """Whether no byte is in two of the losses."""
    lost = sorted((each.offset, each.offset + each.length) for each in (*batch.rejected, *batch.torn))
    return all(end <= begin for (_, end), (begin, _) in pairwise(lost))


def wrong_places(name: str) -> Iterator[tuple[Path, Any]]:
    """Every place of a document with everything that is wrong there."""
    return ((path, wrong) for path, _ in places(DOCUMENTS[name]) for wrong in WRONG)


def places(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every place of a document but its top, and what stands there."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key), item
        yield from places(item, (*path, key))


def replaced(value: Any, path: Path, wrong: Any) -> Any:
    made = copy.deepcopy(value)
    inner = made
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = wrong
    return made


def at(value: Any, path: Path) -> Any:
    for key in path:
        value = value[key]
    return value


def is_span_of(value: Any, path: Path) -> int | None:
    """How much of a path leads to a span, if it leads into one."""
    for length in range(1, len(path)):
        found = at(value, path[:length])
        if isinstance(found, dict) and any(found.get(key) in NAMES for key in NAMED):
            return length
    return None


def within(value: Any, path: Path) -> set[str]:
    """The names of the spans that a place is in, or that are in it."""
    length = is_span_of(value, path)
    found = at(value, path[:length] if length else path)
    inner = [found, *(item for _, item in places(found))]
    return {each[key] for each in inner if isinstance(each, dict) for key in NAMED if each.get(key) in NAMES}


def is_vital(path: Path) -> bool:
    """Whether a place is an id or a time of its span, or holds some."""
    keys = [key for key in path if isinstance(key, str)]
    if {"attributes", "events", "links", "Events", "Links", "logs", "tags", "status"}.intersection(keys):
        return False
    last = "".join(keys[-1:]).lower().replace("_", "")
    return last in _VITAL or last.endswith(("unixnano", "time", "id"))


_VITAL = frozenset(
    (
        "context",
        "spancontext",
        "parent",
        "references",
        "annotations",
        "timestamp",
        "duration",
        "start",
        "value",
    )
) | {"shared", "kind"}
"""Zipkin's kind and annotations decide which half of a call a span is, and when it was."""

_COUNTED = ("kind", "tags", "logs", "attributes", "events", "links", "Attributes", "Events", "Links", "meta")


def looked_at(data: bytes, batch: SpanBatch) -> list[Span]:
    """Every span in full, each from its own bytes; and one attribute of it, as filters ask for it."""
    found = []
    for place in range(len(batch)):
        own = data[batch.offset[place] : batch.offset[place] + batch.length[place]]
        found.append(decode_span(own, batch.resource[place], batch.scope[place]))
        assert found[-1].trace_id == batch.trace_id[place]
        span_attribute(own, "k")
    return found


def test_an_object_where_a_list_belongs_is_a_list_of_one() -> None:
    """Converters from XML and YAML write them so; an object with nothing of an element costs itself."""
    for inner in ([ROOT, CHILD], ROOT):
        names = ["root", "child"][: len(inner) if isinstance(inner, list) else 1]
        for scopes in ({"spans": inner}, [{"spans": inner}]):
            group = {"resource": None, "scopeSpans": scopes}
            for whole in ({"resourceSpans": group}, {"resourceSpans": [group]}, {"batches": group}):
                batch = read(compact(whole))
                assert (batch.name, batch.rejected, batch.noted) == (names, [], [])
    batch = read(
        compact({"resourceSpans": [{"scopeSpans": {"a": 1}}, {"scopeSpans": [None, {"spans": ROOT}]}]})
    )
    assert batch.name == ["root"]
    assert [problem.reason for problem in batch.rejected] == [
        "resourceSpans[0].scopeSpans of a wrong type", "resourceSpans[1].scopeSpans[0] of a wrong type",
    ]  # fmt: skip


def test_scopes_under_both_of_their_names_are_all_read() -> None:
    """As writers of 2022 had them; groups of Tempo beside others too."""
    both = {"scopeSpans": [{"spans": [ROOT]}], "instrumentationLibrarySpans": [{"spans": [CHILD]}]}
    assert read(compact({"resourceSpans": [both]})).name == ["root", "child"]
    one, other = ([{"scopeSpans": [{"spans": [each]}]}] for each in (ROOT, CHILD))
    assert read(compact({"resourceSpans": one, "batches": other})).name == ["root", "child"]


def test_attributes_of_a_resource_that_are_none_are_counted() -> None:
    """In the console's output."""
    made = {"name": "x", "context": {"trace_id": TRACE, "span_id": "1" * 16}, "resource": {"attributes": 5}}
    batch = read(compact(made))
    assert (batch.name, [problem.reason for problem in batch.noted]) == (
        ["x"], ["resource.attributes of a wrong type"],
    )  # fmt: skip

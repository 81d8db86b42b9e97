"""Records that are torn and glued to others, and documents of nothing."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budgets import examples
from tests.builders import Json, compact, line, resource_spans, span
from tests.formats.documents import DOCUMENTS
from tests.formats.reading import read
from tracetui.model.kind import Kind

TORN = line(span("torn", {"key": "value", "number": 3}), span("torn too", {"key": "v"}))
WHOLE, NEXT = line(span("whole"), span("whole too")), line(span("next"))

GLUED: dict[str, tuple[Callable[[bytes], bytes], set[str]]] = {
    "one": (lambda torn: torn + WHOLE + NEXT, {"whole", "whole too", "next"}),
    "several": (lambda torn: torn + WHOLE.rstrip() + NEXT, {"whole", "whole too", "next"}),
    "to a torn one": (lambda torn: torn + torn + WHOLE + NEXT, {"whole", "whole too", "next"}),
    "without a line end": (lambda torn: NEXT + torn + WHOLE.rstrip(), {"whole", "whole too", "next"}),
    "in lines of their own": (lambda torn: torn + b"\n" + WHOLE + NEXT, {"whole", "whole too", "next"}),
}


@pytest.mark.parametrize("how", GLUED)
def test_what_is_glued_to_a_torn_record_is_read(how: str) -> None:
    """Wherever it was torn: in a text, before a value, between two spans; it is one loss."""
    glue, names = GLUED[how]
    for cut in range(2, len(TORN) - 1):
        batch = read(glue(TORN[:cut]))
        assert names <= set(batch.name) <= names | {"torn", "torn too"}, TORN[:cut]
        assert 1 <= len(batch.rejected) <= 2, TORN[:cut]


def one_a_line(name: str) -> list[bytes]:
    """The spans of a document of some format, one a line; and bare groups."""
    groups = [resource_spans(span(each)) for each in ("one", "two", "three")]
    if name == "bare groups":
        return list(map(compact, groups))
    if name == "Tempo":
        return [compact({"trace": {"batches": [group]}}) for group in groups]
    if name == "snake_case":
        wide: list[Json] = DOCUMENTS[name]["resource_spans"]
        spans = [each for group in wide for scoped in group["scope_spans"] for each in scoped["spans"]]
        return [compact({"resource_spans": [{"scope_spans": [{"spans": [each]}]}]}) for each in spans]
    if name == "Jaeger":
        return [compact({"data": [{"spans": [each]}]}) for each in DOCUMENTS[name]["data"][0]["spans"]]
    made = DOCUMENTS[name]
    several: list[Json] = made if isinstance(made, list) else made["hits"]["hits"]
    return list(map(compact, several))


@pytest.mark.parametrize("between", [b"", b"\n"])
@pytest.mark.parametrize(
    "name", ["Zipkin", "console", "Elasticsearch", "bare groups", "Tempo", "snake_case", "Jaeger"]
)
def test_one_a_line_a_torn_record_costs_itself(name: str, between: bytes) -> None:
    """Whatever tracer wrote it: glued to the next, or with a line end of its own."""
    first, *rest = one_a_line(name)
    for cut in range(2, len(first) - 2):
        batch = read(first[:cut] + between + b"".join(rest))
        assert set(batch.name) - {"one"} == {"two", "three"}, first[:cut]
        assert len(batch.rejected) + len(batch.torn) == 1, first[:cut]


NOTHING = (
    *('{"resourceSpans":null}', '{"resourceSpans":[]}', '{"resourceSpans":null,"resourceLogs":null}'),
    *('{"resourceSpans":[{"scopeSpans":null}]}', '{"resourceSpans":[{"scopeSpans":[{"spans":null}]}]}'),
    *('{"scopeSpans":null}', '{"resourceLogs":null}', '{"batches":null}', '{"trace":null}', '{"data":null}'),
    *('{"data":[{"spans":null,"processes":null}]}', '{"data":[{"spans":null}]}', '{"traceEvents":null}'),
    *('{"resource_spans":null}', '{"traces":null}', '{"hits":null}', '{"result":{"resourceSpans":null}}'),
)


@pytest.mark.parametrize("text", NOTHING)
def test_null_where_a_list_may_stand_is_an_empty_document(text: str) -> None:
    """In whatever format, before and after others: nothing is lost."""
    for data in (f"{text}\n".encode(), f"{text}\n".encode() + NEXT, NEXT + text.encode()):
        batch = read(data)
        assert (batch.name, batch.rejected, batch.torn, batch.noted) == (
            ["next"] if b"next" in data else [], [], [], []
        )  # fmt: skip


def test_a_span_with_a_field_that_is_null_is_one() -> None:
    """Its field may be called as others call their lists."""
    batch = read(compact(DOCUMENTS["Zipkin"][0] | {"data": None, "trace": None, "spans": None}))
    assert (batch.name, batch.rejected) == (["one"], [])


def test_many_torn_records_on_one_line_cost_no_more_than_that() -> None:
    """A thousand beginnings of one record, and a whole one."""
    batch = read(TORN[:150] * 1000 + WHOLE + NEXT)
    assert batch.name == ["whole", "whole too", "next"]
    assert [problem.kind for problem in batch.rejected] == [None]
    assert not any(problem.kind is Kind.TOO_LONG for problem in batch.rejected)


@settings(max_examples=examples(60))
@pytest.mark.parametrize("name", DOCUMENTS)
@given(data=st.data())
def test_a_document_that_is_cut_costs_what_is_behind_the_cut(name: str, data: st.DataObject) -> None:
    """In every format, alone or in a list, on one line or many: what is complete before it is read."""
    made: Any = DOCUMENTS[name]
    if data.draw(st.booleans(), "in a list") and isinstance(made, dict):
        made = [made]
    text = json.dumps(made, indent=data.draw(st.sampled_from([None, 1]), "indent")).encode()
    whole = read(text)
    assert set(whole.name) == {"one", "two", "three"}
    cut = data.draw(st.integers(len(text) // 8, len(text) - 1), "cut")
    # In Elasticsearch a span is complete with the hit around it.
    behind = 3 if name == "Elasticsearch" else 0
    ends = zip(whole.name, whole.offset, whole.length, strict=True)
    complete = {span_name for span_name, offset, length in ends if offset + length + behind <= cut}
    batch = read(text[:cut])
    assert complete <= set(batch.name) <= {"one", "two", "three"}
    for part in batch.name:
        row, same = batch.name.index(part), whole.name.index(part)
        assert (batch.offset[row], batch.length[row]) == (whole.offset[same], whole.length[same])
        if name != "Jaeger":  # It tells what processes are behind their spans.
            assert batch.resource[row] == whole.resource[same]

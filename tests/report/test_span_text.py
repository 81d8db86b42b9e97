"""A span as text to be pasted elsewhere."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import T0, Json, S, case, exception, span
from tests.ui.hostile import CORPUS, RAW
from tracetui.formats.detail import decode_span
from tracetui.model.span import Span
from tracetui.report.span_text import as_json, as_markdown, escaped


def decoded(made: Json) -> Span:
    """A span as it is decoded."""
    data = json.dumps(made).encode("utf-8", "surrogatepass")
    return decode_span(data, b"", b"")


def test_json_says_everything() -> None:
    """JSON has every field, in OpenTelemetry's words."""
    told = json.loads(
        as_json(decoded(span("a", {"x": [1, {"y": None}], "b": b"\0\1"}, status=2, message="no")))
    )
    assert told["attributes"] == {"x": [1, {"y": None}], "b": "0001"}
    assert told["status"] == {"code": "ERROR", "message": "no"}
    assert told["start_ns"] == T0


def test_markdown() -> None:
    """Markdown has a heading, a table of attributes and exceptions as code."""
    made = case("a", end=T0 + S) | {"events": [exception(message="x", stacktrace="one\n```\ntwo\n")]}
    text = as_markdown(decoded(made), "tests/test_a.py::test_b[x*y]")
    assert text.startswith("### tests/test\\_a.py::test\\_b\\[x\\*y\\]\n")
    assert "1.00s, status OK" in text
    assert "| pytest.nodeid | a |" in text
    assert "````\none\n```\ntwo\n\n````" in text


@pytest.mark.parametrize("text", CORPUS, ids=range(len(CORPUS)))
def test_nothing_raw(text: str) -> None:
    """Whatever a span says, what is copied has no control code, and Markdown no markup of its own."""
    span_ = decoded(span(text, {text: text}, message=text, events=[exception(text, text, stacktrace=text)]))
    for copied in (as_json(span_), as_markdown(span_, text), escaped(text)):
        assert not RAW.intersection(copied.replace("\n", ""))


@given(st.text(st.sampled_from("ab|*`[]()<>\\#\n"), max_size=20))
def test_tables_hold(text: str) -> None:
    """No attribute breaks out of its cell."""
    lines = as_markdown(decoded(span("a", {"key": text})), "t").split("\n")
    row = next(line for line in lines if line.startswith("| key"))
    assert row.replace("\\\\", "").replace("\\|", "").count("|") == 3

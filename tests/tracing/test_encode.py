"""What is written is OTLP/JSON, whatever the spans are made of."""

from __future__ import annotations

import json
from typing import Any

import pytest
from google.protobuf.json_format import Parse  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.exporter.otlp.json.common.trace_encoder import encode_spans
from opentelemetry.proto.trace.v1 import trace_pb2
from opentelemetry.proto_json.trace.v1.trace import TracesData
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan

from tests.tracing.made_spans import CONTEXT, Unprintable, span_with
from tests.tracing.recording import plain
from tracetui.tracing.spans.encode import Encoder
from tracetui.tracing.spans.line_limit import MAX_LINE

SCALARS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    st.binary(),
    st.none(),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", min_size=1), inner, max_size=3),
)


def span_of(line: bytes) -> dict[str, Any]:
    """The one span in a line."""
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    span: dict[str, Any] = json.loads(line)["resourceSpans"][0]["scopeSpans"][0]["spans"][0]
    return span


@given(st.dictionaries(st.text("abc.", min_size=1), VALUES, max_size=4))
def test_the_official_decoder_reads_what_the_official_encoder_writes(attributes: dict[str, Any]) -> None:
    """Any attributes: our line means to the official decoder what the official encoder's does."""
    span = span_with(attributes, resource=Resource({"service.name": "s"}, "https://schema/1"))
    ours = TracesData.from_dict(json.loads(Encoder().span_line(span))).to_dict()
    assert json.dumps(ours, sort_keys=True) == json.dumps(
        TracesData.from_dict(encode_spans([span]).to_dict()).to_dict(), sort_keys=True
    )


@given(st.dictionaries(st.text("abc.", min_size=1), VALUES, max_size=4))
def test_a_strict_protobuf_parser_takes_any_attributes(attributes: dict[str, Any]) -> None:
    """Any attributes: protobuf's own JSON parser knows every field of the line."""
    message = Parse(Encoder().span_line(span_with(attributes)), trace_pb2.TracesData())
    (span,) = message.resource_spans[0].scope_spans[0].spans
    assert sorted(pair.key for pair in span.attributes) == sorted(attributes)


def test_a_strict_protobuf_parser_knows_every_field() -> None:
    """The parser that Evergreen's resembles, which refuses unknown fields, takes the line."""
    line = Encoder().span_line(span_with({"a": [1, None], "b": {"c": b"x"}, "d": float("nan")}))
    message = Parse(line, trace_pb2.TracesData())
    span = message.resource_spans[0].scope_spans[0].spans[0]
    assert (span.name, span.kind, span.end_time_unix_nano) == ("test_x[a-b]", 3, 1_700_000_000_000_000_001)


def test_defaults_are_left_out() -> None:
    """A bare span has no empty fields but its status."""
    bare = ReadableSpan("n", CONTEXT, start_time=1, end_time=2, resource=Resource({}))
    written = set(span_of(Encoder().span_line(bare)))
    times = {"startTimeUnixNano", "endTimeUnixNano"}
    assert written == {"traceId", "spanId", "flags", "traceState", "name", "kind", "status"} | times


class Cunning(str):
    def __str__(self) -> str:
        return "something else"


POISON: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "surrogate in the name": ({"name": "a\ud800b"}, {"name": "a\ufffdb"}),
    "name that is no text": ({"name": 7}, {"name": "7"}),
    "name that cannot be text": ({"name": Unprintable()}, {"name": "<unprintable Unprintable>"}),
    "name of a subclass": ({"name": Cunning("real")}, {"name": "real"}),
    "negative end": ({"end_time": -5}, {"endTimeUnixNano": "0"}),
    "no end": ({"end_time": None}, {"endTimeUnixNano": "0"}),
    "end beyond the type": ({"end_time": 1 << 70}, {"endTimeUnixNano": str((1 << 64) - 1)}),
}


@pytest.mark.parametrize("case", POISON)
def test_a_poisoned_field_costs_itself(case: str) -> None:
    """A field that the schema cannot hold is written as the nearest thing it can."""
    changes, expected = POISON[case]
    assert span_of(Encoder().span_line(span_with({}, **changes))).items() >= expected.items()


VALUE_POISON: dict[str, tuple[Any, Any]] = {
    "surrogate": ("\udcff", "\ufffd"),
    "huge integer": (1 << 80, str(1 << 80)),
    "integer too long to print": (10**6000, "<unprintable int>"),
    "NaN": (float("nan"), "NaN"),
    "infinity": (float("-inf"), "-Infinity"),
    "object": (Unprintable(), "<unprintable Unprintable>"),
    "array of surrogates": (["ok", "\ud801"], ["ok", "\ufffd"]),
    "NUL": ("a\x00b", "a\x00b"),
}


@pytest.mark.parametrize("case", VALUE_POISON)
def test_a_poisoned_value_costs_itself(case: str) -> None:
    """A value that has no place in OTLP becomes a text, and the attributes beside it are whole."""
    value, expected = VALUE_POISON[case]
    span = span_of(Encoder().span_line(span_with({"bad": value, "good": 1})))
    assert plain(span["attributes"]) == {"bad": expected, "good": 1}


def test_a_value_nested_without_end_is_cut_off() -> None:
    """Depth is bounded, however deep a value is."""
    deep: list[Any] = []
    for _ in range(200):
        deep = [deep]
    assert b"nested too deeply" in Encoder().span_line(span_with({"deep": deep}))


@pytest.mark.parametrize(
    "attributes",
    [
        {"one": "x" * 5_000_000},
        {f"key{n}": "é" * 50_000 for n in range(100)},
        {"k" * 600_000: "v"},
        {"bytes": b"\x00" * 3_000_000},
        {"array": list(range(200_000))},
        {f"{n}": n for n in range(50_000)},
    ],
    ids=["one long text", "many long texts", "long key", "bytes", "long array", "many attributes"],
)
def test_an_oversized_span_is_cut_and_not_lost(attributes: dict[str, Any]) -> None:
    """No line is over 512 KiB; ids, name and times are always there; what was left out is counted."""
    line = Encoder().span_line(span_with(attributes))
    span = span_of(line)
    assert len(line) <= MAX_LINE
    assert (span["name"], span["spanId"]) == ("test_x[a-b]", f"{0xDEF:016x}")
    kept = len(span.get("attributes", []))
    assert kept + span.get("droppedAttributesCount", 0) == len(attributes)
    TracesData.from_dict(json.loads(line))


def test_a_cut_text_says_that_it_was_cut() -> None:
    """A reader can tell a cut text from a whole one."""
    span = span_of(Encoder().span_line(span_with({"long": "x" * 1_000_000})))
    assert plain(span["attributes"])["long"].endswith("… [cut from 1000000 characters]")


def test_an_oversized_resource_leaves_room_for_the_span() -> None:
    """Even a resource of nonsense size leaves room."""
    resource = Resource({f"key{n}": "é" * 5_000 for n in range(1_000)})
    line = Encoder().span_line(span_with({"a": "x" * 600_000}, resource=resource))
    assert len(line) <= MAX_LINE
    assert span_of(line)["name"] == "test_x[a-b]"

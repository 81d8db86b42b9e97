"""Records that would swell are told from long strings of braces."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budgets import examples
from tests.builders import compact, line, span
from tests.formats.reading import read
from tracetui.formats.detail import decode_span
from tracetui.formats.framing import expansion_limit as swelling

_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"?', re.DOTALL)


@settings(max_examples=examples(95))
@given(st.lists(st.sampled_from(b'"\\{}[a,'), max_size=40).map(bytes), st.integers(1, 12))
def test_strings_are_left_out_wherever_text_is_cut(text: bytes, at_once: int) -> None:
    """Piece by piece the same stands between strings as in one go."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(swelling, "_AT_ONCE", at_once)
        pieces = b"".join(swelling._without_strings(text))
    assert _brackets(pieces) == _brackets(_STRING.sub(b"", text))


def _brackets(text: bytes) -> bytes:
    return bytes(byte for byte in text if byte in b"{}[")


@pytest.mark.parametrize(
    ("record", "is_too_dense"),
    [
        (b"[" + b"{}," * 300_000 + b"{}]", True),
        (b'{"name":"' + b"{" * 1_000_000 + b'"}', False),
        (b"[" + b'{"key":"value"},' * 30_000 + b"{}]", False),
    ],
)
def test_only_values_count(record: bytes, is_too_dense: bool) -> None:
    """Hundreds of thousands of empty values swell; what stands in a string does not."""
    assert swelling.swells(record) == is_too_dense


ATTRIBUTES = b'{"key":"tracetui.span.role","value":{"stringValue":"test"}}' + b',{"key":"a"}' * 50_000


EVENTS = b"[" + b",".join([b"{}"] * 300_000) + b"]"


def large_span() -> bytes:
    """A span with hundreds of thousands of empty events, links and attributes."""
    whole = compact(span("many", id="2" * 16)).rstrip()[:-1]
    return b'%b,"events":%b,"links":%b,"attributes":[%b]}' % (whole, EVENTS, EVENTS, ATTRIBUTES)


def test_who_looks_at_a_span_of_many_values_is_told_so() -> None:
    """It is shown without them."""
    shown = decode_span(large_span(), b"{}", b"{}")
    assert (shown.name, shown.attributes, shown.links) == ("many", {"tracetui.span.role": "test"}, ())
    assert [event.name for event in shown.events] == [
        "events, links and some attributes are left out: more than 200000 empty values in one record"
    ]


def test_a_span_of_many_values_is_read() -> None:
    """Its ids, its times and what rules ask for; in one line, and behind it another span."""
    large = large_span()
    document = b'{"resourceSpans":[{"scopeSpans":[{"spans":[%b]}]}]}\n' % large
    small = document.replace(EVENTS, b"[]").replace(b',{"key":"a"}', b"")
    assert swelling.swells(document)
    assert not swelling.swells(small)
    batch, plain = read(document + line(span("next"))), read(small + line(span("next")))
    assert (batch.name, batch.rejected, batch.torn) == (["many", "next"], [], [])
    assert (batch.facts, batch.start_ns, batch.end_ns, batch.trace_id) == (
        plain.facts, plain.start_ns, plain.end_ns, plain.trace_id
    )  # fmt: skip
    assert (batch.offset[0], batch.length[0]) == (document.index(large), len(large))


def test_good_spans_among_empty_ones_are_read() -> None:
    """However many empty ones are in their record: each of those is a loss."""
    good = [compact(span(f"s{number}", id=f"{number + 1:016x}")) for number in range(9)]
    empty = b"{}," * 30_000
    document = b'{"resourceSpans":[{"scopeSpans":[{"spans":[%b]}]}]}\n' % (b"," + empty).join(good)
    assert swelling.swells(document)
    batch = read(document + line(span("next")))
    assert (batch.name, batch.torn) == ([*(f"s{number}" for number in range(9)), "next"], [])
    assert len(batch.rejected) + batch.rejected.more == 8 * 30_000

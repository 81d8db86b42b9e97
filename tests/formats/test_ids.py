"""Ids in every spelling that writers have, to the one that joins them; anything else stays itself."""

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracetui.formats.ids import decimal_id, parent_id, span_id, trace_id

TRACE = "0af7651916cd43dd8448eb211c80319c"
SPAN = "00f067aa0ba902b7"


@pytest.mark.parametrize("spelled", [
    TRACE, TRACE.upper(), f"0x{TRACE}", f" {TRACE}\n", "0af76519-16cd-43dd-8448-eb211c80319c",
    "0AF76519-16CD-43DD-8448-EB211C80319C", TRACE[1:], base64.b64encode(bytes.fromhex(TRACE)).decode(),
    base64.urlsafe_b64encode(bytes.fromhex(TRACE)).decode(), list(bytes.fromhex(TRACE)),
    {"type": "Buffer", "data": list(bytes.fromhex(TRACE))}, "1-0af76519-16cd43dd8448eb211c80319c",
    str(int(TRACE, 16)),
])  # fmt: skip
def test_spellings_of_a_trace_id(spelled: Any) -> None:
    """Hex, dashes, base64, bytes, X-Ray's, a decimal number too long for hex."""
    assert trace_id(spelled) == TRACE


@pytest.mark.parametrize("spelled", [
    SPAN, SPAN.upper(), f"0X{SPAN}", SPAN[2:], base64.b64encode(bytes.fromhex(SPAN)).decode(),
    list(bytes.fromhex(SPAN)), str(int(SPAN, 16)),
])  # fmt: skip
def test_spellings_of_a_span_id(spelled: Any) -> None:
    """A parent is spelled alike."""
    assert (span_id(spelled), parent_id(spelled)) == (SPAN, SPAN)


def test_a_trace_id_of_64_bits_is_one_of_128() -> None:
    """As Zipkin and Jaeger have them."""
    assert trace_id("463ac35c9f6413ad") == trace_id("0000000000000000463ac35c9f6413ad")


@pytest.mark.parametrize("number", [1111111111111111, 1111111111111111.0])
def test_hex_that_lost_its_quotes(number: float) -> None:
    """Digits only: what reads them as a number writes them as one."""
    assert span_id(number) == "1111111111111111"


@pytest.mark.parametrize(("value", "hexadecimal"), [
    (1, "0000000000000001"), (2**64 - 1, "f" * 16), ("12345", f"{12345:016x}"), (0, "0" * 16),
    ("00000000000000ff", "00000000000000ff"), ("1234567890123456", "1234567890123456"),
])  # fmt: skip
def test_decimal_ids(value: Any, hexadecimal: str) -> None:
    """Datadog's: numbers, and texts of them unless they have the 16 digits of hex."""
    assert decimal_id(value) == hexadecimal


@pytest.mark.parametrize("none", [None, "", [], {}, False, [300] * 8, {"data": 5}])
def test_no_ids(none: Any) -> None:
    """What cannot be one."""
    assert (trace_id(none), span_id(none), parent_id(none)) == ("", "", "")


@pytest.mark.parametrize("zeros", ["0000000000000000", "0", 0, "AAAAAAAAAAA=", "0x0"])
def test_a_parent_of_zeros_is_none(zeros: Any) -> None:
    """Some writers give it to roots."""
    assert parent_id(zeros) == ""


@pytest.mark.parametrize("opaque", ["span-1", "zz", "1_2", "é" * 16, "QUJDREVGR0hJSktMTU5PUA"])
def test_other_texts_stay(opaque: str) -> None:
    """They join whoever names them alike."""
    assert span_id(opaque) == opaque


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
                    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))  # fmt: skip
def test_any_value_is_an_id_or_none(value: Any) -> None:
    """Never an error, and stable: the id of an id is itself."""
    for read in (trace_id, span_id, parent_id, decimal_id):
        found = read(value)
        assert isinstance(found, str)
    assert span_id(span_id(value)) == span_id(value)

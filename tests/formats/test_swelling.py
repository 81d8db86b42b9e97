"""Records that would swell are told from long strings of braces."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budgets import examples
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

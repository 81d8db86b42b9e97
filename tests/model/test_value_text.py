"""A value as people read it."""

import pytest

from tracetui.model.span import AttributeValue, value_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (b"\0\1\2", "3 bytes: 00 01 02"),
        ([b"\0\1"], '["2 bytes: 00 01"]'),
        ({"a": {"b": b"\xff"}}, '{"a": {"b": "1 byte: ff"}}'),
        (True, "true"),
        (None, ""),
    ],
)
def test_bytes_read_the_same_at_any_depth(value: AttributeValue, text: str) -> None:
    """Bytes are counted and shown in hex, inside lists and maps too."""
    assert value_text(value) == text

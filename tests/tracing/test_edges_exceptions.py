"""A status description is one line, and no longer than one reads."""

import pytest

from tracetui.tracing.spans.exceptions import first_line


@pytest.mark.parametrize(
    ("message", "line"),
    [
        ("", ""),
        ("one", "one"),
        ("one\ntwo", "one"),
        ("\n  one\ntwo", "one"),
        ("x" * 1024, "x" * 1024),
        ("x" * 1025, "x" * 1024),
    ],
)
def test_first_line(message: str, line: str) -> None:
    assert first_line(message) == line

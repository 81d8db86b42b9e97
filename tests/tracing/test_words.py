"""Counts and sizes as people say them."""

import pytest

from tracetui.tracing.host.words import are, counted, size


@pytest.mark.parametrize(("number", "said"), [(0, "0 spans are"), (1, "1 span is"), (2, "2 spans are")])
def test_one_is_not_many(number: int, said: str) -> None:
    """Noun and verb follow the number."""
    assert f"{counted(number, 'span')} {are(number)}" == said


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (1234, "1.2 kB"),
        (10**6, "1.0 MB"),
        (5 * 10**9, "5.0 GB"),
    ],
)
def test_a_size_has_the_unit_that_it_reaches(number: int, said: str) -> None:
    """At the edge of each unit."""
    assert size(number) == said

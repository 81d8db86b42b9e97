"""What a Zipkin span tells by one of two tags."""

import json

import pytest

from tests.formats.reading import read

SPAN = {"traceId": "a" * 32, "id": "b" * 16, "name": "x", "timestamp": 1_700_000_000_000_000, "duration": 5}


@pytest.mark.parametrize(
    ("tags", "scope"),
    [
        ({"otel.scope.name": "new"}, "new"),
        ({"otel.library.name": "old"}, "old"),
        ({"otel.scope.name": "new", "otel.library.name": "old"}, "new"),
        ({}, ""),
    ],
)
def test_the_scope_by_its_new_or_its_old_name(tags: dict[str, str], scope: str) -> None:
    """The new one counts where both are there."""
    (found,) = read(json.dumps([SPAN | {"tags": tags}]).encode()).scope
    assert (json.loads(found)["name"] if found else "") == scope

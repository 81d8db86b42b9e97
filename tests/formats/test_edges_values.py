"""How deep values may be nested, in each of the ways to nest them."""

from typing import Any

import pytest

from tracetui.formats.otlp.values import any_value

CUT = "… (nested deeper)"


def nested(way: str, depth: int) -> Any:
    value: Any = {"stringValue": "inmost"}
    for _ in range(depth):
        if way == "map":
            value = {"kvlistValue": {"values": [{"key": "k", "value": value}]}}
        elif way == "array":
            value = {"arrayValue": {"values": [value]}}
        else:
            value = [value]
    return value


@pytest.mark.parametrize("way", ["map", "array", "list"])
@pytest.mark.parametrize(("depth", "inmost"), [(0, "inmost"), (63, "inmost"), (64, CUT), (65, CUT)])
def test_what_is_nested_more_than_64_deep_is_cut(way: str, depth: int, inmost: str) -> None:
    """And says so, where the sixty-fifth level would be."""
    value: Any = any_value(nested(way, depth))
    levels = 0
    while not isinstance(value, str):
        value = value["k"] if way == "map" else value[0]
        levels += 1
    assert (value, levels) == (inmost, min(depth, 64))

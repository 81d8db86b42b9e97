"""A pytest item -> the attributes of its span."""

from __future__ import annotations

import pytest


def item_attributes(item: pytest.Item) -> dict[str, str | int]:
    """What is known of a test before it runs: its name, suite and place in the code."""
    attributes: dict[str, str | int] = {
        "tracetui.span.role": "test",
        "test.case.name": item.nodeid,
        "pytest.nodeid": item.nodeid,
        "code.file.path": str(item.path),
        "code.function.name": _function_name(item),
    }
    if item.parent is not None:
        attributes["test.suite.name"] = item.parent.nodeid
    line = item.location[1]
    if line is not None:
        attributes["code.line.number"] = line + 1
    return attributes


def _function_name(item: pytest.Item) -> str:
    function = getattr(item, "function", None)
    if function is None:
        return item.name
    return f"{function.__module__}.{getattr(function, '__qualname__', item.name)}"

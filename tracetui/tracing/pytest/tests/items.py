"""The attributes of a pytest item's span."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tracetui.tracing.pytest.compat import parameters
from tracetui.tracing.pytest.processes.groups import group_of
from tracetui.tracing.pytest.tests.owners import Owners
from tracetui.tracing.pytest.tests.parameters import as_json
from tracetui.tracing.spans.running import ROLE

_MOST_MARKERS = 64
_INDEX = pytest.StashKey[int]()
"""The place of a test in the order in which they are to run."""


def number(items: Sequence[pytest.Item]) -> None:
    """Give each collected test its place in the order of collection."""
    for index, item in enumerate(items):
        item.stash[_INDEX] = index


def item_attributes(item: pytest.Item, owners: Owners) -> tuple[dict[str, Any], list[str]]:
    """What is known of a test before it runs, as attributes: name, suite, place, parameters, markers, owner.
    And the names of all its markers.
    """
    nodeid, parent, line = item.nodeid, item.parent, item.location[1]
    path = item.path
    attributes: dict[str, Any] = {
        ROLE: "test",
        "test.case.name": nodeid,
        "pytest.nodeid": nodeid,
        "code.file.path": str(path),
        "code.function.name": _function_name(item),
    }
    if parent is not None:
        attributes["test.suite.name"] = parent.nodeid
    index = item.stash.get(_INDEX, None)
    if index is not None:
        attributes["tracetui.test.index"] = index
    if line is not None:
        attributes["code.line.number"] = line + 1
    if given := parameters(item):
        attributes["pytest.params"] = as_json(given)
    # As `iter_markers` does, without its generators.
    markers = list(dict.fromkeys([mark.name for node in item.iter_parents() for mark in node.own_markers]))
    if markers:
        attributes["pytest.markers"] = markers[:_MOST_MARKERS]
    if "xdist_group" in markers:
        attributes["pytest.xdist.group"] = group_of(item)
    if owner := owners.of(path):
        attributes["tracetui.owner"] = owner
    return attributes, markers


def _function_name(item: pytest.Item) -> str:
    function = getattr(item, "function", None)
    if function is None:
        return item.name
    return f"{function.__module__}.{getattr(function, '__qualname__', item.name)}"

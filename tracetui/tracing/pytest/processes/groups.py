"""The `xdist_group` of a test: what pytest-xdist keeps together under `--dist loadgroup`."""

from __future__ import annotations

import pytest


def group_of(item: pytest.Item) -> str:
    """The name that xdist gives its group, made of all its marks; empty without any."""
    names = {
        str(mark.args[0] if mark.args else mark.kwargs.get("name", "default"))
        for mark in item.iter_markers("xdist_group")
    }
    return "_".join(sorted(names))

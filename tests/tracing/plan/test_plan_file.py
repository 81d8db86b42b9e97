"""A plan is read as it was written, and what is wrong with one is said in words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tracetui.tracing.pytest.plan.plan_file import read_plan

PLAN: dict[str, Any] = {"schema": "tracetui.plan/1", "order": ["a", "b"], "dist": "load", "maxschedchunk": 1}


def written(directory: Path, **changes: Any) -> Path:
    path = directory / "plan.json"
    path.write_text(json.dumps({**PLAN, **changes}))
    return path


def test_a_plan_is_read(tmp_path: Path) -> None:
    """Keys that are not known, and those that are null, are passed over."""
    plan = read_plan(written(tmp_path, more=[1], workers=None))
    assert (plan.order, plan.dist, plan.maxschedchunk, plan.workers) == (("a", "b"), "load", 1, None)
    assert not plan.shards
    assert not plan.keeps_scope_order


def test_shards_are_read(tmp_path: Path) -> None:
    """With what else is said of them."""
    shards = [{"tests": ["a"], "predicted_ns": 5}, {"tests": []}]
    assert read_plan(written(tmp_path, order=None, dist=None, shards=shards)).shards == (("a",), ())


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"schema": "tracetui.plan/2"}, "schema is not tracetui.plan/1"),
        ({"order": "a"}, "order is not a list of node ids"),
        ({"order": ["a", 1]}, "order is not a list of node ids"),
        ({"dist": "fastest"}, "its dist is none of load,"),
        ({"dist": None}, "neither an order with its dist, nor shards"),
        ({"maxschedchunk": 0}, "maxschedchunk is not a number from 1"),
        ({"maxschedchunk": True}, "maxschedchunk is not a number from 1"),
        ({"workers": "4"}, "workers is not a number from 1"),
        ({"shards": [1]}, "shards are not a list of objects"),
        ({"shards": [{}]}, "its shards is not a list of node ids"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, changes: dict[str, Any], reason: str) -> None:
    """Each by the key that has it."""
    with pytest.raises(ValueError, match=reason):
        read_plan(written(tmp_path, **changes))


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"[]", b"null"])
def test_what_is_no_plan_is_refused(tmp_path: Path, content: bytes) -> None:
    """Whatever it is."""
    path = tmp_path / "plan.json"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"not JSON|not a plan"):
        read_plan(path)

"""Reads a plan from its file (`tracetui.plan/1`); unknown keys are ignored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCHEMA = "tracetui.plan/1"
_LONGEST_ID = 64
DISTS = ("load", "worksteal", "loadfile", "loadscope", "loadgroup")


@dataclass(frozen=True)
class Plan:
    """The node ids in `order`, for `workers` with this `--dist` and `--maxschedchunk`; or `shards` of them.

    `keeps_scope_order` is xdist's `--no-loadscope-reorder`, `id` identifies the plan.
    """

    order: tuple[str, ...]
    shards: tuple[tuple[str, ...], ...]
    dist: str
    maxschedchunk: int | None
    workers: int | None
    keeps_scope_order: bool
    id: str


def read_plan(path: Path) -> Plan:
    """The plan in a file; raises `OSError`, or `ValueError` with what is wrong with it."""
    try:
        document = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        raise ValueError("it is not JSON") from None
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise ValueError(f"it is not a plan of `tracetui plan`: its schema is not {SCHEMA}")
    dist = document.get("dist") or ""
    if dist and dist not in DISTS:
        raise ValueError(f"its dist is none of {', '.join(DISTS)}")
    shards = document.get("shards") or []
    if not isinstance(shards, list) or not all(isinstance(shard, dict) for shard in shards):
        raise ValueError("its shards are not a list of objects")
    plan = Plan(
        order=_names(document.get("order") or [], "order"),
        shards=tuple(_names(shard.get("tests"), "shards") for shard in shards),
        dist=dist,
        maxschedchunk=_positive(document, "maxschedchunk"),
        workers=_positive(document, "workers"),
        keeps_scope_order=document.get("loadscope_reorder") is False,
        id=str(document.get("id") or "")[:_LONGEST_ID],
    )
    if not plan.shards and not (plan.order and plan.dist):
        raise ValueError("it has neither an order with its dist, nor shards")
    return plan


def _names(value: Any, key: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise ValueError(f"its {key} is not a list of node ids")
    return tuple(value)


def _positive(document: Mapping[str, Any], key: str) -> int | None:
    value = document.get(key)
    if value is not None and (type(value) is not int or value < 1):
        raise ValueError(f"its {key} is not a number from 1")
    return value

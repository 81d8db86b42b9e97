"""Processes that were forked for a test, or by one. Only their own files know what they did."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import orjson

from tracetui.tracing.pytest.crash_recovery.live_records import plain
from tracetui.tracing.spans.encode import FORKED_FROM


def spans_of_children(directory: Path, parents: Collection[int], since_ns: int) -> int:
    """How many spans were written since `since_ns` by processes forked from one of `parents`, which are
    process ids.
    """
    paths = (path for path in directory.glob("*.traces.jsonl") if path.stat().st_mtime_ns >= since_ns)
    return sum(_lines(path) for path in paths if _is_child(path, parents))


def _is_child(path: Path, parents: Collection[int]) -> bool:
    with path.open("rb") as file:
        line = file.readline()
    if not line.endswith(b"\n"):
        return False
    resource = plain(orjson.loads(line)["resourceSpans"][0]["resource"]["attributes"])
    return resource.get(FORKED_FROM) in parents


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))

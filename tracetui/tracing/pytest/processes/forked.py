"""Processes that were forked for a test, or by one. Only their own files know what they did."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import orjson
import pytest

from tracetui.tracing.pytest.crash_recovery.live_records import plain
from tracetui.tracing.pytest.crash_recovery.recovery import CrashRecovery
from tracetui.tracing.pytest.run_state import Underway
from tracetui.tracing.pytest.tests.reports import NO_PHASE
from tracetui.tracing.spans.encode import FORKED_FROM


class ForkedHooks:
    """The hooks of a process that forks a child for each of its tests, as pytest-forked does."""

    def __init__(self, underway: Underway, wills: CrashRecovery) -> None:
        self._underway = underway
        self._wills = wills

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """End what a child left open if its test crashed."""
        test = self._underway.test
        if test is not None and str(report.when) == NO_PHASE:
            self._wills.execute_child(test.context, test.start_ns)


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

"""On how many processors a run may be, as its suite says."""

import os
from pathlib import Path

import pytest

from tracetui.tracing.about import machine
from tracetui.tracing.host.cores import cores

ALLOWED = len(os.sched_getaffinity(0))


@pytest.mark.parametrize(
    ("quota", "expected"),
    [
        ("max 100000", ALLOWED),
        ("100000 100000", 1),
        ("50000 100000", 1),
        ("100001 100000", min(2, ALLOWED)),
        ("100000000 100000", ALLOWED),
        ("100000 0", ALLOWED),
        ("", ALLOWED),
    ],
)
def test_a_quota_counts(tmp_path: Path, quota: str, expected: int) -> None:
    """A part of a processor is one; what cannot be read is no quota."""
    (tmp_path / "cpu.max").write_text(quota)
    assert cores(tmp_path / "cpu.max") == expected


def test_a_suite_tells_no_more_than_the_quota(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is one count of processors."""
    monkeypatch.setattr(machine, "cores", lambda: 1)
    assert machine.machine_attributes()["tracetui.host.cores"] == 1
    monkeypatch.setattr(machine, "cores", lambda: 0)
    assert "tracetui.host.cores" not in machine.machine_attributes()


def test_without_a_quota(tmp_path: Path) -> None:
    """As many as the process may use."""
    assert cores(tmp_path / "nothing") == ALLOWED

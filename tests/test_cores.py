"""How many processors a process may use, as viewer and writer count them."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from tracetui.cores import cores
from tracetui.settings import values
from tracetui.tracing.about import machine


@pytest.fixture
def allowed(monkeypatch: pytest.MonkeyPatch) -> int:
    """So many by affinity, whatever machine this is."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    return 8


def at(root: Path, files: Mapping[str, str]) -> int:
    """The count where these files of the system are."""
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return cores(root)


@pytest.mark.parametrize(
    ("quota", "expected"),
    [
        ("max 100000", 8),
        ("100000 100000", 1),
        ("50000 100000", 1),
        ("100001 100000", 2),
        ("700000 100000", 7),
        ("900000 100000", 8),
        ("100000000 100000", 8),
        ("100000 0", 8),
        ("0 100000", 8),
        ("-1 100000", 8),
        ("", 8),
        ("1 2 3", 8),
    ],
)
def test_a_quota_counts(tmp_path: Path, quota: str, expected: int, allowed: int) -> None:
    """A part of a processor is one; what cannot be read is no quota. Both versions of groups say the same."""
    assert allowed == 8
    assert at(tmp_path / "v2", {"sys/fs/cgroup/cpu.max": quota}) == expected
    share, _, period = quota.partition(" ")
    files = {"cpu.cfs_quota_us": share, "cpu.cfs_period_us": period}
    group = {f"sys/fs/cgroup/cpu/{name}": f"{text}\n" for name, text in files.items()}
    assert at(tmp_path / "v1", group) == expected


@pytest.mark.parametrize(
    ("group", "folder", "files"),
    [
        ("0::/ci.slice/job.scope", "ci.slice/job.scope", {"cpu.max": "200000 100000"}),
        ("0::/ci.slice/job.scope", "ci.slice", {"cpu.max": "200000 100000"}),
        ("0::/../../ci.slice", "ci.slice", {"cpu.max": "200000 100000"}),
        ("0::/", "", {"cpu.max": "200000 100000"}),
        ("4:cpu:/docker/1", "cpu/docker/1", {"cpu.cfs_quota_us": "150000", "cpu.cfs_period_us": "100000"}),
        ("4:cpu:/docker/1", "cpu/docker", {"cpu.cfs_quota_us": "150000", "cpu.cfs_period_us": "100000"}),
        ("4:cpu:/docker/1", "cpu", {"cpu.cfs_quota_us": "150000", "cpu.cfs_period_us": "100000"}),
        (
            "4:cpu,cpuacct:/docker/1",
            "cpu,cpuacct/docker/1",
            {"cpu.cfs_quota_us": "150000", "cpu.cfs_period_us": "100000"},
        ),
    ],
)
def test_the_quotas_of_all_groups_around_it_count(
    tmp_path: Path, group: str, folder: str, files: Mapping[str, str], allowed: int
) -> None:
    """Its own, and those of all groups that this one is in; of several quotas the least."""
    place = Path("sys/fs/cgroup") / folder
    found = {"proc/self/cgroup": f"9:name=systemd:/x\n5:cpuset:/y\n{group}\n"}
    assert at(tmp_path, found) == allowed
    assert at(tmp_path, {str(place / name): text for name, text in files.items()}) == 2
    assert at(tmp_path, {"sys/fs/cgroup/cpu.max": "100000 100000"}) == 1


def test_other_groups_do_not_count(tmp_path: Path, allowed: int) -> None:
    """A quota of another controller, or of a group beside it."""
    files = {
        "proc/self/cgroup": "7:cpuset:/a\n0::/a/b\n",
        "sys/fs/cgroup/a/c/cpu.max": "100000 100000",
        "sys/fs/cgroup/cpuset/a/cpu.max": "100000 100000",
    }
    assert at(tmp_path, files) == allowed


def test_without_a_quota(tmp_path: Path, allowed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as the process may use; without an affinity those of the machine, and its quota if these are
    unknown.
    """
    assert cores(tmp_path) == allowed
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 5)
    assert cores(tmp_path) == 5
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert cores(tmp_path) == 0
    assert at(tmp_path, {"sys/fs/cgroup/cpu.max": "300000 100000"}) == 3


@pytest.mark.parametrize("count", [0, 1, 3])
def test_there_is_one_count(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A suite tells it, unless it is unknown, and recordings are read by no more threads."""
    for module in (machine, values):
        monkeypatch.setattr(module, "cores", lambda: count)
    assert machine.machine_attributes().get("tracetui.host.cores", 0) == count
    assert values.Settings().jobs == max(1, count)

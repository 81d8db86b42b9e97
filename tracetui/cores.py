"""How many processors this process may use at the same time: the one count of viewer and writer."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_V1_QUOTA, _V1_PERIOD = "cpu.cfs_quota_us", "cpu.cfs_period_us"


def cores(root: Path = Path("/")) -> int:
    """The smaller of its affinity and the quotas of its containers, a part of a processor being one; 0 if
    unknown.
    """
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 0
    quotas = [max(1, math.ceil(share)) for folder in _groups(root) for share in _shares(folder)]
    return min(filter(None, (allowed, *quotas)), default=0)


def _groups(root: Path) -> Iterator[Path]:
    """The folders of the control groups it is in, from the innermost out.

    A container may see its own group as the root, or only there: that one counts in any case.
    """
    mount = root / "sys/fs/cgroup"
    yield from (mount, mount / "cpu")
    try:
        lines = (root / "proc/self/cgroup").read_text(errors="replace").splitlines()
    except OSError:
        return
    for line in lines:
        controllers, _, path = line.partition(":")[2].partition(":")
        if not controllers or "cpu" in controllers.split(","):
            group = (mount / controllers).joinpath(*(part for part in path.split("/") if part != ".."))
            yield from (group, *(each for each in group.parents if each.is_relative_to(mount)))


def _shares(folder: Path) -> Iterator[float]:
    """The processors that a group may use, as version 2 of control groups says it, or version 1."""
    for names in (("cpu.max",), (_V1_QUOTA, _V1_PERIOD)):
        try:
            quota, period = " ".join((folder / name).read_text() for name in names).split()
            if int(quota) > 0:
                yield int(quota) / int(period)
        except (OSError, ValueError, ZeroDivisionError):
            continue  # There is none, or it is `max`.

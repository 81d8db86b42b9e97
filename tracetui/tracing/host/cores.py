"""How many processors this process may use at the same time."""

from __future__ import annotations

import math
import os
from pathlib import Path

QUOTA = Path("/sys/fs/cgroup/cpu.max")
"""What a container may use, as cgroups of version 2 say it: microseconds in each period, or `max`."""


def cores(quota: Path = QUOTA) -> int:
    """The smaller of its affinity and its container's quota; 0 if unknown."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 0
    try:
        share, period = quota.read_text().split()
        return min(allowed, max(1, math.ceil(int(share) / int(period))))
    except (OSError, ValueError, ZeroDivisionError):
        return allowed

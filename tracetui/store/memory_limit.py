"""How much memory spans take, and which new spans are refused.

A trace with an evicted run is over as far as that run goes: its later spans are counted as evicted too. At
the limit, when no run can be evicted, spans of known traces are refused.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROW_BYTES = 200
"""A span's columns, its places in the indexes, and what studying it takes (measured: 190)."""

TEXT_BYTES = 130
"""What a string takes beside its characters, with its place among the others."""

_GROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")

HOUR_NS = 3_600_000_000_000
"""As long after its last span a trace is still the same run."""


def usual_ceiling() -> int:
    """A quarter of the memory that this process may use: the machine's, or its control group's; in bytes."""
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    try:
        group = int(_GROUP_LIMIT.read_text("ascii"))
    except (OSError, ValueError):  # No control groups, or `max`.
        group = machine
    return min(machine, group) // 4


class Gone:
    """The traces of evicted runs, and until when."""

    def __init__(self) -> None:
        self._until: dict[str, int] = {}

    def add(self, trace_id: str, last_ns: int) -> None:
        """Add a run of a trace, whose last sign of life was at `last_ns`."""
        self._until[trace_id] = max(last_ns + HOUR_NS, self._until.get(trace_id, 0))

    def of(
        self, traces: Sequence[str], trace_index: NDArray[np.int32], start_ns: NDArray[np.int64]
    ) -> NDArray[np.bool_] | None:
        """Which spans belong to evicted runs, by the numbers of their `traces` and their starts."""
        if not self._until:
            return None
        numbers, places = np.unique(trace_index, return_inverse=True)
        until = np.array([self._until.get(traces[number], -1) for number in numbers.tolist()], np.int64)
        mask: NDArray[np.bool_] = start_ns <= until[places]
        return mask if mask.any() else None


class Texts:
    """The memory of some growing sequences of strings; only new ones are measured."""

    def __init__(self) -> None:
        self._seen: dict[int, int] = {}
        self._bytes = 0

    def measure(self, kinds: Iterable[Sequence[str]]) -> int:
        """Their memory in bytes."""
        for number, values in enumerate(kinds):
            seen = self._seen.get(number, 0)
            self._bytes += sum(map(len, values[seen:])) + TEXT_BYTES * (len(values) - seen)
            self._seen[number] = len(values)
        return self._bytes


def last_signs(
    trace_index: NDArray[np.int32], end_ns: NDArray[np.int64], start_ns: NDArray[np.int64]
) -> Mapping[int, int]:
    """For each trace number, the latest start or end."""
    latest = np.maximum(start_ns, end_ns)
    traces, places = np.unique(trace_index, return_inverse=True)
    last = np.zeros(len(traces), np.int64)
    np.maximum.at(last, places, latest)
    return dict(zip(traces.tolist(), last.tolist(), strict=True))

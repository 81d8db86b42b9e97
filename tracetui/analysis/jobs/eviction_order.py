"""Which runs are evicted when memory is short: the oldest finished ones, never the newest, never a live
one.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.runs.runs import Runs
from tracetui.analysis.study.findings import study
from tracetui.store.snapshot import Snapshot


class Leaver(NamedTuple):
    """A run to evict: its name (foreign), how many spans it has, when it ended, and one of its rows."""

    name: str
    spans: int
    end_ns: int
    row: int


class Leaving(NamedTuple):
    """Runs to evict, and their rows."""

    rows: NDArray[np.bool_]
    runs: tuple[Leaver, ...]


def leaving(snapshot: Snapshot, now_ns: int, share: float) -> Leaving:
    """The oldest finished runs that hold `share` of all spans together, or all of them: O(n log n)."""
    runs = study(snapshot, now_ns).runs
    surplus, numbers = int(share * len(snapshot)), []
    for number in _oldest_first(runs):
        if surplus <= 0:
            break
        numbers.append(number)
        surplus -= runs[number].spans
    candidates = (runs[number] for number in numbers)
    leavers = tuple(
        Leaver(run.name, run.spans, run.end_ns, int(runs.row[number]))
        for run, number in zip(candidates, numbers, strict=True)
    )
    return Leaving(np.isin(runs.of, numbers), leavers)


def _oldest_first(runs: Runs) -> Iterator[int]:
    kept = {0, runs.newest, int(np.argmax(runs.end_ns))} if len(runs) else set()
    for number in np.argsort(runs.end_ns, kind="stable").tolist():
        if number not in kept and runs[number].state != "live":
            yield number

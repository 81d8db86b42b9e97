"""What is in a stretch of time: how many spans, and their time inside it."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.study.findings import Findings
from tracetui.analysis.timeline.window import Window
from tracetui.model.role import Role


class Area(NamedTuple):
    """`spans` in the stretch, of which `tests` are tests; `time_ns` is their time inside it."""

    spans: int
    time_ns: int
    tests: bool


def area(findings: Findings, window: Window, kept: NDArray[np.bool_] | None = None) -> Area:
    """The area of the spans that `kept` marks; spans inside others count only if there is no test. O(n)."""
    snapshot = findings.snapshot
    start, end = snapshot.start_ns, findings.times.end[:]
    inside = (start < window.end_ns) & (end > window.start_ns)
    if kept is not None:
        inside &= kept[: len(inside)]
    test = inside & (snapshot.role == Role.TEST)
    rows = np.flatnonzero(test if test.any() else inside)
    taken = np.minimum(end[rows], window.end_ns) - np.maximum(start[rows], window.start_ns)
    return Area(len(rows), int(taken.sum()), bool(test.any()))

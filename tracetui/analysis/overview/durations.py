"""How long tests take: by decades of own time, how many there are and what they add up to."""

from typing import NamedTuple

import numpy as np

from tracetui import units
from tracetui.analysis.study.findings import Findings
from tracetui.model.role import Outcome

EDGES = (0, units.MS, 10 * units.MS, 100 * units.MS, units.S, 10 * units.S, units.MINUTE, 10 * units.MINUTE)
"""Where each stretch begins; the last one has no end."""


class Stretch(NamedTuple):
    """Tests with an own time from `from_ns` on and below `to_ns` (0: no end); `row` takes longest."""

    from_ns: int
    to_ns: int
    tests: int
    ns: int
    row: int


def stretches(findings: Findings) -> list[Stretch]:
    """From the longest tests to the shortest, without empty ones at either end; running tests do not
    count.
    """
    tests = findings.tests[findings.snapshot.outcome[findings.tests] != Outcome.RUNNING]
    own = findings.times.own[tests]
    which = np.searchsorted(EDGES, own, "right") - 1
    longest_last = []
    for number in range(int(which.min(initial=len(EDGES))), int(which.max(initial=-1)) + 1):
        inside = np.flatnonzero(which == number)
        row = int(tests[inside[own[inside].argmax()]]) if len(inside) else -1
        end = EDGES[number + 1] if number + 1 < len(EDGES) else 0
        longest_last.append(Stretch(EDGES[number], end, len(inside), int(own[inside].sum()), row))
    return longest_last[::-1]

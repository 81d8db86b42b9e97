"""The tests that cost most: few enough to look at one by one."""

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.times import Times
from tracetui.model.role import Role
from tracetui.store.snapshot import Snapshot

MOST = 20
FACTOR = 3
"""Of the median: what takes less is not slow, however few tests there are."""


def slow_tests(snapshot: Snapshot, times: Times, seen: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Of the tests that are `seen` the costliest, by own time: their rows."""
    tests = np.flatnonzero((snapshot.role == Role.TEST) & seen)
    if not len(tests):
        return tests
    own = times.own[tests]
    top = np.argpartition(own, -MOST)[-MOST:] if len(tests) > MOST else np.arange(len(own))
    return tests[top[own[top] > FACTOR * int(np.median(own))]]

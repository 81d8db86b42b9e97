"""The slow tests: those slower than they used to be, and of those that nobody knows the costliest."""

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.findings import Findings
from tracetui.model.role import Role

MOST = 20
FACTOR = 3
"""Of the median: what takes less is not slow, however few tests there are."""
NOTABLE = 10
"""By this part of the 95th percentile a test has to be above it: some are always above by a hair."""


def slow_tests(findings: Findings, seen: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Of the tests that are `seen`: their rows, at most twice `MOST`, few enough to look at one by one.

    A test that earlier runs know is held against them: it is slow above the 95th percentile of its own times
    there. All others are held against the tests of their run: slow are the costliest. Times are own times.
    """
    tests = np.flatnonzero((findings.snapshot.role == Role.TEST) & seen)
    if not len(tests):
        return tests
    own = findings.times.own[tests]
    usual = _usual(findings, tests)
    late = np.where(usual >= 0, own - usual - usual // NOTABLE, 0)
    costly = np.where((usual < 0) & (own > FACTOR * int(np.median(own))), own, 0)
    return tests[np.concatenate((_most(late), _most(costly)))]


def _usual(findings: Findings, tests: NDArray[np.intp]) -> NDArray[np.int64]:
    """The 95th percentiles of their own times in earlier runs, in ns; -1 where they are new."""
    past, snapshot = findings.history, findings.snapshot
    places = past.places(snapshot.role[tests], snapshot.title_id[tests])
    known = places >= 0
    known[known] = past.count[places[known]] > 0
    usual = np.full(len(tests), -1, np.int64)
    usual[known] = past.own.p95_ns[places[known]]
    return usual


def _most(amounts: NDArray[np.int64]) -> NDArray[np.intp]:
    """Where the largest ones above zero are."""
    there = np.flatnonzero(amounts > 0)
    return there if len(there) <= MOST else there[np.argpartition(amounts[there], -MOST)[-MOST:]]

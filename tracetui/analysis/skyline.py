"""How many tests, hooks and archivers ran at each moment of a run, for an overview of the whole of it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.distinct import among
from tracetui.analysis.times import Nanoseconds, Times
from tracetui.model.role import Outcome, Role
from tracetui.store.snapshot import Snapshot

STEPS = 2048
"""The finest division; a cell on the screen is made of several."""


@dataclass(frozen=True, eq=False)
class Skyline:
    """`work` is how much work (ns, summed over all that ran at once) lies before each of the moments `at`.

    `failed` are the ends of failed tests, ascending; all times in ns since the epoch.
    """

    at: Nanoseconds
    work: NDArray[np.float64]
    failed: Nanoseconds

    def heights(self, edges: Nanoseconds) -> NDArray[np.float64]:
        """How many ran at once, on average, in each interval between `edges`."""
        if not len(self.at):
            return np.zeros(len(edges) - 1)
        before = np.interp(edges - self.at[0], self.at - self.at[0], self.work)
        heights: NDArray[np.float64] = np.diff(before) / np.maximum(np.diff(edges), 1)
        return heights

    def failures(self, edges: Nanoseconds) -> NDArray[np.bool_]:
        """In which interval a test failed."""
        found: NDArray[np.bool_] = np.diff(np.searchsorted(self.failed, edges)) > 0
        return found


EMPTY = Skyline(np.empty(0, np.int64), np.empty(0), np.empty(0, np.int64))


def skyline(
    snapshot: Snapshot, times: Times, seen: NDArray[np.bool_], later_ns: Nanoseconds | None = None
) -> Skyline:
    """The skyline of the tests that are `seen`, and of hooks and archivers outside a test's own time.

    Each is taken to have been so much earlier as `later_ns` says by row.
    """
    role = snapshot.role
    billed = among(role, (Role.HOOK, Role.ARCHIVER)) & ~snapshot.own
    rows = np.flatnonzero(((role == Role.TEST) | billed) & seen)
    if not len(rows):
        rows = np.flatnonzero((snapshot.parent_row < 0) & seen)
    bad = among(snapshot.outcome[rows], (Outcome.FAILED, Outcome.ERROR)) & (role[rows] == Role.TEST)
    shift = 0 if later_ns is None else later_ns[rows]
    start, end = snapshot.start_ns[rows] - shift, times.end[rows] - shift
    failed = np.sort(end[bad])
    if not len(rows):
        return Skyline(start, np.empty(0), failed)
    first, last = int(start.min()), int(end.max())
    at = first + np.arange(STEPS + 1, dtype=np.int64) * max(1, (last - first) // STEPS + 1)
    work = _before(start, at) - _before(end, at)
    return Skyline(at, work, failed)


def _before(moments: Nanoseconds, at: Nanoseconds) -> NDArray[np.float64]:
    """For each of `at` how long ago all earlier `moments` were, in sum."""
    moments = np.sort(moments) - at[0]
    sums = np.concatenate([[0.0], np.cumsum(moments, dtype=np.float64)])
    count = np.searchsorted(moments, at - at[0])
    ago: NDArray[np.float64] = count * (at - at[0]).astype(np.float64) - sums[count]
    return ago

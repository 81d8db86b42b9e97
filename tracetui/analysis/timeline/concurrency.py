"""How many tests, hooks and archivers ran at each moment of a run, for an overview of the whole of it.

Nothing is sorted: starts and ends are counted by step, in whole numbers, so that later ones can be added.
"""

from functools import cached_property
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from tracetui.analysis.time.times import Nanoseconds, Times
from tracetui.model.numbers.distinct import among
from tracetui.model.role import BAD, BILLED, Role
from tracetui.store.snapshot import Snapshot

_STEP_BITS = 12
STEPS = 1 << _STEP_BITS
"""No more steps, give or take one, and no less than half of it; a cell on the screen is made of several."""
_REST_BITS = 40
"""As exact as that is what lies inside a step: of a run of weeks, still to the nanosecond."""


class Steps(Struct, frozen=True, eq=False, dict=True):
    """Starts and ends in each step of `1 << shift` ns, from step number `first` (since the epoch) on.

    `count` is starts minus ends, `rest` the sum of their offsets in the step. `rows` is how many spans these
    are, from `start_ns` to `end_ns`. `roots` says that they are root spans, because there is no work.
    """

    shift: int
    first: int
    count: NDArray[np.int64]
    rest: NDArray[np.int64]
    rows: int
    start_ns: int
    end_ns: int
    roots: bool

    @cached_property
    def at(self) -> Nanoseconds:
        """The boundaries of steps, including the first and the last, in ns since the epoch."""
        return np.arange(self.first, self.first + len(self.count) + 1, dtype=np.int64) << self.shift

    @cached_property
    def work(self) -> NDArray[np.float64]:
        """How much work is before each of these moments: ns, summed over all that ran at once."""
        whole = np.cumsum(np.cumsum(self.count)) * float(1 << self.shift)
        part = np.cumsum(self.rest) * float(1 << _coarse(self.shift))
        return np.concatenate(([0.0], whole - part))


class Concurrency(Struct, frozen=True, eq=False):
    """Work in steps; None without any. `failed` are the ends of failed tests, ascending.

    All times are in ns since the epoch.
    """

    steps: Steps | None
    failed: Nanoseconds

    def heights(self, edges: Nanoseconds) -> NDArray[np.float64]:
        """How many ran at once, on average, in each interval between `edges`."""
        if self.steps is None:
            return np.zeros(len(edges) - 1)
        at = self.steps.at
        before = np.interp(edges - at[0], at - at[0], self.steps.work)
        heights: NDArray[np.float64] = np.diff(before) / np.maximum(np.diff(edges), 1)
        return heights

    def failures(self, edges: Nanoseconds) -> NDArray[np.bool_]:
        """In which intervals a test failed."""
        has_failed: NDArray[np.bool_] = np.diff(np.searchsorted(self.failed, edges)) > 0
        return has_failed


EMPTY = Concurrency(None, np.empty(0, np.int64))


def skyline(
    snapshot: Snapshot, times: Times, seen: NDArray[np.bool_], later_ns: Nanoseconds | None = None
) -> Concurrency:
    """The concurrency of the `seen` tests, and of hooks and archivers outside a test's own time.

    Each is taken to have run `later_ns` (by row) earlier.
    """
    rows = np.flatnonzero(is_work(snapshot, slice(None)) & seen)
    roots = not len(rows)
    if roots:
        rows = np.flatnonzero((snapshot.parent_row < 0) & seen)
    bad = among(snapshot.outcome[rows], BAD)
    bad &= snapshot.role[rows] == Role.TEST
    shift = 0 if later_ns is None else later_ns[rows]
    start, end = snapshot.start_ns[rows] - shift, times.end[rows] - shift
    return Concurrency(_steps(start, end, roots=roots) if len(rows) else None, np.sort(end[bad]))


def is_work(snapshot: Snapshot, rows: NDArray[np.signedinteger] | slice) -> NDArray[np.bool_]:
    """Which of `rows` are tests, or hooks and archivers outside a test's own time."""
    role = snapshot.role[rows]
    billed = among(role, BILLED) & ~snapshot.own[rows]
    counts_as_work: NDArray[np.bool_] = (role == Role.TEST) | billed
    return counts_as_work


def _steps(start: Nanoseconds, end: Nanoseconds, *, roots: bool) -> Steps:
    begin, until = int(start.min()), int(end.max())
    shift = _shift(begin, until)
    first, last = begin >> shift, until >> shift
    nothing = np.zeros(last - first + 1, np.int64)
    steps = Steps(shift, first, nothing, nothing.copy(), len(start), begin, until, roots)
    _add(steps, start, end, 1)
    return steps


def _shift(start_ns: int, end_ns: int) -> int:
    return max(0, (end_ns - start_ns).bit_length() - _STEP_BITS)


def _coarse(shift: int) -> int:
    return max(0, shift - _REST_BITS)


def _add(steps: Steps, start: Nanoseconds, end: Nanoseconds, sign: int) -> None:
    """Count spans from `start` to `end`, in place."""
    for moments, step in ((start, sign), (end, -sign)):
        place = (moments >> steps.shift) - steps.first
        rest = (moments & ((1 << steps.shift) - 1)) >> _coarse(steps.shift)
        np.add.at(steps.count, place, step)
        np.add.at(steps.rest, place, step * rest)


class Intervals(NamedTuple):
    """The starts and ends of some spans, in ns since the epoch."""

    start: Nanoseconds
    end: Nanoseconds


def grown(steps: Steps, gone: Intervals, come: Intervals) -> Steps | None:
    """The steps with `come` in place of `gone`: O(these). None if steps must get longer, or an extreme
    goes.
    """
    rows = steps.rows - len(gone.start) + len(come.start)
    begin = min(steps.start_ns, int(come.start.min(initial=steps.start_ns)))
    until = max(steps.end_ns, int(come.end.max(initial=steps.end_ns)))
    if steps.roots or not rows or _shift(begin, until) != steps.shift or begin >> steps.shift != steps.first:
        return None
    if _has_left(gone.start, come.start, steps.start_ns, -1) or _has_left(
        gone.end, come.end, steps.end_ns, 1
    ):
        return None
    count = (until >> steps.shift) - steps.first + 1
    longer = replace(
        steps,
        count=_longer(steps.count, count),
        rest=_longer(steps.rest, count),
        rows=rows,
        start_ns=begin,
        end_ns=until,
    )
    _add(longer, *gone, -1)
    _add(longer, *come, 1)
    return longer


def _has_left(gone: Nanoseconds, come: Nanoseconds, extreme: int, sign: int) -> bool:
    """Whether the first (or for a `sign` of 1 the last) moment may no longer be the extreme."""
    return bool((gone == extreme).any()) and not bool((sign * come >= sign * extreme).any())


def _longer(values: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    longer = np.zeros(count, np.int64)
    longer[: len(values)] = values
    return longer

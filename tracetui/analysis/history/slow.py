"""The slow tests: those slower than they used to be, and the costliest of the new ones."""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.analysis.study.findings import Findings
from tracetui.analysis.time.times import Nanoseconds
from tracetui.analysis.tree.tree import Rows
from tracetui.model.role import Role

MOST = 20
FACTOR = 3
"""Of the median: what takes less is not slow, however few tests there are."""
NOTABLE = 10
"""By this part of the 95th percentile a test has to be above it: some are always above by a hair."""
SPARE = 3 * MOST
"""So many more are known than are wanted, for when some of them go."""


class Largest(Struct, frozen=True, eq=False):
    """The rows with the largest amounts above zero: largest first, of equal ones the first rows.

    `all_` says whether there are no others above zero.
    """

    rows: Rows
    amounts: Nanoseconds
    all_: bool

    def grown(self, changed: Rows, rows: Rows, amounts: Nanoseconds) -> "Largest | None":
        """The same with `amounts` of `rows` for those `changed`; None if others may follow."""
        come = amounts > 0
        if not self.all_ and len(self.rows):
            least, last = self.amounts[-1], self.rows[-1]
            come &= (amounts > least) | ((amounts == least) & (rows <= last))
        left = ~np.isin(self.rows, changed)
        joined = np.concatenate((self.rows[left], rows[come]))
        kept = largest(joined, np.concatenate((self.amounts[left], amounts[come])), all_=self.all_)
        return kept if kept.all_ or len(kept.rows) >= MOST else None


def largest(rows: Rows, amounts: Nanoseconds, *, all_: bool = True) -> Largest:
    """Those with the largest amounts; only some of the ascending `rows` are sorted."""
    there = np.flatnonzero(amounts > 0)
    if len(there) > MOST + SPARE:
        least = np.partition(amounts[there], -MOST - SPARE)[-MOST - SPARE]
        there = there[amounts[there] >= least]
    order = there[np.lexsort((rows[there], -amounts[there]))]
    cut = order[: MOST + SPARE]
    return Largest(rows[cut], amounts[cut], all_ and len(cut) == np.count_nonzero(amounts > 0))


class Slow(Struct, frozen=True, eq=False):
    """What is known of how long tests take: own times in order, those later than usual, and new costly
    ones.
    """

    own: Nanoseconds
    late: Largest
    costly: Largest

    @property
    def rows(self) -> Rows:
        """The slow tests: at most twice `MOST`, few enough for a loop."""
        if not len(self.own):
            return np.empty(0, np.int32)
        middle = self.own[(len(self.own) - 1) // 2 : len(self.own) // 2 + 1]
        costly = self.costly.rows[self.costly.amounts > FACTOR * int(np.mean(middle))]
        return np.concatenate((self.late.rows[:MOST], costly[:MOST]))


def slow_tests(findings: Findings, seen: NDArray[np.bool_]) -> Slow:
    """The slow ones of the `seen` tests: O(n log n).

    A test with a history is compared with it: it is slow above the 95th percentile of its own times there.
    All others are compared with the tests of their run: the costliest are slow. Times are own times.
    """
    tests = np.flatnonzero((findings.snapshot.role == Role.TEST) & seen).astype(np.int32)
    late, costly = _amounts(findings, tests)
    return Slow(np.sort(findings.times.own[tests]), largest(tests, late), largest(tests, costly))


def grown(slow: Slow, last: Findings, were: Rows, now: Findings, are: Rows) -> Slow | None:
    """The same with the tests `are` instead of those that `were`, if their history is unchanged.

    None if others may now be slow instead of those that no longer are.
    """
    late, costly = _amounts(now, are)
    some, others = slow.late.grown(were, are, late), slow.costly.grown(were, are, costly)
    if some is None or others is None:
        return None
    return Slow(_replaced(slow.own, last.times.own[were], now.times.own[are]), some, others)


def _replaced(values: Nanoseconds, gone: Nanoseconds, come: Nanoseconds) -> Nanoseconds:
    """The ascending `values`, with `come` in place of `gone`."""
    gone, come = np.sort(gone), np.sort(come)
    places = np.searchsorted(values, gone) + np.arange(len(gone)) - np.searchsorted(gone, gone)
    left = np.delete(values, places)
    return np.insert(left, np.searchsorted(left, come), come)


def _amounts(findings: Findings, tests: Rows) -> tuple[Nanoseconds, Nanoseconds]:
    """How much later than usual each of `tests` is, and the own times of new ones; else 0."""
    own = findings.times.own[tests]
    usual = _usual(findings, tests)
    late = np.where(usual >= 0, own - usual - usual // NOTABLE, 0)
    return late, np.where(usual < 0, own, 0)


def _usual(findings: Findings, tests: Rows) -> Nanoseconds:
    """The 95th percentiles of their own times in earlier runs, in ns; -1 for new tests."""
    past, snapshot = findings.history, findings.snapshot
    places = past.places(snapshot.role[tests], snapshot.title_id[tests])
    known = places >= 0
    known[known] = past.count[places[known]] > 0
    usual = np.full(len(tests), -1, np.int64)
    usual[known] = past.own.p95_ns[places[known]]
    return usual

"""What each name took of the lanes' time: one entry for all spans of a name, over all lanes."""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui import units
from tracetui.analysis.ledger.accounts import Account
from tracetui.analysis.ledger.amortised import fixture_name, is_teardown, tests_served
from tracetui.analysis.ledger.billing import NOBODY, side_by_side
from tracetui.analysis.ledger.lane_bill import LaneBill
from tracetui.analysis.ranking.rank_keys import AFTER_TEST, BEFORE_TEST
from tracetui.analysis.time.times import Nanoseconds, Times
from tracetui.model.numbers.distinct import distinct
from tracetui.model.numbers.processor_time import UNKNOWN
from tracetui.store.snapshot import Snapshot

LEAST_NS = 100 * units.MS
"""Of what is shorter nobody is told that it mostly waits."""
BETWEEN = "in tests, outside their phases"
IDLE = ("between its work", "while other lanes still worked")
AFTER_ALL = "after all work was done"


class Entry(NamedTuple):
    """What an account, or one name in it (foreign text), took over all lanes, in ns.

    `computing_ns` and `waiting_ns` add up to it if all its spans recorded processor time; None if none did.
    `queued_ns` is the part of the latter in which it waited for a processor, by estimate; 0 if unknown.
    `stalled_ns` is the part in stalls of other lanes. `times` counts its tests, hooks, set-ups of a fixture
    or stretches, `tests` is over how many tests a fixture is spread, 0 for everything else. `row` is its
    longest span, or -1.
    """

    account: Account
    name: str
    ns: int
    computing_ns: int | None
    waiting_ns: int | None
    stalled_ns: int
    times: int
    tests: int = 0
    row: int = -1
    queued_ns: int = 0

    @property
    def asleep_ns(self) -> int:
        """What it waited, but for a processor."""
        return (self.waiting_ns or 0) - self.queued_ns

    @property
    def is_mostly_waiting(self) -> bool:
        """Whether it is known to wait for more than half of its time, and takes enough to say so.

        Waiting for a processor does not count, as far as it is known: the test is not why.
        """
        return self.ns >= LEAST_NS and 2 * self.asleep_ns > self.ns

    @property
    def per_test_ns(self) -> int | None:
        """A fixture's cost for each of the tests that it is spread over."""
        return self.ns // self.tests if self.tests else None


def entries(
    snapshot: Snapshot, times: Times, bills: Sequence[LaneBill], sums: "Sums | None", least_ns: int = 0
) -> dict[Account, list[Entry]]:
    """By account, the entries of all names, the most time first: O(n log n), with the `sums` of all spans.

    Names that took no more than `least_ns` are one entry without a name, but for fixtures.
    """
    by_account: dict[Account, dict[str, Entry]] = {account: {} for account in Account}
    several: dict[tuple[Account, str], list[Entry]] = {}
    if sums and least_ns:
        sums = sums.but_for_small(least_ns)
    for part in chain(_of_spans(snapshot, sums), _of_nobody(bills)):
        first = by_account[part.account].setdefault(part.name, part)
        if first is not part:
            several.setdefault((part.account, part.name), [first]).append(part)
    for (account, name), parts in several.items():
        by_account[account][name] = added_up(account, name, parts)
    served = tests_served(snapshot, times, bills)
    fixtures = by_account[Account.FIXTURES]
    for name, entry in fixtures.items():
        fixtures[name] = entry._replace(tests=served.get(name, 0))
    return {
        account: sorted(named.values(), key=lambda entry: (-entry.ns, entry.name))
        for account, named in by_account.items()
    }


def added_up(account: Account, name: str, parts: Sequence[Entry]) -> Entry:
    """Several entries as one, without `tests`."""
    measured = [part for part in parts if part.computing_ns is not None]
    longest = max(parts, key=lambda part: part.ns, default=None)
    return Entry(
        account,
        name,
        sum(part.ns for part in parts),
        sum(part.computing_ns or 0 for part in measured) if measured else None,
        sum(part.waiting_ns or 0 for part in measured) if measured else None,
        sum(part.stalled_ns for part in parts),
        sum(part.times for part in parts),
        row=-1 if longest is None else longest.row,
        queued_ns=sum(part.queued_ns for part in parts),
    )


class Sums(NamedTuple):
    """What is on a lane, one entry each: its time, and what it counts as; or the sums of several.

    Of several `row` is the longest, which takes `longest` ns. `told` is the time of those that recorded how
    much they computed.
    """

    account: NDArray[np.uint8]
    title: NDArray[np.int64]
    row: NDArray[np.int32]
    longest: NDArray[np.int64]
    ns: NDArray[np.int64]
    computing: NDArray[np.int64]
    told: NDArray[np.int64]
    measured: NDArray[np.int64]
    queued: NDArray[np.int64]
    lost: NDArray[np.int64]
    times: NDArray[np.int64]

    def but_for_small(self, least_ns: int) -> "Sums":
        """The same with those of an account that took no more than `least_ns` as one, but for fixtures."""
        small = (self.ns <= least_ns) & (self.account != Account.FIXTURES)
        return by_title([self._replace(title=np.where(small, _SMALL, self.title))])

    def tests(self, snapshot: Snapshot) -> Iterator[tuple[str, int]]:
        """The name (foreign text) and the ns of each test."""
        are = self.account == Account.TESTS
        return ((snapshot.texts[title], ns) for title, ns in side_by_side((self.title[are], self.ns[are])))


_HEADS = Sums._fields.index("ns")


def by_title(parts: Sequence[Sums]) -> Sums:
    """One entry for each title on an account, in their order; columns are joined one after the other."""
    heads = [np.concatenate(column) for column in zip(*(part[:_HEADS] for part in parts), strict=True)]
    account, title, row, longest = heads
    order = np.lexsort((row, -longest, title, account))
    new = np.diff(account[order], prepend=255) != 0
    new |= np.diff(title[order], prepend=_NONE) != 0
    begins = np.flatnonzero(new)
    sums = (_summed(column, order, begins) for column in zip(*(part[_HEADS:] for part in parts), strict=True))
    return Sums._make([*(head[order[begins]] for head in heads), *sums])


def _summed(parts: Sequence[Nanoseconds], order: NDArray[np.intp], begins: NDArray[np.intp]) -> Nanoseconds:
    """The sum of each stretch of what the parts have together; nothing but zeros takes no memory."""
    if not any(part.any() for part in parts):
        return np.broadcast_to(np.int64(0), len(begins))
    summed: Nanoseconds = np.add.reduceat(np.concatenate(parts)[order], begins)
    return summed


def _of_spans(snapshot: Snapshot, sums: Sums | None) -> Iterator[Entry]:
    """One entry for each title on an account; a fixture's set-up and teardown are two."""
    if sums is None:
        return
    for on, number, longest, _, took, computed, of, is_measured, waited, in_stalls, count in side_by_side(
        sums
    ):
        name = _NAMES[number] if number < 0 else snapshot.texts[number]
        entry = Entry(Account(on), name, took, None, None, in_stalls, count, row=longest, queued_ns=waited)
        yield _named(
            entry._replace(computing_ns=computed, waiting_ns=of - computed) if is_measured else entry
        )


def sums_of(snapshot: Snapshot, bills: Sequence[LaneBill], rates: Sequence[float]) -> Sums | None:
    """The sums of what is on lanes, one entry for each title on an account; None where nothing is.

    They are made one lane after the other: together their spans would take much memory.
    """
    lanes = [
        by_title([_spans(snapshot, bill, rate)])
        for bill, rate in zip(bills, rates, strict=True)
        if len(bill.what.row)
    ]
    return by_title(lanes) if lanes else None


def _named(entry: Entry) -> Entry:
    """The entry with a fixture's own name; only its set-ups count."""
    if entry.account is not Account.FIXTURES:
        return entry
    times = 0 if is_teardown(entry.name) else entry.times
    return entry._replace(name=fixture_name(entry.name), times=times)


def _spans(snapshot: Snapshot, bill: LaneBill, rate: float) -> Sums:
    what = bill.what
    title = snapshot.title_id[what.named].astype(np.int64)
    title[what.account == Account.UNACCOUNTED] = _BETWEEN
    title[what.is_derived] = np.where(what.is_after[what.is_derived], _AFTER, _BEFORE)
    times = np.ones(len(title), np.int64)
    tests = np.flatnonzero(what.account == Account.TESTS)
    times[tests] = 0
    times[tests[np.unique(what.named[tests], return_index=True)[1]]] = 1
    computing, tells = np.maximum(bill.computing_ns, 0), bill.computing_ns != UNKNOWN
    queued = np.minimum(bill.ns - computing, np.rint(rate * computing).astype(np.int64)) * tells
    told, measured = bill.ns * tells, tells.astype(np.int64)
    return Sums(
        what.account,
        title,
        what.row,
        longest=bill.ns,
        ns=bill.ns,
        computing=computing,
        told=told,
        measured=measured,
        queued=queued,
        lost=bill.lost_ns,
        times=times,
    )


_SMALL, _NONE, _BEFORE, _AFTER, _BETWEEN = -5, -4, -3, -2, -1
_NAMES = {_SMALL: "", _BEFORE: BEFORE_TEST, _AFTER: AFTER_TEST, _BETWEEN: BETWEEN}


def _of_nobody(bills: Sequence[LaneBill]) -> Iterator[Entry]:
    """Entries for the time in which nothing was on a lane: by lane, or by when it was idle."""
    for bill in bills:
        nobody = bill.segments.owner == NOBODY
        took, start = bill.segments.end - bill.segments.start, bill.segments.start
        is_last = (bill.account == Account.IDLE) & (start >= bill.there.last_ns)
        code = is_last * len(Account) + bill.account
        for number in distinct(code[nobody]).tolist():
            some, account = nobody & (code == number), Account(number % len(Account))
            name = {Account.IDLE: IDLE[number // len(Account)], Account.UNACCOUNTED: AFTER_ALL}.get(
                account, bill.lane.name
            )
            lost, stretches = int(bill.stalled_ns[some].sum()), int(np.count_nonzero(some))
            yield Entry(account, name, int(took[some].sum()), None, None, lost, stretches)

"""The ledger of a run: where the time of all its lanes went, in integer nanoseconds that add up.

Every lane has the whole run, from its first start to its last end; the ledger's total is lanes times that. An
instant of a lane goes to the innermost of the tests, phases, hooks and archivers that ran then (`billing`)
or, if none ran, to the worker's start, a stall, idleness, or no worker. So accounts add up to the total,
exactly, on every recording. The part of each in stalls of other lanes is given beside it, and adds up to what
`lanes` calls stalled.

What is left after all lanes have done their work, until the suite is over, is unaccounted. Shards and suites
that ran beside each other have lanes of their own; before its shard began and after its suite ended a lane
has no worker. A lane whose clock is off has the same length, moved to where its clock says it was. Documents
without an epoch are where their own axis says.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
from msgspec import Struct

from tracetui.analysis.lanes.run_queue import run_queue_rates
from tracetui.analysis.ledger.accounts import Account, on_lanes
from tracetui.analysis.ledger.entries import Entry, Sums, added_up, entries, sums_of
from tracetui.analysis.ledger.lane_bill import LaneBill, lane_bill
from tracetui.analysis.ledger.presence import presences, wall_ns, window_of
from tracetui.analysis.study.findings import Findings
from tracetui.analysis.time.times import Times
from tracetui.analysis.timeline.window import Window
from tracetui.store.snapshot import Snapshot


class Ledger(Struct, frozen=True, eq=False, dict=True):
    """Where the time of the lanes of a run went; `bills` has one per lane, each of `wall_ns`.

    `queue_rates` say by lane how long its tests waited for a processor for each ns that they computed.
    """

    snapshot: Snapshot
    times: Times
    wall_ns: int
    bills: tuple[LaneBill, ...]
    queue_rates: Sequence[float]

    @property
    def lanes(self) -> int:
        """The number of lanes."""
        return len(self.bills)

    @property
    def capacity_ns(self) -> int:
        """The time of all lanes."""
        return self.lanes * self.wall_ns

    @cached_property
    def sums(self) -> Sums | None:
        """What each title took on each account; None if nothing is on any lane."""
        return sums_of(self.snapshot, self.bills, self.queue_rates)

    @cached_property
    def parts(self) -> dict[Account, list[Entry]]:
        """By account the entries of its names, the most first; they add up to the account's."""
        return entries(self.snapshot, self.times, self.bills, self.sums)

    def larger(self, least_ns: int) -> dict[Account, list[Entry]]:
        """The same with all names together that took no more, see `entries`: they may be very many."""
        return entries(self.snapshot, self.times, self.bills, self.sums, least_ns)

    @cached_property
    def accounts(self) -> tuple[Entry, ...]:
        """The entry of each account that is not empty, the most first: together the capacity."""
        return accounts_of(self.parts)

    @cached_property
    def waiting_tests(self) -> tuple[Entry, ...]:
        """The tests that mostly wait, those that wait longest first, apart from waiting for a processor."""
        waiting = [entry for entry in self.parts[Account.TESTS] if entry.is_mostly_waiting]
        return tuple(sorted(waiting, key=lambda entry: -entry.asleep_ns))


def accounts_of(parts: Mapping[Account, Sequence[Entry]]) -> tuple[Entry, ...]:
    """The entry of each account that is not empty, the most first."""
    sums = (added_up(account, account.title, some) for account, some in parts.items())
    return tuple(sorted((entry for entry in sums if entry.ns), key=lambda entry: -entry.ns))


def ledger(findings: Findings) -> Ledger:
    """The ledger of the shown run: O(n log n)."""
    lanes, summary, stalls = findings.lanes.lanes, findings.summary, findings.overview.still
    run = Window(summary.start_ns, max(summary.start_ns, summary.end_ns))
    length = wall_ns(lanes, run)
    parts = zip(lanes, presences(findings), on_lanes(findings), strict=True)
    bills = [
        lane_bill(findings.snapshot, lane, there, window_of(lane, run, length), *what, stalls)
        for lane, there, what in parts
    ]
    return Ledger(findings.snapshot, findings.times, length, tuple(bills), _queue_rates(findings, bills))


def _queue_rates(findings: Findings, bills: Sequence[LaneBill]) -> list[float]:
    tests = [bill.what.account == Account.TESTS for bill in bills]
    return run_queue_rates(
        findings.snapshot,
        findings.tree.parent,
        [bill.what.named[is_test] for bill, is_test in zip(bills, tests, strict=True)],
        [
            int(np.maximum(bill.computing_ns[is_test], 0).sum())
            for bill, is_test in zip(bills, tests, strict=True)
        ],
    )

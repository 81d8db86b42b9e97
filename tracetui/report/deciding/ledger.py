"""Where the time of all lanes went, as a page and as JSON: accounts that add up, and the names in each."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import asdict

from tracetui import units
from tracetui.analysis.ledger.accounts import Account
from tracetui.analysis.ledger.entries import Entry, added_up
from tracetui.analysis.ledger.ledger import Ledger
from tracetui.analysis.study.findings import Findings
from tracetui.report.as_json import about
from tracetui.report.as_json import document as as_document
from tracetui.report.drawing.columns import Cell, table
from tracetui.report.drawing.style import QUIET, STRONG, WARNING, Line, many, words

OTHERS = "others"
LEAST_SHARE = 0.01
"""The names on a smaller account are left out of the page."""
QUEUED_SHARE = 0.1
"""Where tests waited for a processor for such a part of their time, the page says so."""
MOSTLY_WAITS = "*"
"""Marks tests that mostly wait."""
_PRICE = re.compile(r"([$€£¥]?)(\d+(?:\.\d+)?)/(h|min)")
_PER_NS = {"h": units.HOUR, "min": units.MINUTE}


class Price(NamedTuple):
    """The price of a lane: `amount` in a `currency` (a sign, or empty) for `per_ns`, an hour or a minute."""

    currency: str
    amount: Decimal
    per_ns: int

    def of(self, ns: int) -> Decimal:
        """The price of `ns` of a lane's time."""
        return self.amount * ns / self.per_ns

    def text(self, ns: int) -> str:
        """The same as text, in hundredths; `~0` if it is less."""
        cost = self.of(ns)
        return "~0" if 0 < cost < Decimal("0.005") else f"{self.currency}{cost:.2f}"


def price(text: str) -> Price:
    """Parse a price such as `0.50/h` or `$0.01/min`; raises `ValueError` for anything else."""
    match = _PRICE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text} is no price of a lane: give one like 0.50/h or 0.01/min")
    return Price(match[1], Decimal(match[2]), _PER_NS[match[3]])


class Row(Struct, frozen=True):
    """The time of an account (`depth` 0), or of a name in it (1; `name` is foreign text). See `Entry`."""

    kind: str
    name: str
    ns: int
    computing_ns: int | None
    waiting_ns: int | None
    queued_ns: int
    count: int
    depth: int
    share: float
    stalled_ns: int
    tests: int
    per_test_ns: int | None
    mostly_waits: bool


class LedgerValue(NamedTuple):
    """The rows of depth 0 add up to `capacity_ns`, those of depth 1 to the account above them.

    `waiting` of the `tests` wait more than half of their own time, `waited_ns` in all; that leaves out that
    they waited for a processor, as far as known (`queued_ns`).
    """

    wall_ns: int
    lanes: int
    capacity_ns: int
    stalled_ns: int
    tests: int
    waiting: int
    waited_ns: int
    rows: tuple[Row, ...]


def value(ledger: Ledger, most: int) -> LedgerValue:
    """The reported value of a ledger, with at most `most` names in each account (0: all)."""
    waiting = ledger.waiting_tests
    return LedgerValue(
        ledger.wall_ns,
        ledger.lanes,
        ledger.capacity_ns,
        sum(entry.stalled_ns for entry in ledger.accounts),
        sum(entry.times for entry in ledger.parts[Account.TESTS] if entry.ns),
        len(waiting),
        sum(entry.asleep_ns for entry in waiting),
        tuple(_rows(ledger, most)),
    )


def _rows(ledger: Ledger, most: int) -> Iterator[Row]:
    for account in ledger.accounts:
        yield _row(account, 0, ledger.capacity_ns)
        parts = [part for part in ledger.parts[account.account] if part.ns]
        shown = parts[:most] if most else parts
        for part in shown:
            yield _row(part, 1, ledger.capacity_ns)
        if rest := parts[len(shown) :]:
            yield _row(added_up(account.account, OTHERS, rest), 1, ledger.capacity_ns)


def _row(entry: Entry, depth: int, capacity_ns: int) -> Row:
    is_test = depth == 1 and entry.account is Account.TESTS and entry.name != OTHERS
    return Row(
        kind=entry.account.key,
        name=entry.name,
        ns=entry.ns,
        computing_ns=entry.computing_ns,
        waiting_ns=entry.waiting_ns,
        queued_ns=entry.queued_ns,
        count=entry.times,
        depth=depth,
        share=round(entry.ns / max(1, capacity_ns), 6),
        stalled_ns=entry.stalled_ns,
        tests=entry.tests,
        per_test_ns=entry.per_test_ns,
        mostly_waits=is_test and entry.is_mostly_waiting,
    )


def document(findings: Findings, ledger: LedgerValue, cost: Price | None) -> Iterator[str]:
    """`tracetui.ledger/1`: see `LedgerValue` and `Row`; with a price each row has its `cost`."""
    head = {"schema": "tracetui.ledger/1", **about(findings), **ledger._asdict()}
    del head["rows"]
    if cost is None:
        return as_document(head, map(asdict, ledger.rows))
    head["price"] = {"currency": cost.currency, "amount": float(cost.amount), "per_ns": cost.per_ns}
    return as_document(head, (asdict(row) | {"cost": _cost(cost, row.ns)} for row in ledger.rows))


def _cost(cost: Price, ns: int) -> float:
    return round(float(cost.of(ns)), 9)


def page(ledger: LedgerValue, cost: Price | None, cells: int) -> Iterator[Line]:
    """The total, a line for each account and for the names in it, and what qualifies them."""
    if not ledger.rows:
        yield [words("no lanes: there are no tests, hooks or archivers here", QUIET)]
        return
    paid = f" = {cost.text(ledger.capacity_ns)}" if cost else ""
    whole = f"{units.duration(ledger.capacity_ns)}{paid} of lane time"
    lanes = f"{many(ledger.lanes, 'lane')} for {units.duration(ledger.wall_ns)}, from first start to last end"
    yield [words(whole, STRONG), words(f"  ({lanes})", QUIET)]
    yield []
    yield from _table(ledger, cost, cells)
    yield from _remarks(ledger)


def _table(ledger: LedgerValue, cost: Price | None, cells: int) -> Iterator[Line]:
    """The table, without columns that are empty."""
    splits = any(row.computing_ns is not None for row in ledger.rows)
    stalls, spread = ledger.stalled_ns > 0, any(row.tests for row in ledger.rows)
    titles = ["where it went", "time", "share", *["cost"] * bool(cost)]
    titles += ["computing", "waiting"] * splits + ["stalled"] * stalls
    titles += ["n", *["a test"] * spread]

    def line(row: Row) -> tuple[str, list[Cell]]:
        style = STRONG if row.depth == 0 else QUIET
        texts = [units.duration(row.ns), units.share(row.ns / ledger.capacity_ns)]
        texts += [cost.text(row.ns)] if cost else []
        texts += [_known(row.computing_ns), _waiting(row)] if splits else []
        texts += [units.duration(row.stalled_ns) if row.stalled_ns else ""] if stalls else []
        texts += [units.count(row.count)]
        texts += [_known(row.per_test_ns if row.depth else None)] if spread else []
        return "  " * row.depth + row.name, [(text, style) for text in texts]

    large = {row.kind for row in ledger.rows if row.depth == 0 and row.share >= LEAST_SHARE}
    shown = (row for row in ledger.rows if row.depth == 0 or row.kind in large)
    return table(titles, [line(row) for row in shown], cells)


def _known(ns: int | None) -> str:
    return "" if ns is None else units.duration(ns)


def _waiting(row: Row) -> str:
    return _known(row.waiting_ns) + MOSTLY_WAITS * row.mostly_waits


def _remarks(ledger: LedgerValue) -> Iterator[Line]:
    yield []
    if ledger.waiting:
        which = f"{MOSTLY_WAITS} mostly waits: {units.count(ledger.waiting)} of {many(ledger.tests, 'test')}"
        waited = f"more than half of their own time, {units.duration(ledger.waited_ns)} in all"
        yield [words(f"{which}, {waited}", WARNING)]
    elif all(row.computing_ns is None for row in ledger.rows):
        why = "no processor time in this recording: what tests compute and how long they wait is unknown"
        yield [words(why, QUIET)]
    for row in ledger.rows:
        if row.depth == 0 and row.kind == "tests" and row.queued_ns >= QUEUED_SHARE * row.ns:
            queued = (
                f"tests waited {units.duration(row.queued_ns)} for a processor, of {units.duration(row.ns)}"
            )
            yield [words(f"{queued}: too many workers, or other work on the machine", WARNING)]
    if ledger.stalled_ns:
        lost = f"{units.duration(ledger.stalled_ns)} of it lay in stalls of other lanes"
        yield [words(f"{lost} (tracetui lanes tells which)", WARNING)]
    for kind, remark in _EXPLAINED.items():
        if any(row.kind == kind and (kind != "tests" or row.waiting_ns) for row in ledger.rows):
            yield [words(remark, QUIET)]


_EXPLAINED = {
    "tests": "waiting: asleep, blocked, or waiting for a processor",
    "fixtures": "fixtures: n set-ups; a test: shared by the tests that ran while it was set up",
    "derived_hooks": "derived hooks wrote no spans: what a test's wrapper took beside the test and archiving",
    "unaccounted": "unaccounted: in tests outside their phases (reporting, plugins); after all work was done",
    "absent": "no worker: before a lane's shard or worker began, or after it was over",
}

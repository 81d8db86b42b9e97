"""The ledger for a panel: shares of the lanes' time, small ones together, and the names behind each."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from tracetui.analysis.ledger.accounts import Account
from tracetui.analysis.ledger.entries import Entry
from tracetui.analysis.ledger.ledger import Ledger, accounts_of, ledger
from tracetui.analysis.study.findings import Findings

MOST = 6
"""Names for each account."""
LEAST = 0.005
"""Accounts that are a smaller part of the lanes' time are told together, smaller names not at all."""
OTHER = "other"
OVERHEAD = frozenset(
    account.title for account in (Account.FIXTURES, Account.HOOKS, Account.DERIVED, Account.COLLECTION)
)
"""What is no test and might be less."""
_RANKED = {
    Account.TESTS: "test",
    Account.FIXTURES: "hook",
    Account.HOOKS: "hook",
    Account.DERIVED: "hook",
    Account.COLLECTION: "hook",
    Account.ARCHIVING: "test",
}


class Cost(NamedTuple):
    """What lanes spent time on, in ns over all lanes, and as a share of all their time.

    `waiting` is the share of it in which nothing was computed, None if unknown.
    """

    name: str
    ns: int
    share: float
    waiting: float | None = None


class Behind(NamedTuple):
    """What took `ns` over all lanes; `by` is the ranking in which it is listed as `ranked`, or empty.

    Both names are foreign text; a fixture is ranked by its longest set-up or teardown.
    """

    name: str
    ns: int
    by: str = ""
    ranked: str = ""


class RunCosts(NamedTuple):
    """Costs that add up to the time of all lanes, the most first, and for each cost what is behind it."""

    costs: tuple[Cost, ...] = ()
    behind: Mapping[str, tuple[Behind, ...]] = {}


def run_costs(findings: Findings) -> RunCosts:
    """Where the time of the lanes of a run went: O(n log n)."""
    account = ledger(findings)
    whole = max(1, account.capacity_ns)
    parts = account.larger(int(LEAST * whole))
    large = [entry for entry in accounts_of(parts) if entry.ns >= LEAST * whole]
    costs = [Cost(entry.name, entry.ns, entry.ns / whole, _waiting(entry)) for entry in large]
    rest = account.capacity_ns - sum(cost.ns for cost in costs)
    costs += [Cost(OTHER, rest, rest / whole)] if rest else []
    behind = {entry.name: _behind(findings, account, entry.account, parts[entry.account]) for entry in large}
    return RunCosts(tuple(costs), behind)


def _waiting(entry: Entry) -> float | None:
    return None if entry.waiting_ns is None else entry.waiting_ns / max(1, entry.ns)


def _behind(
    findings: Findings, whole: Ledger, account: Account, named: Sequence[Entry]
) -> tuple[Behind, ...]:
    by, least = _RANKED.get(account, ""), LEAST * whole.capacity_ns
    if account is Account.TESTS and whole.sums and (files := _files(whole.sums.tests(findings.snapshot))):
        named, by = files, "file"
    parts = islice((part for part in named if part.name and part.ns > least), MOST)
    return tuple(Behind(part.name, part.ns, by, _ranked(findings, part, by)) for part in parts)


def _ranked(findings: Findings, part: Entry, by: str) -> str:
    """The name of a part in the ranking."""
    return findings.title(part.row) if by == "hook" and part.account is not Account.DERIVED else part.name


def _files(tests: Iterable[tuple[str, int]]) -> list[Entry]:
    """The files of tests, the most time first; none if tests are of one file, or files themselves."""
    sums: dict[str, int] = {}
    count = 0
    for name, ns in tests:
        file, mark, _ = name.partition("::")
        if not mark:
            return []
        sums[file] = sums.get(file, 0) + ns
        count += 1
    if len(sums) < 2 or 2 * len(sums) > count:
        return []
    files = (Entry(Account.TESTS, file, ns, None, None, 0, 0) for file, ns in sums.items())
    return sorted(files, key=lambda entry: (-entry.ns, entry.name))

"""Over how many tests a fixture's set-up is spread: those that ran on its lane while it was set up."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import takewhile

import numpy as np

from tracetui.analysis.ledger.accounts import Account
from tracetui.analysis.ledger.lane_bill import LaneBill
from tracetui.analysis.time.times import Times
from tracetui.analysis.tree.tree import Rows
from tracetui.model.role import HookKind, Role
from tracetui.store.snapshot import Snapshot

_BEGINS, _ENDS = (" setup", " start"), (" teardown", " stop")


def fixture_name(title: str) -> str:
    """The fixture's own name, from that of its set-up or its teardown: foreign text."""
    return next((title[: -len(end)] for end in (*_BEGINS, *_ENDS) if title[1:].endswith(end)), title)


def is_teardown(title: str) -> bool:
    """Whether a fixture's span is its teardown."""
    return title.endswith(_ENDS)


def tests_served(snapshot: Snapshot, times: Times, bills: Iterable[LaneBill]) -> dict[str, int]:
    """By fixture, how many tests ran while it was set up: at most that many used it.

    One of function scope serves one test each time. One that is never torn down serves the tests from its
    set-up on, only those of the same file or class if that is its scope.
    """
    served: dict[str, int] = {}
    for bill in bills:
        for name, count in _Lane(snapshot, times, bill).served():
            served[name] = served.get(name, 0) + count
    return served


class _Lane:
    """The rows of the fixtures and tests of one lane, by start."""

    def __init__(self, snapshot: Snapshot, times: Times, bill: LaneBill) -> None:
        self._snapshot, self._times = snapshot, times
        self._fixtures = self._by_start(bill.what.row[bill.what.account == Account.FIXTURES])
        rows = bill.what.row[~bill.what.is_derived]
        self._tests = self._by_start(rows[snapshot.role[rows] == Role.TEST])

    def _by_start(self, rows: Rows) -> Rows:
        return rows[np.argsort(self._snapshot.start_ns[rows], kind="stable")]

    def served(self) -> Iterator[tuple[str, int]]:
        """The name of each fixture that was set up, and how many tests it served."""
        titles = self._titles(self._fixtures)
        starts = self._snapshot.start_ns[self._fixtures].tolist()
        kinds = self._snapshot.hook_kind[self._fixtures].tolist()
        ends: dict[str, list[int]] = {}
        for title, at in zip(titles, starts, strict=True):
            if is_teardown(title):
                ends.setdefault(fixture_name(title), []).append(at)
        for title, at, kind in zip(titles, starts, kinds, strict=True):
            name = fixture_name(title)
            if not is_teardown(title):
                yield name, 1 if kind == HookKind.FUNCTION else self._count(at, kind, ends.get(name, []))

    def _count(self, at: int, kind: int, ends: list[int]) -> int:
        """Of the tests that had not ended when it was set up, those that began before its next end."""
        tests = self._tests[self._times.end[self._tests] > at]
        later = bisect_left(ends, at)
        if later < len(ends):
            return int(np.count_nonzero(self._snapshot.start_ns[tests] < ends[later]))
        if kind not in _PLACES or not len(tests):
            return len(tests)
        place = _PLACES[HookKind(kind)]
        titles = self._titles(tests)
        return len(list(takewhile(lambda title: place(title) == place(titles[0]), titles)))

    def _titles(self, rows: Rows) -> list[str]:
        return [self._snapshot.title(row) for row in rows.tolist()]


def _class_of(title: str) -> str:
    return title.rpartition("::")[0]


def _file_of(title: str) -> str:
    return title.partition("::")[0]


_PLACES = {HookKind.CLASS: _class_of, HookKind.MODULE: _file_of}

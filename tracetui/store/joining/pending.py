"""Spans that are not rows yet: numpy costs the same for few as for many, so that they wait for each other."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from tracetui.own_thread import own_thread
from tracetui.store.joining.identity import Record


class Known(NamedTuple):
    """Spans whose ids are known already; `start` is the first row that came with them."""

    others: Record
    start: int


Settle: TypeAlias = Callable[[Sequence[Record]], Known | None]
"""Makes rows of spans with new ids; returns the others."""


class Pending:
    """Spans that are `waiting`, and those that are being settled, if `beside` in a thread of its own."""

    def __init__(self, *, beside: bool) -> None:
        self.waiting = 0
        self._records: list[Record] = []
        self._beside = beside
        self._begun = 0
        self._result: Callable[[], Known | None] | None = None

    def __len__(self) -> int:
        """How many there are at most: some of those that are being settled may be rows by now."""
        return self.waiting + self._begun

    def add(self, new: Record) -> None:
        """Have more wait."""
        self._records.append(new)
        self.waiting += len(new["key"])

    def begin(self, settle: Settle, *, may_wait: bool) -> bool:
        """Begin to settle all that wait; whether it may go on in another thread, as what follows `may_wait`.

        What was begun before has ended.
        """
        records, self._records = self._records, []
        self._begun, self.waiting = self.waiting, 0
        if self._beside and may_wait:
            self._result = own_thread("settle").submit(settle, records).result
            return True
        known = settle(records)
        self._result = lambda: known
        return False

    def end(self) -> Known | None:
        """Wait for what was begun; returns what is left of it."""
        result, self._result = self._result, None
        try:
            return result() if result else None
        finally:
            self._begun = 0

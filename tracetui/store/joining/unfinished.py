"""The spans that have begun and not ended, and who told so: what of them must be decided again.

Killed runs leave some for good: a decision costs what has changed since the last one, not how many there are.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from tracetui.model.role import Outcome

_NONE_CLOSED: Mapping[int, int] = MappingProxyType({})


class Unfinished:
    """Rows without an end, and in which sources it was told last that they have begun: two at most.

    A writer whose file grows long tells again in the next one what is open, and deletes the first.
    """

    def __init__(self) -> None:
        self._sources: dict[int, tuple[int, ...]] = {}
        self._rows: dict[int, set[int]] = {}
        self._undecided: set[int] = set()
        self._gone: frozenset[int] = frozenset()
        self._closed = _NONE_CLOSED

    def begin(self, rows: Iterable[int], sources: Iterable[int]) -> None:
        """These rows have begun, as these sources tell."""
        for row, source in zip(rows, sources, strict=True):
            self._sources[row] = ()
            self._told(row, source)

    def tell(self, rows: Iterable[int], sources: Iterable[int]) -> None:
        """These sources tell again that these rows have begun, which may have ended."""
        for row, source in zip(rows, sources, strict=True):
            if row in self._sources:
                self._told(row, source)

    def end(self, rows: Iterable[int]) -> None:
        """These rows have an end."""
        for row in rows:
            self._leave(row, self._sources.pop(row, ()))
            self._undecided.discard(row)

    def renumber(self, keeps: NDArray[np.bool_]) -> None:
        """Only the rows that `keeps` marks are left, and are numbered anew."""
        rows, before = (np.cumsum(keeps) - 1).tolist(), self._sources
        self._sources, self._rows, self._undecided = {}, {}, set()
        for row, sources in before.items():
            if keeps[row]:
                self._sources[rows[row]] = ()
                for source in sources:
                    self._told(rows[row], source)

    @property
    def sources(self) -> frozenset[int]:
        """All that told last of some row that has not ended."""
        return frozenset(self._rows)

    def judge(self, gone: Iterable[int], closed: Mapping[int, int] = _NONE_CLOSED) -> list[int]:
        """From now on nobody writes the sources that are `gone`; of those `closed`, the writer has said at
        that time (ns) that nothing was open. Returns the rows that must be decided again, ascending.
        """
        gone, before = frozenset(gone), self._closed
        news = (gone ^ self._gone) | {source for source, _ in closed.items() ^ before.items()}
        rows = self._undecided.union(*(self._rows.get(source, ()) for source in news))
        self._undecided, self._gone, self._closed = set(), gone, closed
        return sorted(rows)

    def outcome(self, row: int, start_ns: int) -> Outcome:
        """What became of a row that began then, by the last judgement: whose end must have been lost, as its
        writer had nothing open, has an unknown one.
        """
        left = [source for source in self._sources[row] if start_ns > self._closed.get(source, -1)]
        if not left:
            return Outcome.UNKNOWN
        return Outcome.CUT_OFF if self._gone.issuperset(left) else Outcome.RUNNING

    def _told(self, row: int, source: int) -> None:
        known = self._sources[row]
        self._undecided.add(row)
        if source not in known:
            self._leave(row, known[:-1])
            self._sources[row] = (*known[-1:], source)
            self._rows.setdefault(source, set()).add(row)

    def _leave(self, row: int, sources: Iterable[int]) -> None:
        for source in sources:
            self._rows[source].discard(row)
            if not self._rows[source]:
                del self._rows[source]

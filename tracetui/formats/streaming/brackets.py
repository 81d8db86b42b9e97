"""The places of the brackets in a JSON stream, and the nesting depth after each; every byte is looked at
once.

Brackets within strings do not count. A string never crosses a line: a missing quote costs its line.
"""

from bisect import bisect_left

import numpy as np
from numpy.typing import NDArray

Positions = NDArray[np.int64]

_QUOTE, _BACKSLASH, _LINE_END = b'"\\\n'
_CASE = ord("{") - ord("[")
"""Braces differ from brackets in this bit only."""


class Brackets:
    """Scans one stream, fed in pieces that may be cut anywhere; it may begin at some depth of a document."""

    def __init__(self, depth: int = 0) -> None:
        self._depth = depth
        self._in_string = False
        self._escapes = False

    def scan(self, data: bytes) -> tuple[Positions, Positions]:
        """The places in `data` of its brackets, and the depth behind each; it is 0 where a document ends."""
        text = np.frombuffer(data, np.uint8)
        quotes = self._quotes(text)
        ends = np.flatnonzero(text == _LINE_END)
        # Quotes before the line of a place: odd parity from there on is within a string.
        before = np.concatenate([[-int(self._in_string)], np.searchsorted(quotes, ends)])
        self._in_string = bool((len(quotes) - before[-1]) & 1)
        folded = text | _CASE
        places = np.flatnonzero((folded == ord("{")) | (folded == ord("}")))
        within = np.searchsorted(quotes, places) - before[np.searchsorted(ends, places)]
        places = places[within & 1 == 0]
        steps = np.where(folded[places] == ord("{"), 1, -1)
        depths = self._depth + np.cumsum(steps)
        self._depth = int(depths[-1]) if len(depths) else self._depth
        return places, depths

    def _quotes(self, text: NDArray[np.uint8]) -> Positions:
        """The places of quotes that no backslash escapes."""
        quotes = np.flatnonzero(text == _QUOTE)
        slashes = np.flatnonzero(text == _BACKSLASH)
        if not len(slashes) and not self._escapes:
            return quotes
        first = np.diff(slashes, prepend=-2) != 1
        start = slashes[first][np.cumsum(first) - 1]
        # A backslash before this piece makes the first of a run the second.
        start = np.where(start == 0, -int(self._escapes), start)
        escaping = slashes[(slashes - start) & 1 == 0]
        if self._escapes and len(text) and text[0] != _BACKSLASH:
            escaping = np.concatenate([[-1], escaping])
        if len(text):
            self._escapes = bool(len(escaping)) and int(escaping[-1]) == len(text) - 1
        return quotes[~np.isin(quotes - 1, escaping)]


NO_BRACKET = 1 << 62


class Found:
    """Brackets of a text: `where` they stand, how deep it nests behind each, and the number of the `next`."""

    def __init__(self, where: Positions, depth: Positions) -> None:
        self.where: list[int] = where.tolist()
        self.depth: list[int] = depth.tolist()
        self.next = 0
        self._ends: list[int] = []
        self._ends_of = -1

    @classmethod
    def nowhere(cls) -> "Found":
        """None at all."""
        return cls(np.empty(0, np.int64), np.empty(0, np.int64))

    @property
    def place(self) -> int:
        """Where the next one stands; `NO_BRACKET` where there is none."""
        return self.where[self.next] if self.next < len(self.where) else NO_BRACKET

    def end_of(self, depth: int) -> int | None:
        """The number of the bracket that returns to a depth; computed once for many values."""
        if self._ends_of != depth:
            self._ends = np.flatnonzero(np.array(self.depth) <= depth).tolist()
            self._ends_of = depth
        number = bisect_left(self._ends, self.next)
        return self._ends[number] if number < len(self._ends) else None

    def rest(self, most: int | None = None) -> tuple[Positions, Positions]:
        """Those from the next one on, at most so many."""
        those = slice(self.next, None if most is None else self.next + most)
        return np.array(self.where[those], np.int64), np.array(self.depth[those], np.int64)

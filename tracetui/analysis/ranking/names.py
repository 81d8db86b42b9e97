"""Many names and their alphabetical order, computed once, in pieces, so that other threads get their turn."""

from collections.abc import Iterable
from functools import cached_property
from heapq import merge
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.text import NOTHING_SHARED, Shared, shared_between

PIECE = 4096
"""A list is sorted without a pause; so many names take about a millisecond."""


class Extent(NamedTuple):
    """Of the first `names`: the first and the last of the alphabet, and the length of the longest."""

    names: int
    first: str
    last: str
    longest: int


class _Asked(NamedTuple):
    """A name that was asked for, and its place among the first `searched`; -1 if it is none of them."""

    text: str
    place: int
    searched: int

    def among(self, texts: list[str], count: int) -> "_Asked":
        """The same among the first `count` of `texts`, which begin with those."""
        if self.place >= 0 or count <= self.searched:
            return self
        try:
            return _Asked(self.text, texts.index(self.text, self.searched, count), count)
        except ValueError:
            return _Asked(self.text, -1, count)


class Names:
    """Names (foreign text), each once; `texts` may have more behind them, which belong to others."""

    def __init__(self, texts: list[str]) -> None:
        self.texts = texts
        self._count = len(texts)
        self._asked = _Asked("", -1, 0)
        self._held: tuple[str, NDArray[np.bool_]] | None = None
        self._extent: Extent | None = None

    def __len__(self) -> int:
        return self._count

    def longer(self, more: Iterable[str]) -> "Names":
        """These names and more; what is known of these is reused."""
        if len(self.texts) != self._count:
            return Names([*self.texts[: self._count], *more])
        self.texts.extend(more)
        names = Names(self.texts)
        names._held, names._extent, names._asked = self._held, self._extent, self._asked
        return names

    def place(self, text: str) -> int:
        """The index of a name; -1 if it is none of these. O(names) for another name than the last time.

        Of all names a table of places takes more memory than their ranks.
        """
        asked = self._asked if self._asked.text == text else _Asked(text, -1, 0)
        self._asked = asked = asked.among(self.texts, self._count)
        return asked.place if asked.place < self._count else -1

    @cached_property
    def shared(self) -> Shared:
        """What they have in common: O(names added since the last call)."""
        known = self._extent
        new = self.texts[known.names if known else 0 : self._count]
        if new:
            first, last, longest = min(new), max(new), max(map(len, new))
            if known:
                first, last = min(known.first, first), max(known.last, last)
                longest = max(known.longest, longest)
            self._extent = known = Extent(self._count, first, last, longest)
        return shared_between(known.first, known.last, known.longest) if known else NOTHING_SHARED

    @cached_property
    def alphabetical(self) -> NDArray[np.intp]:
        """The indices of the names in alphabetical order."""
        places = range(self._count)
        pieces = (
            sorted(places[at : at + PIECE], key=self.texts.__getitem__) for at in range(0, len(places), PIECE)
        )
        return np.fromiter(merge(*pieces, key=self.texts.__getitem__), np.intp, len(places))

    @cached_property
    def rank(self) -> NDArray[np.intp]:
        """By name, its place in alphabetical order."""
        place = np.empty(self._count, np.intp)
        place[self.alphabetical] = np.arange(self._count)
        return place

    def holding(self, part: str) -> NDArray[np.bool_]:
        """By name, whether it contains `part`, ignoring case."""
        known = self._held[1] if self._held and self._held[0] == part else np.empty(0, np.bool_)
        folded = part.casefold()
        new = islice(self.texts, len(known), self._count)
        more = np.fromiter((folded in text.casefold() for text in new), np.bool_)
        self._held = part, np.append(known, more) if len(more) else known
        return self._held[1]

"""Many names, and their alphabetical order: once, in pieces, so that other threads get their turn."""

from collections.abc import Sequence
from functools import cached_property
from heapq import merge

import numpy as np
from numpy.typing import NDArray

PIECE = 4096
"""A list is sorted without a pause; so many names take about a millisecond."""


class Names:
    """Names (foreign text), each once."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts

    def __len__(self) -> int:
        return len(self.texts)

    @cached_property
    def index(self) -> dict[str, int]:
        """Where each name stands."""
        return {text: place for place, text in enumerate(self.texts)}

    @cached_property
    def alphabetical(self) -> NDArray[np.intp]:
        """The places of the names in alphabetical order."""
        places = range(len(self.texts))
        pieces = (
            sorted(places[at : at + PIECE], key=self.texts.__getitem__) for at in range(0, len(places), PIECE)
        )
        return np.fromiter(merge(*pieces, key=self.texts.__getitem__), np.intp, len(places))

    @cached_property
    def rank(self) -> NDArray[np.intp]:
        """By name, its place in alphabetical order."""
        place = np.empty(len(self.texts), np.intp)
        place[self.alphabetical] = np.arange(len(self.texts))
        return place

    def holding(self, part: str) -> NDArray[np.bool_]:
        """By name, whether it holds `part`, whatever the case."""
        folded = part.casefold()
        return np.fromiter((folded in text.casefold() for text in self.texts), np.bool_, len(self.texts))

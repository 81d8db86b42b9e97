"""What the rules say of spans, in columns: decided once for all that are equal in what rules may ask for."""

from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracetui.model.columns import JUDGED, SHARED, Facts
from tracetui.model.interned import Interned

_DTYPES = dict.fromkeys(("name", "title", "worker"), np.int32) | {name: SHARED[name] for name in JUDGED}
_judged = attrgetter(*JUDGED)

UNREADABLE = 0
"""The number of the verdict on spans that have to be decoded one by one."""


class Verdicts:
    """Decisions in columns: `name`, `title` and `worker` are numbers of `texts`."""

    def __init__(self, texts: Interned[str]) -> None:
        self._texts = texts
        self._arrays = {name: np.zeros(64, dtype) for name, dtype in _DTYPES.items()}
        self._filled = UNREADABLE + 1
        self._new: list[tuple[int, int, Facts]] = []

    def __len__(self) -> int:
        return self._filled + len(self._new)

    def add(self, name: str, title: str, facts: Facts) -> int:
        """Add a decision, whose title this is; returns its number."""
        number = len(self)
        self._new.append((self._texts.intern(name), self._texts.intern(title), facts))
        return number

    def columns(self, numbers: NDArray[np.integer[Any]]) -> dict[str, NDArray[Any]]:
        """Those of some numbers."""
        self._fill()
        return {name: array[numbers] for name, array in self._arrays.items()}

    def _fill(self) -> None:
        """Move new decisions into the columns: many at once cost little more than one."""
        begin, self._filled = self._filled, len(self)
        if begin == self._filled:
            return
        while self._filled > len(self._arrays["name"]):
            self._arrays = {name: np.resize(array, 2 * len(array)) for name, array in self._arrays.items()}
        names, titles, facts = zip(*self._new, strict=True)
        workers = self._texts.numbers(each.worker for each in facts)
        judged = zip(*map(_judged, facts), strict=True)
        columns = (names, titles, workers, *judged)
        for (name, array), column in zip(self._arrays.items(), columns, strict=True):
            array[begin : self._filled] = np.array(column, _DTYPES[name])
        self._new = []

"""Finds a text: which rows contain it, and where it is in a shown text."""

import numpy as np
from msgspec import Struct, field
from numpy.typing import NDArray

from tracetui.analysis.query.filters.evaluate import evaluate
from tracetui.analysis.query.filters.syntax import Condition
from tracetui.analysis.study.findings import Findings


class Finds(Struct, frozen=True, eq=False):
    """The matches of `needle` (as typed): `rows` is by row of the findings it was looked for in.

    `done` of `total` bytes were scanned for what no column holds; both are 0 before that begins.
    """

    needle: str
    rows: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))
    done: int = 0
    total: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether everything was scanned."""
        return self.done >= self.total


def named(needle: str, findings: Findings) -> NDArray[np.bool_]:
    """By row, whether name or title contain `needle`; case-sensitive only if it has capitals."""
    return evaluate(Condition("name", ":", needle), findings)


def stretches_of(needle: str, text: str) -> list[tuple[int, int]]:
    """Where `needle` is in `text`: begin and end, without overlap; case-sensitive as in `named`."""
    low = text.lower() if needle == needle.lower() else text
    if not needle or len(low) != len(text):  # A letter that is two in lower case: places would be wrong.
        return []
    stretches, place = [], low.find(needle)
    while place >= 0:
        stretches.append((place, place + len(needle)))
        place = low.find(needle, place + len(needle))
    return stretches

"""Finding a text: which rows say it, and where in a shown text it stands."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.query.filters.evaluate import evaluate
from tracetui.analysis.query.filters.syntax import Condition
from tracetui.analysis.study.findings import Findings


@dataclass(frozen=True, eq=False)
class Finds:
    """What was found of `needle` (as typed): `rows` is by row of the findings it was looked for in.

    `done` of `total` bytes were looked through for what no column holds; both 0 before that begins.
    """

    needle: str
    rows: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))
    done: int = 0
    total: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether everything was looked through."""
        return self.done >= self.total


def named(needle: str, findings: Findings) -> NDArray[np.bool_]:
    """By row, whether name or title hold `needle`; its case counts only where it has capitals."""
    return evaluate(Condition("name", ":", needle), findings)


def stretches_of(needle: str, text: str) -> list[tuple[int, int]]:
    """Where `needle` stands in `text`: from and to, without overlap; its case counts as in `named`."""
    low = text.lower() if needle == needle.lower() else text
    if not needle or len(low) != len(text):  # A letter that is two in lower case: places would be wrong.
        return []
    stretches, place = [], low.find(needle)
    while place >= 0:
        stretches.append((place, place + len(needle)))
        place = low.find(needle, place + len(needle))
    return stretches

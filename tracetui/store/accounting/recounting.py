"""The last counts, by their places: what a writer takes back, and writes again, is counted once."""

from collections import Counter, deque
from collections.abc import Iterable
from typing import NamedTuple

from tracetui.model.batch import Problems
from tracetui.model.kind import Kind

MOST_COUNTED = 10_000
"""So many are remembered, of all sources: what is taken back is what was written last."""


class _Counted(NamedTuple):
    source: int
    offset: int
    kind: Kind
    number: int


class Recounting:
    """The last counts of a kind, each with its source and the offset there."""

    def __init__(self) -> None:
        self._counted: deque[_Counted] = deque(maxlen=MOST_COUNTED)

    def note(self, source: int, default: Kind, problems: Problems) -> None:
        """Note counted problems; `default` is the kind of those that name none."""
        self._counted += (
            _Counted(source, problem.offset, problem.kind or default, problem.number) for problem in problems
        )

    def note_places(self, kind: Kind, places: Iterable[tuple[int, int]]) -> None:
        """Note one of a kind at each of these sources and offsets."""
        self._counted += (_Counted(source, offset, kind, 1) for source, offset in places)

    def take_back(self, source: int, offset: int) -> Counter[Kind]:
        """How many of each kind were counted of a source from `offset` on; they are forgotten."""
        numbers: Counter[Kind] = Counter()
        kept = []
        for counted in self._counted:
            if counted.source == source and counted.offset >= offset:
                numbers[counted.kind] += counted.number
            else:
                kept.append(counted)
        self._counted = deque(kept, maxlen=MOST_COUNTED)
        return numbers

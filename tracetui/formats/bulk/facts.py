"""The facts about spans of one shape, decided once for equal spans, by the same rules as for one."""

from operator import attrgetter
from typing import Any

import msgspec
import numpy as np
from msgspec import Raw
from numpy.typing import NDArray

from tracetui.formats.bulk.gather import Slices, Words, grouped
from tracetui.formats.bulk.match import Match
from tracetui.formats.otlp import values
from tracetui.model.columns import JUDGED, SHARED, Facts
from tracetui.model.interned import Interned
from tracetui.model.resource_facts import NOTHING_TOLD
from tracetui.model.role import StatusCode
from tracetui.model.rules import Clues, classify

_MOST_REMEMBERED = 200_000
_DTYPES = dict.fromkeys(("name", "title", "worker"), np.int32) | {name: SHARED[name] for name in JUDGED}
_judged = attrgetter(*JUDGED)
_name = msgspec.json.Decoder(str)
Numbers = NDArray[np.intp]

UNREADABLE = 0
"""The number of the verdict on spans that have to be decoded one by one."""


class _Told(dict[str, Any]):
    """The hot attributes of one span of a match, read when a rule asks; `asked` records which."""

    def __init__(self, match: Match, row: int) -> None:
        super().__init__(match.hot)
        self._found = match
        self._row = row
        self.asked: set[str] = set()

    def __getitem__(self, key: str) -> str:
        self.asked.add(key)
        return values.scalar_text(Raw(self._found.raw(super().__getitem__(key), self._row)))

    def get(self, key: str, default: Any = None) -> Any:
        return self[key] if key in self else default  # noqa: SIM401 - it would call itself


class Verdicts:
    """Decisions in columns: `name`, `title` and `worker` are numbers of `texts`."""

    def __init__(self, texts: Interned[str]) -> None:
        self._texts = texts
        self._arrays = {name: np.zeros(64, dtype) for name, dtype in _DTYPES.items()}
        self._filled = UNREADABLE + 1
        self._new: list[tuple[int, ...]] = []

    def __len__(self) -> int:
        return self._filled + len(self._new)

    def add(self, name: str, facts: Facts) -> int:
        """Add a decision; returns its number."""
        intern = self._texts.intern
        texts = (intern(name), intern(facts.title), intern(facts.worker))
        self._new.append((*texts, *_judged(facts)))
        return len(self) - 1

    def columns(self, numbers: Numbers) -> dict[str, NDArray[Any]]:
        """Those of some numbers."""
        self._fill()
        return {name: array[numbers] for name, array in self._arrays.items()}

    def _fill(self) -> None:
        """Move new decisions into the columns: many at once cost little more than one."""
        begin, self._filled = self._filled, len(self)
        while self._filled > len(self._arrays["name"]):
            self._arrays = {name: np.resize(array, 2 * len(array)) for name, array in self._arrays.items()}
        for array, verdicts in zip(self._arrays.values(), zip(*self._new, strict=True), strict=False):
            array[begin : self._filled] = verdicts
        self._new = []


class Judge:
    """The rules for the spans of one shape and scope.

    Rules look at few of the attributes that some rule may ask for. Spans are grouped by the attributes asked
    for so far; when a rule asks for more, they are grouped again. One span of each group is judged.
    """

    def __init__(self, scope: str, texts: Interned[str]) -> None:
        self._scope = scope
        self._texts = texts
        self._asked: list[str] = []
        self._forget()

    def judge(self, match: Match, status: NDArray[np.uint8]) -> Numbers:
        """The verdict on each span of a match, by its number."""
        if len(self.verdicts) > _MOST_REMEMBERED:
            self._forget()
        while True:
            asked = len(self._asked)
            rows = self._clues(match, status)
            groups = grouped(rows)
            if groups is None:
                return np.full(len(status), UNREADABLE)
            verdicts = self._verdicts(match, status, rows, groups.first)
            if len(self._asked) == asked:
                return np.array(verdicts, np.intp)[groups.number]
            self._forget()

    def _clues(self, match: Match, status: NDArray[np.uint8]) -> Words:
        """Everything a decision depends on, by span: the name, the attributes asked for so far, and the
        status.
        """
        places = [match.name, *(match.hot[key] for key in self._asked)]
        begin, length = (np.stack([place[part] for place in places], axis=1) for part in (0, 1))
        return Slices(match.spans.text, begin, length, status).rows

    def _verdicts(self, match: Match, status: NDArray[np.uint8], rows: Words, firsts: Numbers) -> list[int]:
        known = self._known.setdefault(rows.shape[1], {})
        size, data = rows.shape[1] * rows.itemsize, rows[firsts].tobytes()
        numbers = []
        for place, row in enumerate(firsts.tolist()):
            clue = data[place * size : (place + 1) * size]
            number = known.get(clue)
            if number is None:
                number = known[clue] = self._decide(match, int(status[row]), row)
            numbers.append(number)
        return numbers

    def _decide(self, match: Match, status: int, row: int) -> int:
        try:
            name = _name.decode(b'"' + match.raw(match.name, row) + b'"')
        except ValueError:
            return UNREADABLE
        attributes = _Told(match, row)
        facts = classify(Clues(name, self._scope, StatusCode(status), attributes))
        self._asked += sorted(attributes.asked.difference(self._asked))
        # What a suite tells beside its columns, only lists of spans hand on.
        by_itself = facts.expected or facts.workers or facts.job is not NOTHING_TOLD
        return UNREADABLE if by_itself else self.verdicts.add(name, facts)

    def _forget(self) -> None:
        self.verdicts = Verdicts(self._texts)
        self._known: dict[int, dict[bytes, int]] = {}

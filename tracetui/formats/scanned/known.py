"""What a scanner's numbers stand for: traces, resources and scopes, and what the rules say of each clue."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tracetui.formats.columns import HOME_SPAN, HOME_TRACE, scope_name
from tracetui.formats.scanned.spelling import Spelling
from tracetui.formats.verdicts import UNREADABLE, Verdicts
from tracetui.kernel.scan import Scan, Scanner
from tracetui.model.columns import Facts
from tracetui.model.interned import Interned
from tracetui.model.numbers.collected import INDEX
from tracetui.model.numbers.processor_time import CPU
from tracetui.model.resource_facts import NOTHING_TOLD
from tracetui.model.role import StatusCode
from tracetui.model.rules import HOT_KEYS, Clues, classify

OTHER_KEYS = (HOME_TRACE, HOME_SPAN)
"""A span below one of another trace: of those each is decoded by itself."""
KEYS = (CPU, INDEX, *sorted(HOT_KEYS.difference((CPU, INDEX, *OTHER_KEYS))))

MOST_AHEAD = 3
"""So many blocks may be scanned before they are fed.

What rules ask of the spans of one block is heeded only in those that none of these are: how far another
thread is must not matter. The first block of a source is scanned before any other of it.
"""

_NUMBERS = {key: number for number, key in enumerate(KEYS)}
_STATUSES = tuple(StatusCode)
_RESOURCE = 0
Numbers = NDArray[np.int32]
Ask: TypeAlias = Callable[[Mapping[int, Sequence[int]], int], int]
"""Hears, by kind, which keys matter, their places in `KEYS`, and from which block on.

Returns which call that was, counted from 1.
"""


class Hot(dict[str, Any]):
    """Attributes by the places of their values, read when a rule asks for one; `asked` has those."""

    __slots__ = ("_read", "_text", "_values")

    def __init__(
        self, text: bytes, read: Callable[[bytes], str], places: Iterable[tuple[str, slice]]
    ) -> None:
        super().__init__(places)
        self._text = text
        self._read = read
        self._values: dict[str, str] = {}

    @property
    def asked(self) -> AbstractSet[str]:
        """The keys of the values that were read."""
        return self._values.keys()

    def __getitem__(self, key: str) -> str:
        if key not in self:
            raise KeyError(key)
        value: str = self.get(key)
        return value

    def get(self, key: str, default: Any = None) -> Any:
        value = self._values.get(key)
        if value is None:
            place = _place(self, key)
            if place is None:
                return default
            value = self._values[key] = self._read(self._text[place])
        return value


_place = dict[str, Any].get


class Clue(NamedTuple):
    """What a scan has of spans about which one decision is to be made."""

    name: str
    scope: int
    kind: int
    status: int
    hot: Hot


def _clues(scan: Scan, spelling: Spelling) -> Iterator[Clue | None]:
    """Each new clue; None if its name is none."""
    hots = [(KEYS[key], slice(at, at + length)) for at, length, key in scan.hots.tolist()]
    for at, length, scope, first, count, kind, status in scan.clues.tolist():
        try:
            name = spelling.name(scan.text, at, length)
        except ValueError:
            yield None
        else:
            hot = Hot(scan.text, spelling.value, hots[first : first + count])
            yield Clue(name, scope, kind, status, hot)


class Known:
    """What the numbers of one scanner stand for: places in `blobs`, `trace` and `verdict`."""

    def __init__(self, ask: Ask, spelling: Spelling) -> None:
        self._spelling = spelling
        self.texts, self.traces = Interned[str](), Interned[str]()
        self._ask = ask
        # By kind: what tells its clues apart in this scan, if not everything; what will; and what has to.
        self._asked: dict[int, frozenset[str]] = {}
        self._later: deque[tuple[int, Mapping[int, frozenset[str]]]] = deque()
        self._wanted: dict[int, frozenset[str]] = {}
        self._news: set[int] = set()
        self.blobs: list[bytes] = []
        self.odd_blobs: set[int] = set()
        self.verdicts = Verdicts(self.texts)
        self.verdict: NDArray[np.int64] = np.empty(0, np.int64)
        self.trace: Numbers = np.empty(0, np.int32)

    def add(self, scan: Scan, since: int) -> None:
        """Take what appears in a scan for the first time; what it asks is heeded from a block on."""
        while self._later and self._later[0][0] <= scan.asked:
            self._asked |= self._later.popleft()[1]
        self._add_blobs(scan)
        if len(scan.traces):
            traces = self.traces.numbers(value.tobytes().hex() for value in scan.traces)
            self.trace = np.concatenate([self.trace, traces])
        if len(scan.clues):
            verdicts = [self._decide(clue) if clue else UNREADABLE for clue in _clues(scan, self._spelling)]
            self.verdict = np.concatenate([self.verdict, np.array(verdicts, np.int64)])
        if self._news:
            self._tell(since)

    def _tell(self, since: int) -> None:
        news = {kind: self._wanted[kind] for kind in self._news}
        self._news.clear()
        number = self._ask({kind: [_NUMBERS[key] for key in keys] for kind, keys in news.items()}, since)
        self._later.append((number, news))

    def _add_blobs(self, scan: Scan) -> None:
        for at, length, kind in scan.blobs.tolist():
            around = self._spelling.resource if kind == _RESOURCE else self._spelling.scope
            blob = around(scan.text[at : at + length])
            if blob.odd:
                self.odd_blobs.add(len(self.blobs))
            self.blobs.append(blob.json)

    def _decide(self, clue: Clue) -> int:
        """The verdict's number; one that rests on more than tells such spans apart is good for none."""
        try:
            facts = self._facts(clue)
        except ValueError:
            return UNREADABLE
        wanted = self._wanted.get(clue.kind)
        if wanted is None or not clue.hot.asked <= wanted:
            self._wanted[clue.kind] = (wanted or frozenset()) | clue.hot.asked
            self._news.add(clue.kind)
        asked = self._asked.get(clue.kind)
        if asked is not None and not clue.hot.asked <= asked:
            return UNREADABLE
        # What a suite tells beside its columns, only lists of spans hand on.
        by_itself = facts.expected or facts.workers or facts.job is not NOTHING_TOLD
        return UNREADABLE if by_itself else self.verdicts.add(clue.name, facts)

    def _facts(self, clue: Clue) -> Facts:
        """Raises `ValueError` where other means have to read such spans."""
        if clue.hot.get("logfire.span_type") == "pending_span":
            raise ValueError("half a span")
        return classify(
            Clues(clue.name, scope_name(self.blobs[clue.scope]), _STATUSES[clue.status], clue.hot)
        )


class Counted(NamedTuple):
    """A scan, and what its numbers stand for."""

    scan: Scan
    known: Known


class Counter:
    """A scanner, and what it has numbered since it last forgot everything."""

    def __init__(self, scanner: Scanner, spelling: Spelling) -> None:
        self.scanner = scanner
        self.spelling = spelling
        self._life = -1
        self._known: Known

    def counted(self, scan: Scan | None, since: int = 0) -> Counted | None:
        """Take the next scan; each has to be taken, in the order in which they were made.

        What it asks is heeded from the block `since` on.
        Whoever got columns keeps the texts that these are of.
        """
        if not scan:
            return None
        if scan.life != self._life:
            self._known, self._life = Known(partial(self.scanner.ask, scan.life), self.spelling), scan.life
        self._known.add(scan, since)
        return Counted(scan, self._known)

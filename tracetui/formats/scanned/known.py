"""What a scanner's numbers stand for: traces, resources and scopes, and what the rules say of each clue."""

from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tracetui.formats.columns import HOME_SPAN, HOME_TRACE, scope_name
from tracetui.formats.scanned.alike import Alike, HotPlace, Row, Sort
from tracetui.formats.scanned.decisions import Decisions
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

_NUMBERS = {key: number for number, key in enumerate(KEYS)}
_STATUSES = tuple(StatusCode)
_RESOURCE = 0
_ID_DIGITS = 32
Numbers = NDArray[np.int32]
Ask: TypeAlias = Callable[[Mapping[int, Sequence[int]], int], int]
"""Hears, by kind, which keys matter, their places in `KEYS`, and from which block on.

Returns which call that was, counted from 1.
"""


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
        # By kind, and by what all clues of a sort have in common.
        self._sort_of: dict[int, Sort] = {}
        self._sorts: dict[tuple[int, ...], Sort] = {}
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
            digits = scan.traces.tobytes().hex()
            traces = (digits[at : at + _ID_DIGITS] for at in range(0, len(digits), _ID_DIGITS))
            self.trace = np.concatenate([self.trace, self.traces.numbers(traces)])
        if len(scan.clues):
            self.verdict = np.concatenate([self.verdict, np.array(self._verdicts(scan), np.int64)])
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

    def _verdicts(self, scan: Scan) -> list[int]:
        """For each new clue the verdict's number."""
        hots = scan.hots.tolist()
        verdicts = [UNREADABLE] * len(scan.clues)
        for sort, rows in self._sorted(scan, hots).items():
            spans = Alike(sort, rows, scan.text, hots, self._spelling)
            with suppress(ValueError):
                for place, decision in enumerate(sort.decisions.about(spans)):
                    row, facts = rows[place], decision.facts
                    if self._is_told_apart(row.kind, decision.rests_on) and facts:
                        title = spans.title(place, facts.title)
                        verdicts[row.number] = self.verdicts.add(row.name, title, facts)
        return verdicts

    def _sorted(self, scan: Scan, hots: Sequence[HotPlace]) -> Mapping[Sort, Sequence[Row]]:
        """The new clues of each sort; without those whose names are none."""
        rows: defaultdict[Sort, list[Row]] = defaultdict(list)
        for number, (at, length, scope, first, count, kind, status) in enumerate(scan.clues.tolist()):
            sort = self._sort_of.get(kind) or self._sort(kind, scope, status, hots[first : first + count])
            try:
                name = self._spelling.name(scan.text, at, length)
            except ValueError:
                continue
            rows[sort].append(Row(number, kind, name, first))
        return rows

    def _sort(self, kind: int, scope: int, status: int, hots: Sequence[HotPlace]) -> Sort:
        keys = [key for _, _, key in hots]
        sort = self._sorts.get((scope, status, *keys))
        if sort is None:
            places = {KEYS[key]: place for place, key in enumerate(keys)}
            sort = Sort(scope_name(self.blobs[scope]), _STATUSES[status], places, Decisions(_decide))
            self._sorts[scope, status, *keys] = sort
        return self._sort_of.setdefault(kind, sort)

    def _is_told_apart(self, kind: int, keys: frozenset[str]) -> bool:
        """Whether spans of a kind that differ in these have clues by themselves, as they will soon."""
        wanted = self._wanted.get(kind)
        if wanted is None or not keys <= wanted:
            self._wanted[kind] = (wanted or frozenset()) | keys
            self._news.add(kind)
        asked = self._asked.get(kind)
        return asked is None or keys <= asked


def _decide(clues: Clues) -> Facts | None:
    """None where other means read such spans: halves, and suites that tell more than fits in columns."""
    if clues.get("logfire.span_type") == "pending_span":
        return None
    facts = classify(clues)
    return None if facts.expected or facts.workers or facts.job is not NOTHING_TOLD else facts


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

    @property
    def is_new(self) -> bool:
        """Whether it has numbered nothing yet."""
        return self._life < 0

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

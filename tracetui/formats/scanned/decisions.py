"""Decisions that spans share which differ only in texts that no rule looked at: names of tests above all."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from tracetui.model.clues import NAME, Clues
from tracetui.model.columns import Facts


class Alike(Protocol):
    """Spans of one scope and one status that have the same attributes."""

    def clues(self, row: int) -> Clues:
        """Those of one span."""

    def texts(self, key: str) -> Sequence[str]:
        """What `Clues.text` says of each."""


class Title(str):
    """Stands for a title that a rule did not see: what `Clues.title` makes of `key` and `suite`."""

    __slots__ = ("key", "suite")
    key: str
    suite: str


class Watched(Clues):
    """Clues that note what is asked of them, and show no title."""

    looked: set[str]
    """The attributes whose values were looked at, or `NAME`."""
    tested: set[str]
    """Those of which it was asked whether they are empty."""

    @property
    def name(self) -> str:
        """The span's name."""
        self.looked.add(NAME)
        return self[0]

    def get(self, key: str) -> str:
        """The attribute's value, or an empty text."""
        self.looked.add(key)
        return super().get(key)

    def has(self, key: str) -> bool:
        """Whether the attribute's value is more than an empty text."""
        self.tested.add(key)
        return super().has(key)

    def title(self, key: str = NAME, suite: str = "") -> str:
        """What stands for the title, without a text."""
        title = Title()
        title.key, title.suite = key, suite
        return title


class Decision(NamedTuple):
    """Facts about spans, with a `Title` unless theirs is the same, and the attributes they rest on."""

    facts: Facts | None
    rests_on: frozenset[str]


class Decisions:
    """What `decide` says of spans that are alike, whatever is in its place where it says None.

    It is asked once for all that are equal in what it looked at so far.
    """

    def __init__(self, decide: Callable[[Clues], Facts | None]) -> None:
        self._decide = decide
        self._looked: frozenset[str] = frozenset()
        self._tested = frozenset({NAME})
        self._made: dict[tuple[str | bool, ...], Decision] = {}

    def about(self, spans: Alike) -> list[Decision]:
        """That on each of these spans."""
        decisions: list[Decision] = []
        seen = self._seen(spans)
        for row in range(len(seen)):
            made = self._made.get(seen[row])
            if made is None:
                made = self._anew(spans.clues(row))
                if not self._made:
                    seen = self._seen(spans)
                self._made[seen[row]] = made
            decisions.append(made)
        return decisions

    def _seen(self, spans: Alike) -> list[tuple[str | bool, ...]]:
        looked = (spans.texts(key) for key in self._looked)
        tested = (map(bool, spans.texts(key)) for key in self._tested)
        return [*zip(*looked, *tested, strict=True)]

    def _anew(self, clues: Clues) -> Decision:
        """Decide; if it rests on more than decisions so far did, these are forgotten."""
        watched = Watched(*clues)
        watched.looked, watched.tested = set(), set()
        facts = self._decide(watched)
        # What none of these spans has is alike in all.
        there = frozenset(clues.attributes)
        looked = self._looked | (watched.looked & (there | {NAME}))
        tested = self._tested | (watched.tested & there)
        if (looked, tested) != (self._looked, self._tested):
            self._looked, self._tested = looked, tested
            self._made.clear()
        asked = watched.looked | watched.tested
        if facts and isinstance(facts.title, Title):
            asked |= {facts.title.key, facts.title.suite}
        return Decision(facts, there & asked)

"""The texts of spans that a scan found, read for all that are alike at once."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

from msgspec import Struct

from tracetui.formats.scanned.decisions import Decisions, Title
from tracetui.formats.scanned.spelling import Spelling
from tracetui.model.clues import NAME, Clues, joined
from tracetui.model.role import StatusCode

HotPlace: TypeAlias = tuple[int, int, int]
"""Where an attribute's value is, how long it is, and the number of its key."""


class Sort(Struct, frozen=True, eq=False):
    """What clues of one sort have in common, the places of attributes among those of each, and decisions."""

    scope: str
    status: StatusCode
    places: Mapping[str, int]
    decisions: Decisions


class Row(NamedTuple):
    """A clue of a scan: its number there, its kind, its name, and where its attributes begin."""

    number: int
    kind: int
    name: str
    first_hot: int


class Alike:
    """Clues of one sort in a scanned text; `hots` are all attributes there.

    Reading them may raise `ValueError`.
    """

    def __init__(
        self, sort: Sort, rows: Sequence[Row], text: bytes, hots: Sequence[HotPlace], spelling: Spelling
    ) -> None:
        self._sort = sort
        self._rows = rows
        self._text = text
        self._hots = hots
        self._spelling = spelling
        self._texts: dict[str, list[str]] = {NAME: [row.name for row in rows]}
        self._titles: dict[tuple[str, str], Sequence[str]] = {}

    def clues(self, row: int) -> Clues:
        """Those of one."""
        name, first = self._rows[row].name, self._rows[row].first_hot
        attributes = {key: self._value(first + place) for key, place in self._sort.places.items()}
        return Clues(name, self._sort.scope, self._sort.status, attributes)

    def texts(self, key: str) -> Sequence[str]:
        """What `Clues.text` says of each."""
        texts = self._texts.get(key)
        if texts is None:
            place = self._sort.places.get(key)
            found = [""] * len(self._rows) if place is None else self._values(place)
            texts = self._texts[key] = found
        return texts

    def title(self, row: int, title: str) -> str:
        """A title that a rule gave, or what it stands for in this row."""
        return self._titles_of(title.key, title.suite)[row] if isinstance(title, Title) else title

    def _titles_of(self, key: str, suite: str) -> Sequence[str]:
        """What `Clues.title` says of each."""
        if not suite:
            return self.texts(key)
        titles = self._titles.get((key, suite))
        if titles is None:
            titles = self._titles[key, suite] = [*map(joined, self.texts(suite), self.texts(key))]
        return titles

    def _values(self, place: int) -> list[str]:
        text, hots, read = self._text, self._hots, self._spelling.value
        found = [hots[row.first_hot + place] for row in self._rows]
        return [read(text[at : at + length]) for at, length, _ in found]

    def _value(self, hot: int) -> str:
        at, length, _ = self._hots[hot]
        return self._spelling.value(self._text[at : at + length])

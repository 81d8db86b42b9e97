"""Shelves, parcels, couriers: what happens to a parcel between two roads."""

import re
import time
import zlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Parcel:
    number: int
    town: str
    grams: int

    def label(self) -> str:
        """The printed label, with a check digit at its end."""
        body = f"{self.number:06d}-{self.town[:3].upper()}-{self.grams}"
        return f"{body}-{zlib.crc32(body.encode()) % 97:02d}"


def label_is_valid(label: str) -> bool:
    body, _, check = label.rpartition("-")
    return check == f"{zlib.crc32(body.encode()) % 97:02d}"


@dataclass
class Depot:
    """Parcels by town; the scanner at the gate reads about ten a second."""

    scan_s: float = 0.09
    shelves: dict[str, list[Parcel]] = field(default_factory=lambda: defaultdict(list))

    def receive(self, parcel: Parcel) -> None:
        time.sleep(self.scan_s)
        self.shelves[parcel.town].append(parcel)

    def load(self, town: str, limit_grams: int) -> list[Parcel]:
        """What a van for `town` takes along: the lightest first, as long as the axle allows."""
        van: list[Parcel] = []
        for parcel in sorted(self.shelves[town], key=lambda parcel: parcel.grams):
            if sum(loaded.grams for loaded in van) + parcel.grams <= limit_grams:
                van.append(parcel)
        self.shelves[town] = [parcel for parcel in self.shelves[town] if parcel not in van]
        return van

    def weight(self, town: str) -> int:
        return sum(parcel.grams for parcel in self.shelves[town])


class NoteIndex:
    """Full-text search over the couriers' notes."""

    def __init__(self, notes: list[str]) -> None:
        self.notes = notes
        self._words: dict[str, Counter[int]] = defaultdict(Counter)
        for number, note in enumerate(notes):
            for word in re.findall(r"\w+", note.lower()):
                self._words[word][number] += 1

    def search(self, query: str) -> list[int]:
        """Numbers of the notes that have every word, the most relevant first."""
        found = [self._words.get(word, Counter()) for word in query.lower().split()]
        common = set.intersection(*(set(hits) for hits in found)) if found else set()
        return sorted(common, key=lambda number: (-sum(hits[number] for hits in found), number))

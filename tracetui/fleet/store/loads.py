"""What is loaded into stores, and what a store knows of what it was loaded with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    import datetime as dt

    import pyarrow as pa


class Stamp(NamedTuple):
    """What tells a file from what it was."""

    size: int
    modified_ns: int


class Unit(NamedTuple):
    """One load unit: the spans that were read of it, and a digest of its facts."""

    spans: int
    digest: str


@dataclass(frozen=True)
class Ledger:
    """What has been loaded: units by key, and by path how each file was when it was read."""

    units: Mapping[str, Unit] = field(default_factory=dict)
    files: Mapping[str, frozenset[Stamp]] = field(default_factory=dict)

    def news(self, units: Mapping[str, Unit]) -> set[str]:
        """Which of `units` say anything new: not the same, nor less (an older copy of a file that grew)."""
        return {
            key
            for key, unit in units.items()
            if (known := self.units.get(key)) is None or (known != unit and unit.spans >= known.spans)
        }

    def knows(self, path: str, stamp: Stamp) -> bool:
        """Whether a file was read as it is."""
        return stamp in self.files.get(path, frozenset())


@dataclass(frozen=True, eq=False)
class Load:
    """All rows of some units: they take the place of those that the store has of them.

    `facts` and `spans` (None: none were asked for) have the columns of the schema; `files` are what was read.
    """

    facts: "pa.Table"
    spans: "pa.Table | None"
    units: Mapping[str, Unit]
    files: Mapping[str, Stamp]


class Sink(Protocol):
    """A store that is open to be loaded. Any number of processes may load one at the same time."""

    def owns(self, path: str) -> bool:
        """Whether a file is a part of the store: that is no recording."""

    def create(self) -> None:
        """Makes whatever `open_sink` has not made, for facts of spans that others load."""

    def ledger(self) -> Ledger:
        """What it has."""

    def put(self, load: Load) -> int:
        """Takes a load, whole or not at all; returns how many of its facts were new."""

    def compact(self) -> tuple[int, int]:
        """Makes few large files of many small ones; returns how many there were, and how many there are."""

    def prune(self, before: "dt.date") -> int:
        """Drops the facts and spans of the days before a date; returns how many facts that were."""

    def close(self) -> None:
        """Lets go of the store."""

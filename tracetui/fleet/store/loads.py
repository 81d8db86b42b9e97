"""Loads of stores, and what a store knows about its earlier loads."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, Protocol

from msgspec import Struct, field

if TYPE_CHECKING:
    import datetime as dt

    import pyarrow as pa


class Stamp(NamedTuple):
    """The state of a file, which shows whether it has changed."""

    size: int
    modified_ns: int


class Unit(NamedTuple):
    """One load unit: its spans, and a digest of its facts."""

    spans: int
    digest: str


class Ledger(Struct, frozen=True):
    """What has been loaded: units by key, and by path the state of each file when it was read."""

    units: Mapping[str, Unit] = field(default_factory=dict)
    files: Mapping[str, frozenset[Stamp]] = field(default_factory=dict)

    def news(self, units: Mapping[str, Unit]) -> set[str]:
        """Those of `units` that are new: neither the same nor less (an older copy of a file that grew)."""
        return {
            key
            for key, unit in units.items()
            if (known := self.units.get(key)) is None or (known != unit and unit.spans >= known.spans)
        }

    def knows(self, path: str, stamp: Stamp) -> bool:
        """Whether a file was read in its present state."""
        return stamp in self.files.get(path, frozenset())


class Load(Struct, frozen=True, eq=False):
    """All rows of some units: they replace the rows that the store has of them.

    `facts` and `spans` (None: not requested) have the columns of the schema; `files` are those that were
    read.
    """

    facts: "pa.Table"
    spans: "pa.Table | None"
    units: Mapping[str, Unit]
    files: Mapping[str, Stamp]


class Sink(Protocol):
    """A store that is open for loading. Any number of processes may load one at the same time."""

    def owns(self, path: str) -> bool:
        """Whether a file is part of the store, and so not a recording."""

    def create(self) -> None:
        """Make what `open_sink` has not made, for facts of spans that others load."""

    def ledger(self) -> Ledger:
        """What was loaded."""

    def put(self, load: Load) -> int:
        """Store a load, all of it or nothing; returns the number of new facts."""

    def compact(self) -> tuple[int, int]:
        """Join many small files into few large ones; returns the numbers of files before and after."""

    def prune(self, before: "dt.date") -> int:
        """Drop the facts and spans of the days before a date; returns the number of facts."""

    def close(self) -> None:
        """Close the store."""

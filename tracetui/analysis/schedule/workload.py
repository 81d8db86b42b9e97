"""What a recorded run had to do, test by test, apart from when and where it did it."""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Struct

UNKNOWN = -1
SCOPES = ("class", "module", "package", "session")
"""Scopes of fixtures that outlive a test, from narrow to wide."""


class Fixture(NamedTuple):
    """A fixture that outlives tests, as one class, file, folder (`unit`) or the session needs it.

    Each worker that runs such a test sets it up once and tears it down after the last; both in ns, medians
    over workers, of which a share is `computing`. `name` and `unit` are foreign texts.
    """

    name: str
    scope: str
    unit: str
    setup_ns: int
    teardown_ns: int
    computing: float = 0.0


class Item(NamedTuple):
    """A test to run. `own_ns` is its time without all that follows; `computing_ns` the processor time in
    that, `UNKNOWN` if not recorded.

    `file`, `scope` and `group` are its units under xdist's `loadfile`, `loadscope` and `loadgroup`; they and
    `name` are foreign texts. `hooks` are the durations of project hooks around it, by name; `archiving_ns`
    the archiver's; `fixtures` indexes `Workload.fixtures`. `of_functions` are the durations of fixtures that
    are set up for it alone, by name: a part of `own_ns`. So is `queued_ns`, in which it waited for a
    processor.
    """

    name: str
    file: str
    scope: str
    group: str
    own_ns: int
    computing_ns: int = UNKNOWN
    hooks: tuple[tuple[str, int], ...] = ()
    archiving_ns: int = 0
    fixtures: tuple[int, ...] = ()
    of_functions: tuple[tuple[str, int], ...] = ()
    queued_ns: int = 0

    @property
    def took_ns(self) -> int:
        """Its duration without fixtures that outlive it."""
        return self.own_ns + self.archiving_ns + sum(ns for _, ns in self.hooks)

    def shortened(self, own_ns: int) -> "Item":
        """The same with less own time: it computes, and waits for a processor, as long as fits in."""
        computing = min(self.computing_ns, own_ns)
        queued = min(self.queued_ns, own_ns - max(0, computing))
        return self._replace(own_ns=own_ns, computing_ns=computing, queued_ns=queued)

    @property
    def folder(self) -> str:
        """The folder of its file."""
        return self.file.rpartition("/")[0]


class Workload(Struct, frozen=True, eq=False):
    """A run's tests, in order of collection if that `is_ordered`, else in the likeliest order.

    `recorded_ns` is from the start of the first test to the end of the last; it ran on `workers` workers as
    `dist` hands tests out, on a machine of `cores` cores (0 if not recorded). `gaps_ns` are the pauses
    between two tests of a worker that already had its next test, `skews_ns` how long after the first worker
    the others started their first test. `doubts` say why the workload may be wrong.

    `others` is how many processes, always computing, would have kept its tests waiting for processors as long
    as other work on the machine did; 0 if they hardly waited, or if that was not recorded. `pressure` is the
    share of the run in which anything on the machine waited for one.
    """

    items: tuple[Item, ...]
    fixtures: tuple[Fixture, ...]
    gaps_ns: Sequence[int]
    skews_ns: Sequence[int]
    recorded_ns: int
    workers: int
    dist: str
    cores: int = 0
    is_ordered: bool = True
    doubts: tuple[str, ...] = ()
    chunk: int | None = None
    others: float = 0.0
    pressure: float = 0.0

    @property
    def knows_computing(self) -> bool:
        """Whether the processor time of every test is known."""
        return all(item.computing_ns >= 0 for item in self.items)

    @property
    def computing_share(self) -> float:
        """The share of its tests' time that they would compute if no processor was short, as far as known."""
        took = sum(item.took_ns - item.queued_ns for item in self.items)
        return sum(max(0, item.computing_ns) for item in self.items) / took if took else 0.0

    @property
    def queued_share(self) -> float:
        """The share of its tests' time that they waited for a processor, as far as known."""
        took = sum(item.took_ns for item in self.items)
        return sum(item.queued_ns for item in self.items) / took if took else 0.0


def unit_of(item: Item, scope: str) -> str:
    """The unit that a fixture of a scope is set up for if a test needs it: a class, file or folder, or
    nothing.
    """
    if scope == "class":
        return item.scope
    if scope == "module":
        return item.file
    return item.folder if scope == "package" else ""

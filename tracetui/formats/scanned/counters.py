"""The scanners that sources share: what the spans of one taught is known for those of the next."""

from collections.abc import Sequence
from ctypes import CDLL

from tracetui import kernel
from tracetui.formats.scanned.known import KEYS, OTHER_KEYS, Counter
from tracetui.formats.scanned.spelling import Spelling
from tracetui.kernel.scan import Scanner

MOST_SCANNERS = 4
"""More would wait for the one that takes their spans."""
MOST_KEPT = 100_000
"""Of more traces, or decisions about spans, everything is forgotten: what comes next is learned again."""
MOST_KEPT_LIVE = 10_000
"""Of what comes bit by bit, for hours: to learn it again costs less than the memory."""


def scanners(jobs: int) -> int:
    """How many of so many threads scan: one reads, and one takes what they found."""
    return min(max(jobs - 2, 1), MOST_SCANNERS)


def most_ahead(jobs: int) -> int:
    """So many blocks may be read, and scanned, before they are fed: one for each scanner, one to come and one
    to go.

    What rules ask of the spans of one block is heeded only in those that none of these are: how far another
    thread is must not matter. The first block of a source is scanned before any other of it.
    """
    return scanners(jobs) + 2


class Counters:
    """A counter for each spelling, for all sources that one thread reads, and `jobs` threads together.

    `block` is the number of the one that is fed: it grows with those of all sources.
    """

    def __init__(self, library: CDLL, jobs: int = 1) -> None:
        self._library = library
        self._most_kept = MOST_KEPT
        self._here: dict[Spelling, Counter] = {}
        self._elsewhere: dict[Spelling, Sequence[Counter]] = {}
        self._scanners = scanners(jobs)
        self.most_ahead = most_ahead(jobs)
        self.block = 0

    def begin_source(self) -> None:
        """What was asked because of earlier sources is heeded in all of one that begins."""
        self.block += self.most_ahead + 1

    def has(self, spelling: Spelling) -> bool:
        """Whether anything may be known already."""
        return spelling in self._here

    def here(self, spelling: Spelling) -> Counter:
        """The counter for this thread."""
        if spelling not in self._here:
            self._here[spelling] = self._new(spelling)
        return self._here[spelling]

    def _new(self, spelling: Spelling) -> Counter:
        return Counter(Scanner(self._library, KEYS, OTHER_KEYS, self._most_kept), spelling)

    def forget(self) -> None:
        """Forget everything: what comes next is learned again, and is little."""
        self._here.clear()
        self._elsewhere.clear()
        self._most_kept = MOST_KEPT_LIVE

    def lend(self, spelling: Spelling) -> Sequence[Counter]:
        """The counter, and those beside it, for scans in other threads.

        Until they come back there is another one here.
        """
        first = self.here(spelling)
        del self._here[spelling]
        others = self._elsewhere.pop(spelling, ())
        return first, *(others or (self._new(spelling) for _ in range(self._scanners - 1)))

    def take_back(self, counters: Sequence[Counter]) -> None:
        """Go on with those that were lent, all scans of which were counted."""
        first, *others = counters
        self._here[first.spelling], self._elsewhere[first.spelling] = first, others


def native_counters(jobs: int = 1) -> Counters | None:
    """None if there is no kernel."""
    library = kernel.library()
    return Counters(library, jobs) if library else None

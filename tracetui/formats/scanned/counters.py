"""The scanners that sources share: what the spans of one taught is known for those of the next."""

from ctypes import CDLL

from tracetui import kernel
from tracetui.formats.scanned.known import KEYS, MOST_AHEAD, OTHER_KEYS, Counter
from tracetui.formats.scanned.spelling import Spelling
from tracetui.kernel.scan import Scanner

MOST_KEPT = 100_000
"""Of more traces, or decisions about spans, everything is forgotten: what comes next is learned again."""
MOST_KEPT_LIVE = 10_000
"""Of what comes bit by bit, for hours: to learn it again costs less than the memory."""


class Counters:
    """A counter for each spelling, for all sources that one thread reads.

    `block` is the number of the one that is fed: it grows with those of all sources.
    """

    def __init__(self, library: CDLL) -> None:
        self._library = library
        self._most_kept = MOST_KEPT
        self._here: dict[Spelling, Counter] = {}
        self.block = 0

    def begin_source(self) -> None:
        """What was asked because of earlier sources is heeded in all of one that begins."""
        self.block += MOST_AHEAD + 1

    def has(self, spelling: Spelling) -> bool:
        """Whether anything may be known already."""
        return spelling in self._here

    def here(self, spelling: Spelling) -> Counter:
        """The counter for this thread."""
        if spelling not in self._here:
            scanner = Scanner(self._library, KEYS, OTHER_KEYS, self._most_kept)
            self._here[spelling] = Counter(scanner, spelling)
        return self._here[spelling]

    def forget(self) -> None:
        """Forget everything: what comes next is learned again, and is little."""
        self._here.clear()
        self._most_kept = MOST_KEPT_LIVE

    def lend(self, spelling: Spelling) -> Counter:
        """The counter, for scans in another thread: until it comes back there is another one here."""
        counter = self.here(spelling)
        del self._here[spelling]
        return counter

    def take_back(self, counter: Counter) -> None:
        """Go on with one that was lent, all scans of which were counted."""
        self._here[counter.spelling] = counter


def native_counters() -> Counters | None:
    """None if there is no kernel."""
    library = kernel.library()
    return Counters(library) if library else None

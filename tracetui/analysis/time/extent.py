"""When the spans of a recording are, and whether that shows at a glance that no clock was wrong.

What is not clear at a glance is judged in `analysis.clocks`.
"""

from collections.abc import Iterable

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui import units
from tracetui.analysis.tree.tree import Tree
from tracetui.model.resource_facts import ResourceFacts
from tracetui.store.snapshot import Snapshot

Nanoseconds = NDArray[np.int64]

DAY_NS = units.DAY
LONGEST_NS = 100 * DAY_NS
"""No span of a test run takes longer."""

FIRST_NS = 946_684_800_000_000_000
"""The year 2000: spans are younger."""

ROUNDED_NS = units.MS
"""Writers read the clock a moment apart, and round: an end so much before its start is no wrong one."""


class Extent(Struct, frozen=True):
    """The earliest and the latest start of some spans, and their latest end (0 for none), in ns."""

    first: int
    last: int
    end: int

    def more(self, other: "Extent") -> "Extent":
        """The extent of these spans and others."""
        return Extent(min(self.first, other.first), max(self.last, other.last), max(self.end, other.end))

    def is_likely(self, now_ns: int) -> bool:
        """Whether all of it is in this century, and before the day after tomorrow."""
        latest = now_ns + DAY_NS
        return self.first >= FIRST_NS and self.last <= latest and self.end <= max(latest, self.last + DAY_NS)

    @property
    def is_long(self) -> bool:
        """Whether it is so long that some spans may have strayed."""
        return self.last - self.first > DAY_NS


NONE = Extent(units.MAX_NS, 0, 0)


def extent(start: Nanoseconds, end: Nanoseconds) -> Extent:
    """The extent of spans with these times."""
    if not len(start):
        return NONE
    return Extent(int(start.min()), int(start.max()), int(end.max()))


def is_plain(snapshot: Snapshot, tree: Tree, now_ns: int) -> bool:
    """Whether nothing is doubtful: no impossible time, no document without an epoch."""
    start, end = snapshot.start_ns, snapshot.end_ns
    whole = extent(start, end)
    if not whole.is_likely(now_ns) or is_odd(start, end) or has_relative(snapshot.resources):
        return False
    return not (whole.is_long and is_any_long(start, tree))


def is_odd(start: Nanoseconds, end: Nanoseconds) -> bool:
    """Whether some span ends before it began, or takes longer than any could."""
    took = end - start
    backwards = np.flatnonzero(took < -ROUNDED_NS)
    return bool(end.take(backwards).any() or (took > LONGEST_NS).any())


def has_relative(resources: Iterable[ResourceFacts]) -> bool:
    """Whether some resource says that its times have no epoch, or are none."""
    return any(facts.clock for facts in resources)


def is_any_long(start: Nanoseconds, tree: Tree) -> bool:
    """Whether more than a day is between the starts of the spans of some tree."""
    begins, ordered = tree.position[tree.roots], start[tree.order]
    spread = np.maximum.reduceat(ordered, begins) - np.minimum.reduceat(ordered, begins)
    return bool((spread > DAY_NS).any())

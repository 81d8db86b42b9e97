"""Times that look as if they were written in another unit: a hint for the user, no correction.

Times are ns since the epoch. A writer that fills in microseconds, milliseconds or seconds writes spans of
January 1970, which in that unit would be in this century. Documents whose clock is relative are left out.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.store.snapshot import Snapshot

FIRST_NS, LAST_NS = 946_684_800_000_000_000, 4_102_444_800_000_000_000
"""The years 2000 to 2100."""

_UNITS = (("microseconds", 1_000), ("milliseconds", 1_000_000), ("seconds", 1_000_000_000))


class WrongUnit(NamedTuple):
    """Spans whose start would be in this century if it were in a `unit`, of `ns` nanoseconds."""

    unit: str
    ns: int
    rows: NDArray[np.intp]


def wrong_units(written: Snapshot) -> Iterator[WrongUnit]:
    """The units that occur, with their spans; `written` has the times as they are in the files. O(n)."""
    early = np.flatnonzero(written.start_ns < FIRST_NS)
    rows = early[~_is_relative(written)[written.origin_id[early]]] if len(early) else early
    start = written.start_ns[rows]
    for unit, ns in _UNITS:
        suspicious = rows[(start >= FIRST_NS // ns) & (start < LAST_NS // ns)]
        if len(suspicious):
            yield WrongUnit(unit, ns, suspicious)


def _is_relative(snapshot: Snapshot) -> NDArray[np.bool_]:
    """By origin, whether its times are not since the epoch."""
    return np.array([resource.clock == "relative" for resource in snapshot.resources], np.bool_)

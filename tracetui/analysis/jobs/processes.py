"""Which process wrote a span: as its resource says, else by the file.

A runner that says nothing of its process (resmoke) writes files whose names differ only in a number at the
end: they are one process.
"""

from collections.abc import Hashable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tracetui.store.snapshot import Snapshot

Numbers = NDArray[np.int32]


class Processes:
    """The processes of one table, whose origins are only ever appended: each is looked at once."""

    def __init__(self) -> None:
        self._known: dict[Hashable, int] = {}
        self._numbers = np.empty(0, np.int32)

    def of(self, snapshot: Snapshot) -> Numbers:
        """By origin (see `Snapshot.origin_id`), the number of its process."""
        first = len(self._numbers)
        new = zip(snapshot.origins[first:], snapshot.resources[first:], strict=False)
        numbers = [
            self._known.setdefault(
                facts.process
                if any(facts.process)
                else (origin.resource, family(snapshot.sources[origin.source])),
                len(self._known),
            )
            for origin, facts in new
        ]
        if numbers:
            self._numbers = np.concatenate((self._numbers, np.array(numbers, np.int32)))
        return self._numbers


def processes(snapshot: Snapshot) -> Numbers:
    """By origin (see `Snapshot.origin_id`), the number of its process: O(origins)."""
    return Processes().of(snapshot)


@lru_cache(maxsize=1 << 16)
def family(label: str) -> str:
    """A file's label without the number at the end of its name's stem."""
    directory, slash, name = label.rpartition("/")
    stem, dot, rest = name.partition(".")
    return directory + slash + stem.rstrip("0123456789") + dot + rest

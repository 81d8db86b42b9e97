"""Which process wrote a span: as its resource tells, else by the file.

A runner that tells nothing of its process (resmoke) writes files that differ only in a number at the end of
their names: they are one process.
"""

from collections.abc import Hashable

import numpy as np
from numpy.typing import NDArray

from tracetui.store.snapshot import Snapshot

Numbers = NDArray[np.int32]


def processes(snapshot: Snapshot) -> Numbers:
    """By origin (see `Snapshot.origin_id`), the number of its process: O(origins)."""
    numbers: dict[Hashable, int] = {}
    families = [family(label) for label in snapshot.sources]
    found = [
        numbers.setdefault(
            told.process if any(told.process) else (origin.resource, families[origin.source]), len(numbers)
        )
        for origin, told in zip(snapshot.origins, snapshot.resources, strict=False)
    ]
    return np.array(found, np.int32)


def family(label: str) -> str:
    """A file's label without the number at the end of its name's stem."""
    directory, slash, name = label.rpartition("/")
    stem, dot, rest = name.partition(".")
    return directory + slash + stem.rstrip("0123456789") + dot + rest

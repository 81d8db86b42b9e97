"""What the titles of all tests have in common, revision after revision."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.ranking.names import Names
from tracetui.model.role import Role
from tracetui.store.snapshot import Snapshot
from tracetui.text import Shared


class Titles:
    """Remembers the titles of the last revision, so that only new ones are looked at."""

    def __init__(self) -> None:
        self._names = Names([])
        self._texts: Sequence[str] = ()
        self._used: NDArray[np.bool_] = np.empty(0, np.bool_)

    def shared(self, snapshot: Snapshot) -> Shared:
        """What the titles of a snapshot have in common: O(spans) in numpy, and O(new titles)."""
        used = np.zeros(len(snapshot.texts), np.bool_)
        used[snapshot.title_id[snapshot.role == Role.TEST]] = True
        known = len(self._used)
        if self._texts is not snapshot.texts or (self._used & ~used[:known]).any():  # Some have left.
            self._names, self._texts, known = Names([]), snapshot.texts, 0
        new = used.copy()
        new[:known] &= ~self._used[:known]
        if new.any():
            self._names = self._names.longer(snapshot.texts[place] for place in np.flatnonzero(new).tolist())
        self._used = used
        return self._names.shared

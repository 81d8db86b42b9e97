"""Spans of several sources in one batch: a span's source follows from its offset in the joined text."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.store.joining.identity import Record


class Bundle(NamedTuple):
    """Sources by number, where the bytes of each begin, ascending, in the text that was decoded, and where in
    the source itself.
    """

    sources: NDArray[np.int32]
    begins: NDArray[np.int64]
    offsets: NDArray[np.int64]

    def of(self, offset: NDArray[np.int64]) -> NDArray[np.int32]:
        """The source at each offset."""
        return self.sources[self._places(offset)]

    def placed(self, rows: Record) -> Record:
        """The same rows at the offsets of their own sources."""
        moved = (self.offsets - self.begins)[self._places(rows["offset"])]
        return {**rows, "offset": rows["offset"] + moved}

    def newest(self, rows: Record) -> dict[int, int]:
        """By source, the latest start or end of its rows, which are not yet placed."""
        times = np.zeros(len(self.begins), np.int64)
        np.maximum.at(times, self._places(rows["offset"]), np.maximum(rows["start_ns"], rows["end_ns"]))
        return {
            source: newest
            for source, newest in zip(self.sources.tolist(), times.tolist(), strict=True)
            if newest
        }

    def counts(self, rows: Record) -> dict[int, int]:
        """For each source, how many of the rows it has, which are not yet placed."""
        numbers = np.bincount(self._places(rows["offset"]), minlength=len(self.sources))
        return dict(zip(self.sources.tolist(), numbers.tolist(), strict=True))

    def _places(self, offset: NDArray[np.int64]) -> NDArray[np.intp]:
        return np.searchsorted(self.begins, offset, "right") - 1

"""Small blocks of many sources in one batch: with a few spans each, most of the cost is numpy's calls."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.model.batch import SpanBatch, together
from tracetui.store.joining.identity import Record


class Blocks(NamedTuple):
    """Sources by number, one entry per block, and how many spans each block has (at least one)."""

    sources: NDArray[np.int32]
    counts: NDArray[np.intp]

    @classmethod
    def of(cls, blocks: Sequence[tuple[int, SpanBatch]]) -> "tuple[Blocks, SpanBatch]":
        """Blocks by source, all of whose spans are in their lists; and those spans together."""
        sources, batches = zip(*blocks, strict=True)
        return cls(np.array(sources, np.int32), np.array(list(map(len, batches)))), together(batches)

    def by_row(self) -> NDArray[np.int32]:
        """The source of each span."""
        return np.repeat(self.sources, self.counts)

    def newest(self, rows: Record) -> dict[int, int]:
        """By source, the latest start or end of its rows."""
        begins = np.cumsum(self.counts) - self.counts
        times = np.maximum.reduceat(np.maximum(rows["start_ns"], rows["end_ns"]), begins)
        by_source: dict[int, int] = {}
        for source, time_ns in zip(self.sources.tolist(), times.tolist(), strict=True):
            by_source[source] = max(time_ns, by_source.get(source, 0))
        return by_source

"""Evicts a run from a store."""

import numpy as np

from tracetui.store.health import Trouble
from tracetui.store.table import SpanTable


def evict(kept: SpanTable, trace_id: str) -> None:
    snapshot = kept.snapshot()
    gone = np.array([snapshot.trace_id(row) == trace_id for row in range(len(snapshot))], np.bool_)
    kept.evict(gone, [Trouble("a run", 0, "left")] if gone.any() else [])

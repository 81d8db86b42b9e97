"""Scans every span's bytes in steps of bounded time; again only for rows that are new or changed."""

import time
from abc import ABC, abstractmethod
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tracetui.scan.chunks import Chunk, ReadAt, chunks
from tracetui.store.snapshot import Snapshot

BUDGET_S = 0.015


class Scan(ABC):
    """Belongs to one thread; `done_bytes` of `total_bytes` were scanned since the last `update`."""

    def __init__(self, read_at: ReadAt) -> None:
        self._read_at = read_at
        self._source = np.empty(0, np.int32)
        self._offset = np.empty(0, np.int64)
        self._snapshot: Snapshot | None = None
        self._waiting: Iterator[Chunk] = iter(())
        self.done_bytes = 0
        self.total_bytes = 0

    def update(self, snapshot: Snapshot) -> None:
        """Set a newer revision: only its differences from the last one remain to be scanned."""
        known = min(len(self._source), len(snapshot))
        stale = np.ones(len(snapshot), np.bool_)
        stale[:known] = (self._source[:known] != snapshot.source_id[:known]) | (
            self._offset[:known] != snapshot.offset[:known]
        )
        rows = np.flatnonzero(stale)
        self._snapshot = snapshot
        self._grow(len(snapshot))
        self.done_bytes, self.total_bytes = 0, int(snapshot.length[rows].sum())
        self._waiting = chunks(snapshot, rows)

    def step(self, budget_s: float = BUDGET_S) -> bool:
        """Scan for about `budget_s` seconds; False if nothing is left."""
        until = time.perf_counter() + budget_s
        for chunk in self._waiting:
            self._take(chunk)
            if time.perf_counter() >= until:
                return True
        return False

    @abstractmethod
    def _look(self, chunk: Chunk, data: bytes) -> None:
        """Scan the spans of a chunk."""

    @abstractmethod
    def _resize(self, rows: int) -> None:
        """Make room for `rows` rows."""

    def _take(self, chunk: Chunk) -> None:
        self._look(chunk, chunk.read(self._read_at))
        self._source[chunk.rows] = chunk.source
        self._offset[chunk.rows] = chunk.begins + chunk.offset
        self.done_bytes += int((chunk.ends - chunk.begins).sum())

    def _grow(self, rows: int) -> None:
        self._source = _grown(self._source, rows)
        self._offset = _grown(self._offset, rows)
        self._resize(rows)

    def raw(self, chunk: Chunk, data: bytes, place: int) -> bytes:
        """The bytes of one span of a chunk."""
        return data[int(chunk.begins[place]) : int(chunk.ends[place])]


def _grown(old: NDArray[np.signedinteger], rows: int) -> NDArray[np.signedinteger]:
    new = np.full(rows, -1, old.dtype)
    new[: len(old)] = old[:rows]
    return new

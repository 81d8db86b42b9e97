"""Makes the cost of many small files that of their bytes: complete files of one kind are decoded as one text.

The shapes of spans are learned once for all of them. If a text contains anything unusual, each of its files
is decoded by itself.
"""

from collections.abc import Collection
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from tracetui.formats.otlp.otlp_json import OtlpJson
from tracetui.formats.scanned.counters import Counters
from tracetui.ingest.reader import Reader
from tracetui.model.batch import SpanBatch
from tracetui.store.joining.bundle import Bundle

ENOUGH_BYTES = 4 * 1024 * 1024
_LOGS = b'{"resourceLogs"'


class Together(NamedTuple):
    """What was decoded of several sources, its bytes, and the sources that were known before."""

    bundle: Bundle
    batch: SpanBatch
    size: int
    grown: Collection[int]


class Bundler:
    """Collects readers of `whole` lines until they are decoded together: only up to a part of `memory`, as
    room is made only between two texts.
    """

    def __init__(self, memory: int, counters: Counters | None) -> None:
        self._enough = min(ENOUGH_BYTES, memory // 4)
        self._counters = counters
        self._decoder = OtlpJson(counters=self._counters)
        self._position = 0
        self._readers: list[Reader] = []
        self._bytes = 0
        self._was_unusual = False

    @property
    def waits(self) -> bool:
        """Whether anything was added since the last decoding."""
        return bool(self._readers)

    @property
    def full(self) -> bool:
        """Whether it is time to decode."""
        return self._bytes >= self._enough

    def add(self, reader: Reader) -> None:
        """Add a reader that has whole lines."""
        self._readers.append(reader)
        self._bytes += len(reader.whole)

    def take(self) -> Together | list[Reader]:
        """What was added since the last call, decoded; or readers that decode for themselves."""
        readers, self._readers, self._bytes = self._readers, [], 0
        if len(readers) < 2 or (self._was_unusual and any(_LOGS in reader.whole for reader in readers)):
            return readers  # Few recordings have logs among spans: it is not looked for before it was met.
        sizes = [len(reader.whole) for reader in readers]
        begins = np.fromiter(accumulate(sizes[:-1], initial=self._position), np.int64, len(sizes))
        self._position += sum(sizes)
        self._decoder.feed(b"".join(reader.whole for reader in readers))
        batch = self._decoder.take()
        if self._decoder.pending or _is_unusual(batch):
            self._decoder, self._position = OtlpJson(counters=self._counters), 0
            self._was_unusual = True
            return readers
        numbers = np.array([reader.number for reader in readers], np.int32)
        offsets = np.array([reader.whole_at for reader in readers], np.int64)
        for reader in readers:
            reader.was_decoded()
        grown = {reader.number for reader in readers if reader.caught_up}
        return Together(Bundle(numbers, begins, offsets), batch, sum(sizes), grown)


def _is_unusual(batch: SpanBatch) -> bool:
    return bool(
        batch.rejected or batch.torn or batch.noted or batch.heartbeats or batch.log_records or batch.logs
    )

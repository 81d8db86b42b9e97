"""Where the log records of each span are, so that they can be read when someone looks at the span."""

from collections.abc import Container, Iterable
from typing import NamedTuple

from tracetui.model.batch import LogRecord

MOST = 1_000_000
"""More log records are not remembered, so that memory stays bounded; they are counted in `left_out`."""


class Place(NamedTuple):
    """The place of a log record: the number of its source, and its bytes there; the rest is as in
    `LogRecord`.
    """

    source: int
    offset: int
    length: int
    time_ns: int = 0
    linked: str = ""


class LogIndex:
    """The log records of every span; `add` belongs to one thread, `of` may be called from any."""

    def __init__(self) -> None:
        self.left_out = 0
        self._size = 0
        self._places: dict[tuple[str, str], list[Place]] = {}

    def add(self, source: int, records: Iterable[LogRecord]) -> None:
        """Remember the records in a batch of a source."""
        for record in records:
            if self._size >= MOST:
                self.left_out += 1
                continue
            self._size += 1
            places = self._places.setdefault((record.trace_id, record.span_id), [])
            places.append(Place(source, record.offset, record.length, record.time_ns, record.linked))

    def forget(self, traces: Container[str]) -> None:
        """Forget the records of these traces."""
        kept = {key: places for key, places in self._places.items() if key[0] not in traces}
        self._places, self._size = kept, sum(map(len, kept.values()))

    def take_back(self, source: int, offset: int) -> int:
        """Forget the records of a source at or after `offset`, which may be read again; returns how many
        there were.
        """
        before = self._size
        for key, places in list(self._places.items()):
            kept = [place for place in places if place.source != source or place.offset < offset]
            if len(kept) < len(places):
                self._places[key] = kept
                self._size -= len(places) - len(kept)
        return before - self._size

    @property
    def places(self) -> list[tuple[str, str, list[Place]]]:
        """All of them: trace id, span id, and the records."""
        return [(*key, places) for key, places in self._places.items()]

    def restore(self, places: Iterable[tuple[str, str, list[Place]]]) -> None:
        """Take over these `places`."""
        self._places = {(trace_id, span_id): known for trace_id, span_id, known in places}
        self._size = sum(map(len, self._places.values()))

    def of(self, trace_id: str, span_id: str) -> tuple[Place, ...]:
        """The records of a span, in order of arrival."""
        return tuple(self._places.get((trace_id, span_id), ()))

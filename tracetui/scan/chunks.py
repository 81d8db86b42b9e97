"""The bytes of many spans, in the order of their sources, a few megabytes at a time."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.errors import InputError
from tracetui.store.snapshot import Snapshot

MOST_BYTES = 1 << 20
"""Read at once, but for a span that is longer: a millisecond or two of searching."""

ReadAt = Callable[[int, int, int], bytes]
"""The bytes of a source (its number), from an offset on, so many; raises `InputError` where they are gone."""


class Chunk(NamedTuple):
    """Consecutive spans of one source: their rows, and where each begins and ends, from `offset` on."""

    source: int
    offset: int
    length: int
    rows: NDArray[np.intp]
    begins: NDArray[np.int64]
    ends: NDArray[np.int64]

    def read(self, read_at: ReadAt) -> bytes:
        """The bytes; empty if they are gone."""
        try:
            return read_at(self.source, self.offset, self.length)
        except InputError:
            return b""

    def places(self, data: bytes, needles: Sequence[bytes]) -> list[int]:
        """The spans that contain one of `needles`, as indices into `rows`, each once, ascending.

        A plain search from span to span: many times as fast as one pattern of several texts.
        """
        begins, ends = self.begins.tolist(), self.ends.tolist()
        places: set[int] = set()
        for needle in needles:
            at = data.find(needle)
            while at >= 0:
                place = bisect_right(begins, at) - 1
                inside = place >= 0 and at < ends[place]
                if inside:
                    places.add(place)
                at = data.find(needle, ends[place] if inside else at + 1)
        return sorted(places)


def chunks(snapshot: Snapshot, rows: NDArray[np.intp]) -> Iterator[Chunk]:
    """The chunks of the spans at `rows`."""
    rows = rows[np.lexsort((snapshot.offset[rows], snapshot.source_id[rows]))]
    source, begin = snapshot.source_id[rows], snapshot.offset[rows]
    end = begin + snapshot.length[rows]
    first = 0
    while first < len(rows):
        last = _last(source, begin, end, first)
        offset = int(begin[first])
        length = int(end[first:last].max()) - offset
        part = slice(first, last)
        yield Chunk(int(source[first]), offset, length, rows[part], begin[part] - offset, end[part] - offset)
        first = last


def _last(source: NDArray[np.int32], begin: NDArray[np.int64], end: NDArray[np.int64], first: int) -> int:
    """The index after the last span that fits into one chunk with `first`."""
    until = int(np.searchsorted(source[first:], source[first], "right")) + first
    within = int(np.searchsorted(begin[first:until], begin[first] + MOST_BYTES, "left")) + first
    fitting = np.flatnonzero(end[first:within] > begin[first] + MOST_BYTES)
    return max(first + 1, first + int(fitting[0]) if len(fitting) else within)

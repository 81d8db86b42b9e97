"""The parts of a file that hold data, and how tar says so (GNU's sparse format 1.0, in a pax header)."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from dataclasses import dataclass

BLOCK = 512
_EXTENTS_KEPT = 1024
"""Readers of sparse members are slow with more."""


@dataclass(frozen=True)
class Extent:
    """`length` bytes of data at `offset`."""

    offset: int
    length: int


def data_extents(descriptor: int, size: int) -> list[Extent]:
    """Where the first `size` bytes hold data; one extent of everything if the file system does not say."""
    extents: list[Extent] = []
    for extent in _extents(descriptor, size):
        if len(extents) == _EXTENTS_KEPT:
            return [*extents[:-1], Extent(extents[-1].offset, size - extents[-1].offset)]
        extents.append(extent)
    return extents


def _extents(descriptor: int, size: int) -> Iterator[Extent]:
    position = 0
    while position < size:
        try:
            start = os.lseek(descriptor, position, os.SEEK_DATA)
            end = os.lseek(descriptor, start, os.SEEK_HOLE)
        except OSError as error:
            if error.errno != errno.ENXIO:  # ENXIO: a hole up to the end.
                yield Extent(position, size - position)
            return
        position = min(end, size)
        if start < position:
            yield Extent(start, position - start)


def is_whole(extents: list[Extent], size: int) -> bool:
    """Whether there are no holes."""
    return extents == ([Extent(0, size)] if size else [])


def sparse_map(extents: list[Extent], size: int) -> bytes:
    """The map that goes before the data of a sparse member, padded to whole blocks."""
    entries = list(extents)
    if not entries or entries[-1].offset + entries[-1].length < size:
        entries.append(Extent(size, 0))
    numbers = [len(entries)]
    for entry in entries:
        numbers += (entry.offset, entry.length)
    text = "".join(f"{number}\n" for number in numbers).encode()
    return text + bytes(-len(text) % BLOCK)


def sparse_headers(name: str, size: int) -> dict[str, str]:
    """The pax headers of a sparse member."""
    return {
        "GNU.sparse.major": "1",
        "GNU.sparse.minor": "0",
        "GNU.sparse.name": name,
        "GNU.sparse.realsize": str(size),
    }

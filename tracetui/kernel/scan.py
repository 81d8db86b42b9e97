"""What the kernel reads of a text, as arrays: the layout of `read.h`; other threads go on meanwhile.

All numbers a scanner gives (traces, clues, resources, scopes) are its own, counted from 0 in the order of
their first appearance, until its `life` changes.
"""

import ctypes
import os
import weakref
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from enum import IntEnum
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[Any]

SPAN = np.dtype(
    [
        *((name, np.int64) for name in ("offset", "start_ns", "end_ns", "cpu_ns")),
        *((name, np.uint64) for name in ("span_id", "parent_id")),
        *((name, np.int32) for name in ("length", "trace", "clue", "resource", "scope", "place")),
        ("status", np.uint8),
    ],
    align=True,
)
LINE = np.dtype([("end", np.int64), ("first_span", np.int64), ("was_read", np.uint8)], align=True)
CLUE = np.dtype(
    [
        ("name_at", np.int64),
        *((name, np.int32) for name in ("name_length", "scope", "first_hot", "hots", "kind")),
        ("status", np.uint8),
    ],
    align=True,
)
HOT = np.dtype([("value_at", np.int64), ("value_length", np.int32), ("key", np.int32)], align=True)
BLOB = np.dtype([("at", np.int64), ("length", np.int32), ("kind", np.int32)], align=True)
TRACE = np.dtype("V16")
_TABLES = {"spans": SPAN, "lines": LINE, "clues": CLUE, "hots": HOT, "blobs": BLOB, "traces": TRACE}

_MASK_BYTES = 32
MOST_BYTES = 1 << 30
"""Longer texts are not looked at: a place within a span has 32 bits."""


class Shape(IntEnum):
    """What a text is: documents on lines, one document, or one message of protobuf."""

    LINES = 0
    DOCUMENT = 1
    TRACES = 2
    GROUP = 3
    """A `ResourceSpans`."""


class Scan(NamedTuple):
    """What is in a text: spans in order, lines, and what appeared for the first time; see `read.h`."""

    text: bytes
    spans: Rows
    lines: Rows
    clues: Rows
    hots: Rows
    blobs: Rows
    traces: Rows
    life: int
    asked: int
    """How many calls of `ask` it knows of."""


class _Result(ctypes.Structure):
    _fields_ = (
        *((name, ctypes.c_void_p) for name in _TABLES),
        *((f"{name}_count", ctypes.c_int64) for name in _TABLES),
        ("life", ctypes.c_int64),
    )


@cache
def _declared(library: ctypes.CDLL) -> ctypes.CDLL:
    """A library of which ctypes knows what its functions take and return."""
    library.tracetui_open.restype = ctypes.c_void_p
    library.tracetui_open.argtypes = [ctypes.c_uint64, ctypes.c_int32, ctypes.c_char_p, ctypes.c_int64]
    library.tracetui_close.restype = None
    library.tracetui_close.argtypes = [ctypes.c_void_p]
    library.tracetui_ask.restype = None
    library.tracetui_ask.argtypes = [
        *(ctypes.c_void_p, ctypes.c_int64, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_int64)
    ]
    library.tracetui_read.restype = ctypes.POINTER(_Result)
    library.tracetui_read.argtypes = [
        *(ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int64, ctypes.c_int64, ctypes.c_int)
    ]
    return library


class Scanner:
    """Scans texts one after the other; a second thread has to wait for the first.

    `keys` are the attributes that a clue may have, `other_keys` those of spans that only other means can
    read. The first two of `keys` are of integers that belong to no clue: `cpu_ns`, and `place`, counted from
    1. Of more than `most_kept` traces, clues, resources or scopes everything is forgotten.
    """

    def __init__(
        self, library: ctypes.CDLL, keys: Sequence[str], other_keys: Sequence[str], most_kept: int
    ) -> None:
        names = b"".join(name.encode() + b"\0" for name in (*keys, *(f"!{name}" for name in other_keys)))
        self._library = _declared(library)
        self._reader = library.tracetui_open(int.from_bytes(os.urandom(8)), most_kept, names, len(names))
        if not self._reader:
            raise MemoryError
        self._asks: deque[tuple[int, int, Mapping[int, Collection[int]]]] = deque()
        self._calls = self._asked = 0
        weakref.finalize(self, library.tracetui_close, self._reader)

    def ask(self, life: int, keys: Mapping[int, Collection[int]], since: int = 0) -> int:
        """By kind, of its spans only the values of these keys make different clues, from block `since` on.

        Until then all do. A scan that is on in another thread is not disturbed. Returns which call this was,
        from 1 on (`Scan.asked`).
        """
        self._asks.append((since, life, keys))
        self._calls += 1
        return self._calls

    def _tell(self, life: int, keys: Mapping[int, Collection[int]]) -> None:
        masks = b"".join(
            sum(1 << key for key in some).to_bytes(_MASK_BYTES, "little") for some in keys.values()
        )
        self._library.tracetui_ask(
            self._reader, life, np.array([*keys], np.int32).tobytes(), masks, len(keys)
        )

    def scan(
        self, text: bytes, begin: int, end: int, shape: Shape = Shape.LINES, block: int = 0
    ) -> Scan | None:
        """What is in a part of a text, which is of a block of this number: they never go down.

        None if there is no memory, or it is too long.
        """
        if end - begin > MOST_BYTES:
            return None
        while self._asks and self._asks[0][0] <= block:
            self._tell(*self._asks.popleft()[1:])
            self._asked += 1
        found = self._library.tracetui_read(self._reader, text, begin, end, shape)
        if not found:
            return None
        result = found.contents
        tables = {name: _rows(result, name) for name in _TABLES}
        return Scan(text, **tables, life=result.life, asked=self._asked)


def _rows(result: _Result, name: str) -> Rows:
    count, dtype = getattr(result, f"{name}_count"), _TABLES[name]
    data = ctypes.string_at(getattr(result, name), count * dtype.itemsize) if count else b""
    return np.frombuffer(data, dtype)

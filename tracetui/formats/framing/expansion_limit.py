"""Records that would expand in memory: hundreds of thousands of values of hardly a byte each.

An empty object takes two bytes in a file and some hundred once it is decoded and rejected. Spans are nowhere
near as dense.
"""

import re
from collections.abc import Iterator

import numpy as np

MOST_VALUES = 200_000
LEAST_BYTES = 16
"""So many bytes an object or a list has to have, on average, where there are more than `MOST_VALUES`."""

SWELLING_BYTES = 2 * MOST_VALUES
"""What is shorter holds fewer."""

_CASE = ord("{") - ord("[")
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_AT_ONCE = 1 << 20


SWELLS = f"more than {MOST_VALUES} empty values in one record"


def swells(text: bytes | memoryview) -> bool:
    """Whether a record would expand; a few passes in C over those that might."""
    if len(text) <= SWELLING_BYTES or not _is_dense(_opened(text), len(text)):
        return False
    return _is_dense(sum(map(_opened, _without_strings(text))), len(text))


def _without_strings(text: bytes | memoryview) -> Iterator[bytes]:
    """What stands between strings, piece by piece: millions of them at once take a hundred bytes each."""
    at, size = 0, _AT_ONCE
    while at < len(text):
        piece = _STRING.sub(b"", text[at : at + size])
        between = piece.partition(b'"')[0]
        # What is left behind that is the beginning of a string, whose end is in the next piece, if anywhere.
        used = size - (len(piece) - len(between))
        if used or at + size >= len(text):
            yield between
        if at + size >= len(text):
            return
        at, size = at + used, _AT_ONCE if used else 2 * size


def _opened(data: bytes | memoryview) -> int:
    """The braces and brackets, which differ from each other in `_CASE` only."""
    pieces = (data[at : at + _AT_ONCE] for at in range(0, len(data), _AT_ONCE))
    return sum(map(_opened_in, pieces))


def _opened_in(piece: bytes | memoryview) -> int:
    return int(np.count_nonzero((np.frombuffer(piece, np.uint8) | _CASE) == ord("{")))


def _is_dense(values: int, length: int) -> bool:
    return values > MOST_VALUES and length < LEAST_BYTES * values

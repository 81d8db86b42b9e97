"""The places of raw values in the document they were decoded from."""

import numpy as np
from msgspec import Raw

_PROBE = 96
Placed = tuple[Raw, tuple[int, int]]
"""A raw value, and its offset and length in its source."""


class Cursor:
    """Finds raw values, asked for in their order, in a document that starts at `offset` of its source.

    The document may be part of a longer `text`: then `offset` is where that starts, and `position` where the
    document starts in it.
    """

    def __init__(self, text: bytes, offset: int, position: int = 0) -> None:
        self.text = text
        self.offset = offset
        self.position = position

    def find(self, raw: Raw) -> tuple[int, int]:
        """The offset of `raw` in the source, and its length."""
        view = memoryview(raw)
        probe, length = view[:_PROBE], len(view)
        at = self.text.find(probe, self.position)
        while self.text[at : at + length] != view:
            at = self.text.find(probe, at + 1)
        self.position = at + length
        return self.offset + at, length


def in_whole(text: memoryview) -> tuple[bytes, int]:
    """The bytes that a view is of, not copied, and where in them it begins."""
    whole = text.obj
    if not isinstance(whole, bytes):
        return bytes(text), 0
    if is_whole(text):
        return whole, 0
    return whole, _address(text) - _address(whole)


def is_whole(text: memoryview) -> bool:
    """Whether a view is of all of some bytes."""
    return isinstance(text.obj, bytes) and len(text.obj) == len(text)


def _address(buffer: bytes | memoryview) -> int:
    """Where the bytes of a buffer are in memory."""
    return int(np.frombuffer(buffer, np.uint8).__array_interface__["data"][0])

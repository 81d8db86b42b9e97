"""Span ids as 64-bit numbers, and the keys by which spans and parents find each other."""

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from tracetui.store.index import Ids, mix


class SpanIds:
    """Numbers for span ids; ids that are not 16 hex digits get a hash, and their text is kept in `opaque`."""

    def __init__(self) -> None:
        self.opaque: dict[int, str] = {}

    def column(self, texts: Sequence[str]) -> Ids:
        """The numbers of `texts`."""
        try:
            return np.array([int(text, 16) if len(text) == 16 else -1 for text in texts], np.uint64)
        except (ValueError, OverflowError):
            return np.array([self._number(text) for text in texts], np.uint64)

    def _number(self, text: str) -> int:
        if len(text) == 16:
            try:
                return int(bytes.fromhex(text).hex(), 16)
            except ValueError:
                pass
        number = int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big")
        self.opaque[number] = text
        return number


def keys(trace_index: NDArray[np.int32], span_ids: Ids) -> Ids:
    """One number for trace and span: unique within a trace, by chance (2**-64 a pair) not across; never 0."""
    salted = mix(span_ids ^ mix(trace_index.astype(np.uint64) + np.uint64(1)))
    return np.where(salted == 0, np.uint64(1), salted)

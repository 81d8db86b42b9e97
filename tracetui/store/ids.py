"""Span ids as 64-bit numbers, and the keys by which spans and parents find each other."""

import re
from collections.abc import Sequence
from hashlib import blake2b

import numpy as np

from tracetui.store.index import Ids, mix

_HEX = re.compile("[0-9a-fA-F]{16}")


class SpanIds:
    """Numbers for span ids; ids that are not 16 hex digits get a hash, and their text is kept in `opaque`."""

    def __init__(self) -> None:
        self.opaque: dict[int, str] = {}

    def column(self, texts: Sequence[str]) -> Ids:
        """The numbers of `texts`."""
        if set(map(len, texts)) == {16}:
            try:
                data = bytes.fromhex("".join(texts))
            except ValueError:
                data = b""
            if len(data) == 8 * len(texts):
                return np.frombuffer(data, ">u8").astype(np.uint64)
        return np.array([self._number(text) for text in texts], np.uint64)

    def _number(self, text: str) -> int:
        if _HEX.fullmatch(text):
            return int(text, 16)
        number = digest(text)
        self.opaque[number] = text
        return number


def digest(text: str) -> int:
    """64 bits that follow from `text`."""
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big")


def keys(traces: Ids, span_ids: Ids) -> Ids:
    """One number for a trace (its `digest`) and a span: unique within a trace, by chance across; never 0."""
    salted = mix(span_ids ^ mix(traces))
    return np.where(salted == 0, np.uint64(1), salted)

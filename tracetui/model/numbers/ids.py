"""Span ids as 64-bit numbers, many at once."""

import re
from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.uint64]

_HEX = re.compile("[0-9a-fA-F]{16}")


def numbers(texts: Sequence[str]) -> tuple[Ids, dict[int, str]]:
    """A number for each id: the value of its 16 hex digits.

    Any other text gets a hash as its number; those are returned beside, by number.
    """
    if set(map(len, texts)) == {16}:
        try:
            data = bytes.fromhex("".join(texts))
        except ValueError:
            data = b""
        if len(data) == 8 * len(texts):
            return np.frombuffer(data, ">u8").astype(np.uint64), {}
    opaque: dict[int, str] = {}
    return np.array([_number(text, opaque) for text in texts], np.uint64), opaque


def digest(text: str) -> int:
    """A 64-bit hash of `text`."""
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big")


def _number(text: str, opaque: dict[int, str]) -> int:
    if _HEX.fullmatch(text):
        return int(text, 16)
    number = digest(text)
    opaque[number] = text
    return number

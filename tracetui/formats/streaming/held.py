"""What of one large document has not been taken yet: its bytes, and where its brackets are."""

from abc import ABC, abstractmethod
from hashlib import blake2b

import numpy as np

from tracetui.formats.streaming.brackets import Brackets, Found, Positions

_AT_ONCE = 256 * 1024
"""Brackets take some hundred bytes each while they are looked at, and there may be one in each byte."""

ANY_DEPTH = 1 << 30
"""What is awaited where any bracket matters."""


class Held(ABC):
    """Collects a document that starts at `offset` of its source, and walks through it where it is worth it.

    Of a value that is waited for, its bytes are kept, and none of the brackets in it.
    """

    def __init__(self, offset: int) -> None:
        self._begin = self._end = self._at = offset
        self._brackets = Brackets()
        self._digest = blake2b(digest_size=16)
        self._parts: list[bytes] = []
        self._text = b""
        self._place = 0
        self._found: list[tuple[Positions, Positions]] = []
        self._here = Found.nowhere()
        self._awaited = ANY_DEPTH
        self._held = self._enough = 0

    @property
    def pending(self) -> int:
        """Bytes held because their value is not complete yet."""
        return self._held

    @property
    def length(self) -> int:
        """How many bytes of the document there are so far."""
        return self._end - self._begin

    @property
    def digest(self) -> str:
        """A hash of the document's bytes: 32 hex digits."""
        return self._digest.hexdigest()

    def feed(self, data: bytes) -> int | None:
        """The next bytes; how many of them belong to the document where it ends there, else None."""
        for at in range(0, len(data), _AT_ONCE):
            used = self._feed(data[at : at + _AT_ONCE] if len(data) > _AT_ONCE else data)
            if used is not None:
                return at + used
        return None

    def _feed(self, data: bytes) -> int | None:
        where, depth = self._brackets.scan(data)
        over = np.flatnonzero(depth <= 0)
        used = int(where[over[0]]) + 1 if len(over) else None
        if used is not None:
            data, where, depth = data[:used], where[: over[0] + 1], depth[: over[0] + 1]
        self._digest.update(data)
        self._end += len(data)
        self._collect(data, where, depth)
        return used

    def _collect(self, data: bytes, where: Positions, depth: Positions) -> None:
        """The next bytes and their brackets, but those within the value that is waited for."""
        ends = np.flatnonzero(depth <= self._awaited)
        first = int(ends[0]) if len(ends) else len(depth)
        # A part of an array would keep all of it.
        self._found.append((where[first:] + self._at + self._held, depth[first:].copy()))
        self._parts.append(data)
        self._held += len(data)
        if len(ends) or self._held >= self._enough:
            self._walk()

    @abstractmethod
    def _walk(self) -> None:
        """Take what is complete."""

    def _collect_again(self, depth: int) -> None:
        """What is held as if it came anew, to look for all its brackets; it begins at that depth."""
        self._awaited, self._brackets = ANY_DEPTH, Brackets(depth)
        text = b"".join(self._parts)
        self._parts, self._found, self._held = [], [], 0
        for at in range(0, len(text), _AT_ONCE):
            piece = text[at : at + _AT_ONCE]
            self._collect(piece, *self._brackets.scan(piece))

    def _gather(self) -> None:
        """Make one text of what is held."""
        self._text, self._parts, self._place = b"".join(self._parts), [], 0
        self._here = Found(*(np.concatenate(part) for part in zip(*self._found, strict=True)))

    def _let_go(self) -> None:
        """Keep only the unused part of the text, and set when to look at it again."""
        rest = self._text[self._place :]
        self._at += self._place
        self._parts, self._held = ([rest] if rest else []), len(rest)
        self._found = [self._here.rest(1 if self._awaited < ANY_DEPTH else None)]
        self._enough = 2 * len(rest) + 1
        self._text, self._here = b"", Found.nowhere()

"""Finds the spans that contain a text anywhere in their content: attributes, events, messages.

Bytes are searched first; only a span whose bytes contain the text is decoded, as the match may be in an id, a
time or the name of a field.
"""

import re
from collections.abc import Iterator, Sequence

import numpy as np

from tracetui.errors import DecodeError
from tracetui.formats.detail import decode_span
from tracetui.formats.one_attribute import spellings
from tracetui.model.span import Attributes, Span, value_text
from tracetui.scan.chunks import Chunk, ReadAt
from tracetui.scan.scan import Scan

_NUMBER = re.compile("[-+.0-9e]+|t?r?u?e?|f?a?l?s?e?")
"""A piece of how `value_text` spells numbers and booleans."""


class TextScan(Scan):
    """Finds `needle`; case-sensitive only if it has capitals (and beyond ASCII always)."""

    def __init__(self, read_at: ReadAt, needle: str) -> None:
        super().__init__(read_at)
        self.needle = needle
        self._minds_case = needle != needle.lower()
        self._spellings = spellings(needle)
        self.matched = np.empty(0, np.bool_)

    def _resize(self, rows: int) -> None:
        grown = np.zeros(rows, np.bool_)
        grown[: len(self.matched)] = self.matched[:rows]
        self.matched = grown

    def _look(self, chunk: Chunk, data: bytes) -> None:
        self.matched[chunk.rows] = False
        for place in self._candidates(chunk, data):
            self.matched[chunk.rows[place]] = self._holds(self.raw(chunk, data, place))

    def _candidates(self, chunk: Chunk, data: bytes) -> Sequence[int]:
        """The spans that may contain it; protobuf does not store numbers as text, so any span may hold
        one.
        """
        if data[:1] != b"{" and _NUMBER.fullmatch(self.needle):
            return range(len(chunk.rows))
        return chunk.places(data if self._minds_case else data.lower(), self._spellings)

    def _holds(self, raw: bytes) -> bool:
        try:
            span = decode_span(raw, b"", b"")
        except DecodeError:
            return False
        return any(self.needle in (text if self._minds_case else text.lower()) for text in _texts(span))


def _texts(span: Span) -> Iterator[str]:
    yield span.status.message
    yield from _attribute_texts(span.attributes)
    for event in span.events:
        yield event.name
        yield from _attribute_texts(event.attributes)
    for link in span.links:
        yield from _attribute_texts(link.attributes)


def _attribute_texts(attributes: Attributes) -> Iterator[str]:
    for key, value in attributes.items():
        yield key
        yield value_text(value)

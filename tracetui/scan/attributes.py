"""One attribute of every span as a column of distinct values.

A span's own attribute counts; if it has none with that key, its resource's does.
"""

from collections.abc import Sequence

import numpy as np

from tracetui.analysis.query.filters.attributes import AttributeColumn
from tracetui.formats.one_attribute import (
    MISSING,
    Missing,
    raw_attribute,
    resource_attribute,
    span_attribute,
    spellings,
)
from tracetui.model.span import AttributeValue, value_text
from tracetui.scan.chunks import Chunk, ReadAt
from tracetui.scan.scan import Scan

MOST_KNOWN = 10_000
"""So many spellings of values are remembered."""


class AttributeScan(Scan):
    """Finds the values of `key`."""

    def __init__(self, read_at: ReadAt, key: str) -> None:
        super().__init__(read_at)
        self.key = key
        self._plain = _any_of(key)
        self._quoted = _any_of(key, quote=b'"')
        # Chrome's arguments nest: `a.b` is `b` in `a`. Elasticsearch has no dots in names: `a.b` is `a@b`.
        self._nested = _any_of(key, key.rpartition(".")[2], key.replace(".", "@"), quote=b'"')
        self._ids = np.empty(0, np.int32)
        self._numbers: dict[str, int] = {}
        self._values: list[str] = []
        self._known: dict[bytes, int] = {}
        self._of_resource: dict[int, int] = {}

    @property
    def column(self) -> AttributeColumn:
        """The values found so far."""
        return AttributeColumn(self._ids.copy(), list(self._values))

    def _resize(self, rows: int) -> None:
        self._ids = AttributeColumn(self._ids, ()).resized(rows)

    def _look(self, chunk: Chunk, data: bytes) -> None:
        self._ids[chunk.rows] = self._resources(chunk)
        for place in chunk.places(data, self._needles(self.raw(chunk, data, 0))):
            number = self._number_of(self.raw(chunk, data, place))
            if number >= 0:
                self._ids[chunk.rows[place]] = number

    def _number_of(self, raw: bytes) -> int:
        """The index of a value; equal values are mostly written alike, so each spelling is parsed once."""
        spelled = raw_attribute(raw, self.key)
        if spelled is None:
            return self._number(span_attribute(raw, self.key))
        number = self._known.get(spelled)
        if number is None:
            number = self._number(span_attribute(raw, self.key))
            if len(self._known) < MOST_KNOWN:
                self._known[spelled] = number
        return number

    def _needles(self, raw: bytes) -> Sequence[bytes]:
        """The byte strings to search for in spans like this one."""
        if raw[:1] != b"{":
            return self._plain
        return self._quoted if b'"attributes"' in raw else self._nested

    def _resources(self, chunk: Chunk) -> list[int]:
        assert self._snapshot is not None
        numbers = self._snapshot.origin_id[chunk.rows].tolist()
        for number in set(numbers).difference(self._of_resource):
            value = resource_attribute(self._snapshot.origins[number].resource, self.key)
            self._of_resource[number] = self._number(value)
        return [self._of_resource[number] for number in numbers]

    def _number(self, value: AttributeValue | Missing) -> int:
        if value is MISSING:
            return -1
        text = value_text(value)
        number = self._numbers.setdefault(text, len(self._values))
        if number == len(self._values):
            self._values.append(text)
        return number


def _any_of(*texts: str, quote: bytes = b"") -> Sequence[bytes]:
    """All byte spellings of `texts`."""
    return list(dict.fromkeys(quote + spelled + quote for text in texts for spelled in spellings(text)))

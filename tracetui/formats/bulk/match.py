"""Which spans of a text have a shape, and the values at its places."""

from typing import NamedTuple

import numpy as np

from tracetui.formats.bulk.gather import MOST_SLICE, Mask, Places, windows
from tracetui.formats.bulk.shape import Shape


class Spans(NamedTuple):
    """Spans of one text: the row of each, its begin and end, and which of all `braces` are its own."""

    text: bytes
    braces: Places
    row: Places
    begin: Places
    end: Places
    first: Places
    braces_count: Places

    def __len__(self) -> int:
        return len(self.row)

    def those(self, chosen: Mask | Places) -> "Spans":
        """Some of them."""
        return Spans(self.text, self.braces, *(column[chosen] for column in self[2:]))


class Match(NamedTuple):
    """Spans that have a shape, and the places of their values.

    `fields` are the places of ids and times; slices are pairs of begin and length: the name, the values of
    hot attributes, and everything that follows those.
    """

    spans: Spans
    fields: dict[str, Places]
    name: tuple[Places, Places]
    hot: dict[str, tuple[Places, Places]]
    tail: tuple[Places, Places]

    def raw(self, slices: tuple[Places, Places], number: int) -> bytes:
        """The bytes of one of `slices`: that of the span with this number in the match."""
        begin, length = slices
        at = begin.item(number)
        return self.spans.text[at : at + length.item(number)]


def match(shape: Shape, spans: Spans) -> Match | None:
    """The `spans` that have the shape: every byte that could mean something else is compared."""
    spans = spans.those(
        spans.braces_count == shape.count if shape.is_whole else spans.braces_count > shape.tail
    )
    braces = spans.braces[spans.first[:, None] + np.arange(shape.first, shape.tail + 1)]
    begin, other, gap = shape.gaps.T - [[shape.first], [shape.first], [0]]
    fits = (braces.take(other, axis=1) - braces.take(begin, axis=1) == gap).all(axis=1)
    fits &= braces[:, -1] < spans.end
    name_length = braces[:, 0] - shape.lead_bytes - shape.head_bytes - spans.begin
    fits &= (name_length >= 0) & (name_length <= MOST_SLICE)
    for hot in shape.hot.values():
        fits &= braces[:, hot.until - shape.first] - braces[:, hot.brace - shape.first] <= MOST_SLICE
    spans, braces = spans.those(fits), braces[fits]
    if not len(spans):
        return None
    fits = _has_pieces(shape, spans.text, braces)
    head = windows(spans.text, spans.begin, 8 * len(shape.head.content))
    lead = windows(spans.text, braces[:, 0] - shape.lead_bytes, 8 * len(shape.lead.content))
    fits &= ((head & shape.head.mask) == shape.head.content).all(axis=1)
    fits &= ((lead & shape.lead.mask) == shape.lead.content).all(axis=1)
    if not fits.all():
        spans, braces = spans.those(fits), braces[fits]
    return _told(shape, spans, braces) if len(spans) else None


def _has_pieces(shape: Shape, text: bytes, braces: Places) -> Mask:
    """Which have the same attributes, in everything except their values."""
    fits = np.ones(len(braces), np.bool_)
    for pieces in shape.pieces:
        places = braces.take(pieces.brace - shape.first, axis=1) - pieces.back
        content = windows(text, places, pieces.width)
        content = content.reshape(len(braces), -1)
        content &= pieces.mask
        fits &= (content == pieces.content).all(axis=1)
    return fits


def _told(shape: Shape, spans: Spans, braces: Places) -> Match:
    hot = {}
    for key, place in shape.hot.items():
        begin = braces[:, place.brace - shape.first]
        hot[key] = (begin, braces[:, place.until - shape.first] - place.back - begin)
    name_at, lead_at = spans.begin + shape.head_bytes, braces[:, 0] - shape.lead_bytes
    tail_at = braces[:, -1] - shape.tail_back
    return Match(
        spans=spans,
        fields={
            name: (lead_at if in_lead else spans.begin) + at for name, (in_lead, at) in shape.places.items()
        },
        name=(name_at, lead_at - name_at),
        hot=hot,
        tail=(tail_at, spans.end - tail_at),
    )

"""What all spans of one kind have in common, learned from one of them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import msgspec
import numpy as np
from msgspec import Raw
from numpy.typing import NDArray

from tracetui.formats.bulk.gather import Literal, Words, rounded
from tracetui.formats.otlp.wire import WireAttribute, WireSpan
from tracetui.model.rules import HOT_KEYS

_FIELDS = msgspec.json.Decoder(dict[str, Raw])
_LIST = msgspec.json.Decoder(list[Raw])
_attribute = msgspec.json.Decoder(WireAttribute)
_span = msgspec.json.Decoder(WireSpan)
_PLAIN = re.compile(rb'\{"key":"[^"\\{]*","value":\{[^{]*\}\}')
SIZES = {"traceId": 32, "spanId": 16, "parentSpanId": 16, "startTimeUnixNano": 19, "endTimeUnixNano": 19}
_SPELLED = {
    name: re.compile(b'"%s{%d}"' % (b"[0-9]" if name.endswith("Nano") else b"[0-9a-f]", size))
    for name, size in SIZES.items()
}
_REMAKING = frozenset({"logfire.span_type", "tracetui.parent.trace_id"})
"""Attributes that make another span of a span: those are left to the slow path."""

_COMMON = 64
MOST_LITERAL = 2048


@dataclass(frozen=True, eq=False)
class Pieces:
    """Expected bytes at braces, of one width: for each the number of its brace in the span, how many bytes
    before it the piece begins, and its bytes.
    """

    brace: NDArray[np.intp]
    back: NDArray[np.int64]
    content: Words
    mask: Words
    width: int


class Hot(NamedTuple):
    """Where the value of a hot attribute is: from one brace to `back` bytes before another one."""

    brace: int
    until: int
    back: int


@dataclass(frozen=True, eq=False)
class Shape:
    """One kind of span. Its braces are numbered; `first` is that of the first attribute, `tail` the next one
    after the last.

    The bytes before the value of the name are the `head`, from there to the first attribute the `lead`;
    `places` says for ids and times in which of them (is it the lead?) and where. `gaps` are distances that
    braces must have: brace, other brace, bytes. The tail's text begins `tail_back` bytes before its brace; if
    the shape `is_whole` no brace follows that one.
    """

    head: Literal
    lead: Literal
    head_bytes: int
    lead_bytes: int
    places: Mapping[str, tuple[bool, int]]
    first: int
    tail: int
    tail_back: int
    is_whole: bool
    pieces: tuple[Pieces, ...]
    gaps: NDArray[np.int64]
    hot: Mapping[str, Hot]

    @property
    def count(self) -> int:
        """How many braces a span has, up to the tail's."""
        return self.tail + 1


class _UnlikeError(Exception):
    """The span is of no kind that the fast path can compare."""


def learn(span: bytes) -> Shape | None:
    """The shape of a span, given its JSON; None if the fast path cannot compare it."""
    try:
        return _learned(span)
    except (_UnlikeError, KeyError, TypeError, ValueError, RecursionError):
        return None


def _learned(span: bytes) -> Shape:
    _span.decode(span)  # Fields of a wrong type are counted by the slow path.
    fields = _FIELDS.decode(span)
    attributes = [(_at(span, raw), bytes(raw)) for raw in _LIST.decode(fields["attributes"])]
    _require(bool(attributes))
    begin, (name_at, name) = attributes[0][0], (_at(span, fields["name"]), bytes(fields["name"]))
    head, lead = span[: name_at + 1], span[name_at + len(name) - 1 : begin]
    _require(name_at < begin and name[:1] == b'"' and lead.endswith(b'"attributes":['))
    _require(max(len(head), len(lead)) <= MOST_LITERAL)
    _require("status" not in fields or _at(span, fields["status"]) > begin)
    places = dict(_places(span, fields, len(head), begin - len(lead), begin))
    parts = _Parts(span, span[:begin].count(b"{"))
    for at, text in attributes:
        parts.add(at, text)
    parts.end()
    return Shape(
        head=_literal(head, places, in_lead=False),
        lead=_literal(lead, places, in_lead=True),
        head_bytes=len(head),
        lead_bytes=len(lead),
        places=places,
        first=span[:begin].count(b"{"),
        tail=parts.brace,
        tail_back=parts.tail_back,
        is_whole=span.count(b"{") == parts.brace + 1,
        pieces=tuple(_pieces(parts.pieces)),
        gaps=np.array(parts.gaps, np.int64),
        hot=parts.hot,
    )


def _places(
    span: bytes, fields: dict[str, Raw], head: int, lead: int, begin: int
) -> Iterator[tuple[str, tuple[bool, int]]]:
    """The places of ids and times, all of which must be written as most writers do."""
    for name, pattern in _SPELLED.items():
        if name not in fields:
            _require(name == "parentSpanId")
            continue
        at = _at(span, fields[name])
        _require(pattern.fullmatch(fields[name]) is not None and at < begin)
        in_lead = at >= lead
        _require(in_lead or at < head)
        yield name, (in_lead, at + 1 - (lead if in_lead else 0))


def _literal(text: bytes, places: Mapping[str, tuple[bool, int]], *, in_lead: bool) -> Literal:
    """The bytes that must be the same: everything except ids and times."""
    holes = tuple((at, at + SIZES[name]) for name, (is_lead, at) in places.items() if is_lead == in_lead)
    return Literal.of(text, rounded(len(text)), holes)


class _Parts:
    """The attributes of a span, one after another, and what follows them."""

    def __init__(self, span: bytes, brace: int) -> None:
        self.brace = brace
        self.pieces: list[tuple[int, int, bytes]] = []
        self.gaps: list[tuple[int, int, int]] = []
        self.hot: dict[str, Hot] = {}
        self.tail_back = 0
        self._span = span
        self._end = 0

    def add(self, at: int, text: bytes) -> None:
        """Add an attribute: scalars may differ; other values must match exactly."""
        _require(self._end in (0, at - 1))
        plain, key = _PLAIN.fullmatch(text), _attribute.decode(text).key
        begin = at - 3 if self._end else at
        if plain:
            value = text.rindex(b"{")
            self.pieces.append((self.brace, at - begin, self._span[begin : at + value + 1]))
            self.gaps.append((self.brace, self.brace + 1, value))
            if key in HOT_KEYS:
                _require(key not in self.hot and key not in _REMAKING)
                self.hot[key] = Hot(self.brace + 1, self.brace + 2, len("},"))
            self.brace += 2
        else:
            _require(key not in HOT_KEYS)
            self.pieces.append((self.brace, at - begin, self._span[begin : at + len(text)]))
            braces = text.count(b"{")
            self.gaps.append((self.brace, self.brace + braces, len(text) + 1))
            self.brace += braces
        self._end = at + len(text)

    def end(self) -> None:
        """Add what follows up to the next brace: that of the events, or of the status."""
        span, end = self._span, self._end
        brace = span.index(b"{", end)
        _require(span[end : end + 3] == b'],"' and len(span) - brace > 0)
        self.pieces.append((self.brace, brace - end + 2, span[end - 2 : brace + 1]))
        self.tail_back = brace - end - len("],")
        for key, hot in self.hot.items():
            if hot.until == self.brace:
                self.hot[key] = hot._replace(back=brace - end + 1)
        begin, other, gap = self.gaps[-1]
        if other == self.brace:
            self.gaps[-1] = (begin, other, gap - 1 + brace - end)


def _pieces(slices: list[tuple[int, int, bytes]]) -> Iterator[Pieces]:
    """The pieces by width: many short ones are compared at once."""
    widths = {piece: max(rounded(len(piece[2])), _COMMON) for piece in slices}
    for width in sorted(set(widths.values())):
        some = [piece for piece in slices if widths[piece] == width]
        literals = [Literal.of(text, width) for _, _, text in some]
        yield Pieces(
            brace=np.array([brace for brace, _, _ in some], np.intp),
            back=np.array([back for _, back, _ in some], np.int64),
            content=np.concatenate([literal.content for literal in literals]),
            mask=np.concatenate([literal.mask for literal in literals]),
            width=width,
        )


def _at(text: bytes, raw: Raw) -> int:
    """The place of a raw value in what it was decoded from."""
    at = address(raw) - address(text)
    _require(0 <= at < len(text))
    return at


def address(buffer: Raw | bytes | memoryview) -> int:
    """Where the bytes of a buffer are in memory."""
    return int(np.frombuffer(buffer, np.uint8).__array_interface__["data"][0])


def _require(condition: bool) -> None:
    if not condition:
        raise _UnlikeError

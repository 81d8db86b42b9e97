"""Requests that are small on the wire, and large once their messages are built; each of a kind of its own."""

from collections.abc import Callable

from google.protobuf.internal.encoder import _VarintBytes  # type: ignore[import-untyped]

MIB = 1 << 20
IDS = b"\x0a\x10" + b"t" * 16 + b"\x12\x08" + b"s" * 8
JSON_IDS = b'"traceId":"%b","spanId":"%b"' % (b"7" * 32, b"5" * 16)
_DEEP = 5000


def field(number: int, content: bytes) -> bytes:
    """A message, a text or bytes, on protobuf's wire."""
    return bytes(_VarintBytes(number << 3 | 2)) + bytes(_VarintBytes(len(content))) + content


def filled(piece: bytes, size: int, between: bytes = b"") -> bytes:
    """As many pieces as there is room for."""
    return between.join([piece] * max(1, size // (len(piece) + len(between))))


def of_spans(spans: bytes, scope: bytes = b"") -> bytes:
    """A request with such spans."""
    return field(1, field(2, field(1, scope) + spans))


def of_resource(resource: bytes) -> bytes:
    """A request with such a resource, and a span."""
    return field(1, field(1, resource) + field(2, field(2, IDS)))


def span(content: bytes) -> bytes:
    """A request with one span that has such content."""
    return of_spans(field(2, IDS + content))


def value(content: bytes) -> bytes:
    """A request with one span that has one attribute of such a value."""
    return span(field(9, field(1, b"k") + field(2, content)))


def _deep(size: int) -> bytes:
    made = b"\x10\x01"
    while len(made) < min(size, _DEEP):
        made = field(5, field(1, made))
    return made


def _resources(size: int) -> bytes:
    pieces: list[bytes] = []
    while not pieces or len(pieces[0]) * len(pieces) < size:
        key = f"{len(pieces):08}".encode()
        pieces.append(
            field(1, field(1, field(1, field(1, b"k") + field(2, field(1, key)))) + field(2, field(2, IDS)))
        )
    return b"".join(pieces)


EVENT = field(2, b"e")
MESSAGES: dict[str, Callable[[int], bytes]] = {
    "spans": lambda size: of_spans(filled(b"\x12\x00", size)),
    "spans with empty events": lambda size: of_spans(filled(field(2, IDS + b"\x5a\x00" * 64), size)),
    "events": lambda size: span(filled(b"\x5a\x00", size)),
    "events with names": lambda size: span(filled(field(11, EVENT), size)),
    "links": lambda size: span(filled(b"\x6a\x00", size)),
    "attributes": lambda size: span(filled(b"\x4a\x00", size)),
    "attributes of events": lambda size: span(field(11, filled(b"\x1a\x00", size))),
    "array": lambda size: value(field(5, filled(b"\x0a\x00", size))),
    "array of arrays": lambda size: value(field(5, filled(field(1, b"\x2a\x00"), size))),
    "pairs": lambda size: value(field(6, filled(b"\x0a\x00", size))),
    "depth": lambda size: of_spans(filled(field(2, IDS + field(9, field(2, _deep(size)))), size)),
    "choices": lambda size: value(filled(b"\x2a\x00", size)),
    "attributes of a resource": lambda size: of_resource(filled(b"\x0a\x00", size)),
    "attributes of a scope": lambda size: of_spans(field(2, IDS), filled(b"\x1a\x00", size)),
    "references of a resource": lambda size: of_resource(filled(b"\x1a\x00", size)),
    "resources": _resources,
    "groups": lambda size: filled(b"\x0a\x00", size),
    "scopes": lambda size: field(1, filled(b"\x12\x00", size)),
    "scopes below a large resource": lambda size: field(
        1,
        field(1, field(1, field(1, b"k") + field(2, field(1, b"x" * 60_000))))
        + filled(field(2, field(2, IDS)), size),
    ),
    "long numbers": lambda size: span(filled(b"\x30" + b"\x80" * 9 + b"\x00", size)),
    "unknown fields": lambda size: span(filled(b"\xa0\x06\x01", size)),
}
"""Traces; what may be left out of them is accepted."""

RECORDS: dict[str, Callable[[int], bytes]] = {
    "records": lambda size: of_spans(filled(b"\x12\x00", size)),
    "bodies": lambda size: of_spans(field(2, field(5, field(5, filled(b"\x0a\x00", size))))),
    "attributes of a record": lambda size: of_spans(field(2, filled(b"\x32\x00", size))),
}
"""Logs."""


def _json(spans: bytes, resource: bytes = b"{}", scope: bytes = b"{}") -> bytes:
    return b'{"resourceSpans":[{"resource":%b,"scopeSpans":[{"scope":%b,"spans":[%b]}]}]}' % (
        resource,
        scope,
        spans,
    )


def _json_span(content: bytes) -> bytes:
    return _json(b"{%b,%b}" % (JSON_IDS, content))


def _json_value(content: bytes) -> bytes:
    return _json_span(b'"attributes":[{"key":"k","value":%b}]' % content)


TEXTS: dict[str, Callable[[int], bytes]] = {
    "spans": lambda size: _json(filled(b"{}", size, b",")),
    "events": lambda size: _json_span(b'"events":[%b]' % filled(b"{}", size, b",")),
    "links": lambda size: _json_span(b'"links":[%b]' % filled(b"{}", size, b",")),
    "attributes": lambda size: _json_span(b'"attributes":[%b]' % filled(b"{}", size, b",")),
    "array": lambda size: _json_value(b'{"arrayValue":{"values":[%b]}}' % filled(b"{}", size, b",")),
    "array of arrays": lambda size: _json_value(
        b'{"arrayValue":{"values":[%b]}}' % filled(b'{"arrayValue":{}}', size, b",")
    ),
    "depth": lambda _size: _json_value(b'{"arrayValue":{"values":[' * 300 + b"]}}" * 300),
    "attributes of a resource": lambda size: _json(
        b"{%b}" % JSON_IDS, b'{"attributes":[%b]}' % filled(b"{}", size, b",")
    ),
    "groups": lambda size: b'{"resourceSpans":[%b]}' % filled(b"{}", size, b","),
    "unknown": lambda size: b'{"x":[%b]}' % filled(b"[]", size, b","),
    "unknown names": lambda size: b"{%b}" % filled(b'"":0', size, b","),
    "texts": lambda size: _json_value(b'{"stringValue":"%b"}' % filled(b"{,[", size)),
    "brackets": lambda size: b"[" * size,
    "quotes": lambda size: b'"' * size,
}
"""The same as JSON."""

"""One attribute of a span's bytes, without decoding the rest of it if possible."""

import json
from enum import Enum
from typing import Any, Final, Literal, TypeAlias

import msgspec
import orjson

from tracetui.errors import DecodeError
from tracetui.formats.detail import decode_span
from tracetui.formats.otlp import snake, values
from tracetui.formats.otlp.wire import WireAttribute
from tracetui.model.span import AttributeValue


class _Missing(Enum):
    MISSING = "missing"


Missing: TypeAlias = Literal[_Missing.MISSING]
MISSING: Final = _Missing.MISSING
"""That there is no such attribute: a value may be None."""


class _Attributes(msgspec.Struct):
    attributes: list[WireAttribute] | None = None


_attributes = msgspec.json.Decoder(_Attributes)


def spellings(text: str) -> list[bytes]:
    """How `text` may stand in the bytes of a span, as JSON (without quotes) or as UTF-8."""
    plain = text.encode("utf-8", "replace")
    escaped = json.dumps(text)[1:-1].encode()
    readable = json.dumps(text, ensure_ascii=False)[1:-1].encode("utf-8", "replace")
    slashed = readable.replace(b"/", b"\\/")
    return list(dict.fromkeys((plain, readable, escaped, slashed)))


def raw_attribute(data: bytes, key: str) -> bytes | None:
    """The raw value of `key` in OTLP/JSON, empty if it is missing; None for other formats."""
    try:
        pairs = _attributes.decode(data).attributes if data[:1] == b"{" else None
    except (ValueError, RecursionError):
        pairs = None
    if pairs is None:
        return None
    return next((bytes(pair.value) for pair in reversed(pairs) if pair.key == key), b"")


def span_attribute(data: bytes, key: str) -> AttributeValue | Missing:
    """The value of `key` in the span that `data` describes; broken bytes have none."""
    raw = raw_attribute(data, key)
    if raw is None:
        return _decoded(data, key)
    if not raw:
        return MISSING
    value = _loads(raw)
    if value is None:
        return _decoded(data, key)
    return values.any_value(snake.camel(value) if b"_value" in raw else value)


def resource_attribute(resource: bytes, key: str) -> AttributeValue | Missing:
    """The value of `key` in a resource (OTLP/JSON, always)."""
    decoded = _loads(resource)
    attributes = values.attributes(decoded.get("attributes") if isinstance(decoded, dict) else None)
    return attributes.get(key, MISSING)


def _decoded(data: bytes, key: str) -> AttributeValue | Missing:
    try:
        return decode_span(data, b"", b"").attributes.get(key, MISSING)
    except DecodeError:
        return MISSING


def _loads(data: bytes) -> Any:
    try:
        return orjson.loads(data or b"{}")
    except orjson.JSONDecodeError:
        return None

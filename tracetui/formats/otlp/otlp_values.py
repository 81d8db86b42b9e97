"""OTLP protobuf's smaller messages: `KeyValue`, `AnyValue`, `Resource`, `InstrumentationScope`.

Source: opentelemetry-proto 1.x, `common.proto` and `resource.proto`; the numbers are those of the fields.
"""

import base64
import struct
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from tracetui.formats.others import plain
from tracetui.formats.otlp.protobuf import LENGTH, Field, fields, signed
from tracetui.model.rules import HOT_KEYS

if TYPE_CHECKING:
    from tracetui.model.span import AttributeValue

DEEPEST = 64
_KEY_TAG = 1 << 3 | LENGTH
_HOT_KEYS = {key.encode(): key for key in HOT_KEYS}
_STRING, _BOOL, _INT, _DOUBLE, _ARRAY, _KEY_VALUES, _BYTES = range(1, 8)


def text(data: bytes, field: Field) -> str:
    """A string field; invalid UTF-8 is shown as such."""
    if field.wire_type != LENGTH:
        raise ValueError(f"field {field.number} is not text")
    return data[field.begin : field.end].decode("utf-8", "replace")


def add_hot(hot: dict[str, str], data: bytes, pair: Field) -> None:
    """Adds the attribute `pair` as text if a rule asks for it."""
    if _is_cold(data, pair):
        return
    key, value = _pair(data, pair)
    name = _HOT_KEYS.get(data[key.begin : key.end]) if key else None
    if name:
        hot[name] = any_text(data[value.begin : value.end]) if value else ""


def any_text(data: bytes) -> str:
    """An `AnyValue` as text."""
    plain = any_value(data, Field(0, LENGTH, 0, len(data)))
    return str(plain).lower() if isinstance(plain, bool) else "" if plain is None else str(plain)


def _is_cold(data: bytes, pair: Field) -> bool:
    """Whether no rule asks for the attribute, seen at a glance: keys come first, and are short."""
    key = pair.begin + 2
    is_first = key < pair.end and data[pair.begin] == _KEY_TAG and data[key - 1] < 0x80
    return is_first and data[key : key + data[key - 1]] not in _HOT_KEYS


def add_pair(attributes: "dict[str, AttributeValue]", data: bytes, pair: Field, depth: int = 0) -> None:
    """Adds the attribute `pair`."""
    key, value = _pair(data, pair)
    attributes[text(data, key) if key else ""] = any_value(data, value, depth) if value else None


def any_value(data: bytes, value: Field, depth: int = 0) -> "AttributeValue":
    """An `AnyValue`; nesting deeper than 64 is cut, and marked as cut."""
    if depth >= DEEPEST:
        return "… (nested deeper)"
    for field in fields(data, *_within(value)):
        if field.wire_type == LENGTH:
            return _long_value(data, field, depth)
        return _short_value(field)
    return None


class AsJson(NamedTuple):
    """A message as OTLP/JSON, the form in which every format passes it on, and the fields that were left
    out.
    """

    json: bytes
    odd: tuple[str, ...]


def resource_json(data: bytes) -> AsJson:
    """A `Resource`."""
    return _as_json(data, "resource", 1, ())


def scope_json(data: bytes) -> AsJson:
    """An `InstrumentationScope`."""
    return _as_json(data, "scope", 3, ("name", "version"))


@lru_cache(maxsize=1024)
def _as_json(data: bytes, what: str, attributes: int, names: tuple[str, ...]) -> AsJson:
    made: dict[str, Any] = {}
    pairs: dict[str, AttributeValue] = {}
    odd: list[str] = []
    for number, field in _whole_fields(data, what, odd):
        try:
            if number == attributes:
                add_pair(pairs, data, field)
            elif 0 < number <= len(names):
                made[names[number - 1]] = text(data, field)
        except ValueError:
            odd.append(f"{what}.{names[number - 1] if number <= len(names) else 'attributes'}")
    if pairs:
        made["attributes"] = [{"key": key, "value": _json_value(value)} for key, value in pairs.items()]
    return AsJson(plain.dumps(made) if made else b"", tuple(odd))


def _whole_fields(data: bytes, what: str, odd: list[str]) -> Iterator[tuple[int, Field]]:
    """The fields up to where the message is damaged, with their numbers."""
    try:
        for field in fields(data, 0, len(data)):
            yield field.number, field
    except ValueError:
        odd.append(what)


def _pair(data: bytes, pair: Field) -> tuple[Field | None, Field | None]:
    key = value = None
    for field in fields(data, *_within(pair)):
        if field.wire_type == LENGTH:
            key, value = (field, value) if field.number == 1 else (key, field if field.number == 2 else value)
    return key, value


def _within(message: Field) -> tuple[int, int]:
    if message.wire_type != LENGTH:
        raise ValueError(f"field {message.number} is not a message")
    return message.begin, message.end


def _short_value(field: Field) -> "AttributeValue":
    if field.number == _BOOL:
        return bool(field.begin)
    if field.number == _DOUBLE:
        return float(struct.unpack("<d", field.begin.to_bytes(8, "little"))[0])
    return signed(field.begin)


def _long_value(data: bytes, field: Field, depth: int) -> "AttributeValue":
    if field.number == _ARRAY:
        return [any_value(data, item, depth + 1) for item in fields(data, field.begin, field.end)]
    if field.number == _KEY_VALUES:
        attributes: dict[str, AttributeValue] = {}
        for pair in fields(data, field.begin, field.end):
            add_pair(attributes, data, pair, depth + 1)
        return attributes
    return data[field.begin : field.end] if field.number == _BYTES else text(data, field)


def _json_value(value: "AttributeValue") -> dict[str, Any]:
    match value:
        case None:
            return {}
        case bool():
            return {"boolValue": value}
        case int():
            return {"intValue": str(value)}
        case float():
            return {"doubleValue": value}
        case bytes():
            return {"bytesValue": base64.b64encode(value).decode()}
        case list():
            return {"arrayValue": {"values": [_json_value(item) for item in value]}}
        case dict():
            pairs = [{"key": key, "value": _json_value(item)} for key, item in value.items()]
            return {"kvlistValue": {"values": pairs}}
    return {"stringValue": value}

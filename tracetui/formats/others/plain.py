"""Attributes as plain JSON values, as tracers other than OTLP write them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import orjson

from tracetui.model.rules import HOT_KEYS

if TYPE_CHECKING:
    from tracetui.model.span import Attributes, AttributeValue

DEEPEST = 64


def hot(attributes: Mapping[str, Any]) -> dict[str, str]:
    """The attributes that rules ask for, as text; numbers in full, lists and objects left out."""
    return {key: _text(value) for key, value in attributes.items() if key in HOT_KEYS}


def shown(attributes: Mapping[str, Any] | None) -> "Attributes":
    """Attributes to look at; nesting deeper than `DEEPEST` is cut and says so."""
    return {key: _value(value, 1) for key, value in (attributes or {}).items()}


def resource(attributes: Mapping[str, Any]) -> bytes:
    """A resource as OTLP/JSON, the form in which every format hands it on."""
    return dumps({"attributes": _pairs(attributes, 1)}) if attributes else b""


def scope(name: str, version: str = "") -> bytes:
    """An instrumentation scope as OTLP/JSON."""
    return dumps({"name": name} | ({"version": version} if version else {})) if name else b""


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int | float) else ""


def _value(value: Any, depth: int) -> "AttributeValue":
    if depth > DEEPEST:
        return "… (nested deeper)"
    if isinstance(value, list):
        return [_value(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {str(key): _value(item, depth + 1) for key, item in value.items()}
    return value if value is None or isinstance(value, str | bool | int | float) else str(value)


def _pairs(attributes: Mapping[str, Any], depth: int) -> list[dict[str, Any]]:
    return [{"key": str(key), "value": _any_value(value, depth)} for key, value in attributes.items()]


def _any_value(value: Any, depth: int) -> dict[str, Any]:
    """An `AnyValue` of OTLP/JSON."""
    if depth > DEEPEST or value is None:
        return {}
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value}
    if isinstance(value, list):
        return {"arrayValue": {"values": [_any_value(item, depth + 1) for item in value]}}
    if isinstance(value, dict):
        return {"kvlistValue": {"values": _pairs(value, depth + 1)}}
    return {"stringValue": str(value)}


def dumps(value: Any) -> bytes:
    """JSON of `value`; empty if it is nested too deep."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return b""

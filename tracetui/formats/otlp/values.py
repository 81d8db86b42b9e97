"""OTLP/JSON's values, as strict and as loose as writers write them: numbers, enums, `AnyValue`.

Source: the OTLP specification, "JSON Protobuf Encoding", and protobuf's own JSON mapping, which many writers
use unchanged (ids in base64, enums by name).
"""

import base64
import re
from typing import TYPE_CHECKING, Any

import msgspec

from tracetui.model.role import StatusCode

if TYPE_CHECKING:
    from tracetui.model.span import AttributeValue

_DEEPEST = 64
_STATUSES: dict[int | str | None, StatusCode] = {
    1: StatusCode.OK,
    2: StatusCode.ERROR,
    "1": StatusCode.OK,
    "2": StatusCode.ERROR,
    "OK": StatusCode.OK,
    "ERROR": StatusCode.ERROR,
}
_SURROGATES = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
    rb"|\\.",
    re.DOTALL,
)
_KINDS = ("unspecified", "internal", "server", "client", "producer", "consumer")


class Scalar(msgspec.Struct, rename="camel"):
    """An `AnyValue` of which only a plain value matters."""

    string_value: str | None = None
    int_value: int | str | None = None
    bool_value: bool | None = None


_scalar = msgspec.json.Decoder(Scalar)


def as_utf8(text: bytes) -> bytes:
    """`text` with U+FFFD in place of invalid UTF-8."""
    return text.decode("utf-8", "replace").encode()


def scalar_text(raw: msgspec.Raw) -> str:
    """A string, integer or boolean `AnyValue` as text; anything else is an empty text."""
    try:
        value = _scalar.decode(raw)
    except msgspec.ValidationError:
        return _loose_text(raw)
    except (UnicodeDecodeError, msgspec.DecodeError, RecursionError):
        text = as_utf8(bytes(raw))
        return "" if text == bytes(raw) else scalar_text(msgspec.Raw(text))
    if value.string_value is not None:
        return value.string_value
    if value.int_value is not None:
        return str(value.int_value)
    return "" if value.bool_value is None else str(value.bool_value).lower()


def _loose_text(raw: msgspec.Raw) -> str:
    """What `any_value` makes of a value of a wrong type, if that is plain."""
    try:
        return plain_text(any_value(msgspec.json.decode(raw)))
    except (ValueError, RecursionError):
        return ""


def plain_text(value: "AttributeValue") -> str:
    """A string, integer or boolean as text; anything else is an empty text."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int) else ""


def status_code(value: Any) -> StatusCode:
    """A status code written as integer, digits or name; unknown ones are UNSET."""
    if isinstance(value, str):
        value = value.removeprefix("STATUS_CODE_").upper()
    return _STATUSES.get(value, StatusCode.UNSET) if type(value) in (int, str) else StatusCode.UNSET


def kind(value: Any) -> str:
    """A span kind written as integer, digits or name, as one lower-case word."""
    if isinstance(value, str) and not value.isdigit():
        return value.removeprefix("SPAN_KIND_").removeprefix("SpanKind.").lower()
    number = int(value) if type(value) in (int, str) else 0
    return _KINDS[number] if 0 <= number < len(_KINDS) else _KINDS[0]


def attributes(pairs: Any) -> "dict[str, AttributeValue]":
    """The attributes of a decoded OTLP/JSON object; invalid entries are left out, the last key wins."""
    if not isinstance(pairs, list):
        return {}
    return _pairs(pairs, 0)


def without_half_surrogates(text: bytes) -> bytes:
    """JSON with each `\\udxxx` that is half a pair as `\\ufffd`: of one length, so that offsets stay."""
    return _SURROGATES.sub(lambda match: rb"\ufffd" if match["half"] else match[0], text)


def any_value(value: Any, depth: int = 0) -> "AttributeValue":
    """An `AnyValue` as a Python value; nesting deeper than 64 is cut and says so.

    A plain value, or a list of any, may stand for itself.
    """
    if depth >= _DEEPEST:
        return "… (nested deeper)"
    if isinstance(value, list):
        return [any_value(item, depth + 1) for item in value]
    if not isinstance(value, dict):
        return value if value is None or isinstance(value, str | bool | int | float) else str(value)
    if not value:
        return None
    tag, content = next(iter(value.items()))
    if tag == "arrayValue":
        return [any_value(item, depth + 1) for item in _list(content)]
    if tag == "kvlistValue":
        return _pairs(_list(content), depth + 1)
    return _plain(tag, content)


def _pairs(pairs: list[Any], depth: int) -> "dict[str, AttributeValue]":
    return {
        str(pair.get("key", "")): any_value(pair.get("value"), depth)
        for pair in pairs
        if isinstance(pair, dict)
    }


def _list(content: Any) -> list[Any]:
    """The `values` in the content of an array or a map; what is none of these is a list of one."""
    values = content.get("values") if isinstance(content, dict) else content
    return values if isinstance(values, list) else [] if values is None else [values]


def _plain(tag: str, content: Any) -> "AttributeValue":
    try:
        if tag == "intValue":
            return int(content)
        if tag == "doubleValue":
            return float(content)
        if tag == "bytesValue":
            return base64.b64decode(content)
    except (TypeError, ValueError):
        return str(content)
    return content if content is None or isinstance(content, str | bool) else str(content)

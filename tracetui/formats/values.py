"""OTLP/JSON's values, as strict and as loose as writers write them: ids, numbers, enums, `AnyValue`.

Source: the OTLP specification, "JSON Protobuf Encoding", and protobuf's own JSON mapping, which many writers
use unchanged (ids in base64, enums by name).
"""

import base64
import binascii
import re
from functools import lru_cache
from typing import Any, TypeAlias

import msgspec

from tracetui.model.role import StatusCode
from tracetui.model.span import AttributeValue

_DEEPEST = 64
_STATUSES: dict[int | str | None, StatusCode] = {
    1: StatusCode.OK,
    2: StatusCode.ERROR,
    "1": StatusCode.OK,
    "2": StatusCode.ERROR,
    "STATUS_CODE_OK": StatusCode.OK,
    "STATUS_CODE_ERROR": StatusCode.ERROR,
}
_HEX = re.compile("[0-9a-fA-F]*")
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

Time: TypeAlias = int | float | str | None
NO_TIME = 1
"""What is no time, in ns since the epoch: when nothing was traced yet."""


def as_utf8(text: bytes) -> bytes:
    """`text` with U+FFFD for what is no UTF-8."""
    return text.decode("utf-8", "replace").encode()


def scalar_text(raw: msgspec.Raw) -> str:
    """A string, integer or boolean `AnyValue` as text; anything else is an empty text."""
    try:
        value = _scalar.decode(raw)
    except UnicodeDecodeError:
        value = _scalar.decode(as_utf8(bytes(raw)))
    except (msgspec.DecodeError, RecursionError):
        return ""
    if value.string_value is not None:
        return value.string_value
    if value.int_value is not None:
        return str(value.int_value)
    return "" if value.bool_value is None else str(value.bool_value).lower()


@lru_cache(maxsize=4096)
def trace_id(text: str | None) -> str:
    """A trace id as 32 lower-case hex digits; other than hex or base64 of 16 bytes stays as it is."""
    return _id(text or "", 16)


def span_id(text: str | None) -> str:
    """A span id as 16 lower-case hex digits; other than hex or base64 of 8 bytes stays as it is."""
    return _id(text or "", 8)


def parent_id(text: str | None) -> str:
    """As `span_id`; the all-zero id, which some writers give to roots, is none."""
    found = span_id(text) if text else ""
    return "" if found == "0000000000000000" else found


def _id(text: str, size: int) -> str:
    if len(text) == 2 * size and _HEX.fullmatch(text):
        return text.lower()
    if len(text) == (size + 2) // 3 * 4 and text.endswith("="):
        try:
            return base64.b64decode(text, validate=True).hex()
        except binascii.Error:
            return text
    return text


def nanoseconds(value: int | str | None) -> int:
    """A time as an int of ns; raises `ValueError` for what is no number from 0 to 2**63 - 1."""
    number = int(value or 0)
    if not 0 <= number < 2**63:
        raise ValueError(f"time {number} out of range")
    return number


def start_time(value: Time) -> int:
    """A start as an int of ns: 0 for none, `NO_TIME` for what is no number, else within 64 bits."""
    if not value:
        return 0
    try:
        return clamped(int(value))
    except ValueError:
        return _from_float(value)
    except OverflowError:
        return NO_TIME


def end_time(value: Time) -> int:
    """As `start_time`, but that 0 is for none at all: an end that cannot be is before every start."""
    return start_time(value) or (NO_TIME if value and str(value).strip("0") else 0)


def clamped(number: int) -> int:
    """The nearest number from 0 to 2**63 - 1."""
    return min(max(number, 0), 2**63 - 1)


def _from_float(value: Time) -> int:
    """What some writers make of a large number: `1.79e18`."""
    try:
        return clamped(int(float(value or 0)))
    except (ValueError, OverflowError):
        return NO_TIME


def status_code(value: int | str | None) -> StatusCode:
    """A status code written as integer, digits or name; unknown ones are UNSET."""
    return _STATUSES.get(value, StatusCode.UNSET)


def kind(value: Any) -> str:
    """A span kind written as integer or name, as one lower-case word."""
    if isinstance(value, str):
        return value.removeprefix("SPAN_KIND_").lower()
    return _KINDS[value] if isinstance(value, int) and 0 <= value < len(_KINDS) else _KINDS[0]


def attributes(pairs: Any) -> dict[str, AttributeValue]:
    """The attributes of a decoded OTLP/JSON object; entries that are none are left out, the last key wins."""
    if not isinstance(pairs, list):
        return {}
    return _pairs(pairs, 0)


def without_half_surrogates(text: bytes) -> bytes:
    """JSON with each `\\udxxx` that is half a pair as `\\ufffd`: of one length, so that offsets stay."""
    return _SURROGATES.sub(lambda match: rb"\ufffd" if match["half"] else match[0], text)


def any_value(value: Any, depth: int = 0) -> AttributeValue:
    """An `AnyValue` as a Python value; nesting deeper than 64 is cut and says so."""
    if not isinstance(value, dict) or not value:
        return None
    tag, content = next(iter(value.items()))
    if depth >= _DEEPEST:
        return "… (nested deeper)"
    if tag == "arrayValue":
        return [any_value(item, depth + 1) for item in _list(content)]
    if tag == "kvlistValue":
        return _pairs(_list(content), depth + 1)
    return _plain(tag, content)


def _pairs(pairs: list[Any], depth: int) -> dict[str, AttributeValue]:
    return {
        str(pair.get("key", "")): any_value(pair.get("value"), depth)
        for pair in pairs
        if isinstance(pair, dict)
    }


def _list(content: Any) -> list[Any]:
    values = content.get("values") if isinstance(content, dict) else None
    return values if isinstance(values, list) else []


def _plain(tag: str, content: Any) -> AttributeValue:
    try:
        if tag == "intValue":
            return int(content)
        if tag == "doubleValue":
            return float(content)
        if tag == "bytesValue":
            return base64.b64decode(content)
    except (TypeError, ValueError):
        return str(content)
    return content if isinstance(content, str | bool) else str(content)

"""Converts ids as writers spell them to OpenTelemetry's: lower-case hex of 16 or 8 bytes.

Accepted are hex of any case, with dashes (UUIDs), `0x` or without its leading zeros (Jaeger, 64-bit trace
ids); base64 (protobuf's own JSON mapping); decimal numbers of 64 or 128 bits that are too long for hex
(Datadog); lists of bytes; numbers for hex digits that lost their quotes; X-Ray's trace ids. Other texts and
numbers stay texts, so that spans with equal ones are joined all the same.
"""

import base64
import binascii
import re
from functools import lru_cache
from typing import Any

_TRACE_BYTES, _SPAN_BYTES = 16, 8
_MOST_EXACT = float(1 << 53)
_HEX = re.compile("[0-9a-fA-F]+")
_XRAY = re.compile("1-[0-9a-f]{8}-[0-9a-f]{24}")
_STANDARD = str.maketrans("-_", "+/")


def trace_id(value: Any) -> str:
    """A trace id as 32 lower-case hex digits, or as the text it is; empty if it is none."""
    return _of_text(value, _TRACE_BYTES) if isinstance(value, str) else _of_value(value, _TRACE_BYTES)


def span_id(value: Any) -> str:
    """A span id as 16 lower-case hex digits, or as the text it is; empty if it is none."""
    return _of_text(value, _SPAN_BYTES) if isinstance(value, str) else _of_value(value, _SPAN_BYTES)


def parent_id(value: Any) -> str:
    """Like `span_id`; the all-zero id, which some writers give to roots, is none."""
    parent = span_id(value) if value else ""
    return "" if parent == "0000000000000000" else parent


def decimal_id(value: Any) -> str:
    """A span id that is a decimal number, or the text of one; 16 or 32 digits of text are hex (Datadog)."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) not in (16, 32):
        value = int(value)
    if _is_number(value):
        return f"{int(value):016x}"
    return span_id(value)


@lru_cache(maxsize=8192)
def _of_text(text: str, size: int) -> str:
    digits = text.strip().removeprefix("0x").removeprefix("0X").replace("-", "")
    if not _HEX.fullmatch(digits):
        return _of_base64(text.strip(), size) or text
    if len(digits) <= 2 * size:
        return digits.lower().rjust(2 * size, "0")
    if digits.isdigit() and int(digits) < 1 << 8 * size:
        return f"{int(digits):0{2 * size}x}"
    return digits[1:].lower() if _XRAY.fullmatch(text) else digits.lower()


def _of_base64(text: str, size: int) -> str:
    if len(text) == (size + 2) // 3 * 4 and text.endswith("="):
        try:
            return base64.b64decode(text.translate(_STANDARD), validate=True).hex()
        except binascii.Error:
            return ""
    return ""


def _of_value(value: Any, size: int) -> str:
    """An id that is no text."""
    if isinstance(value, list | dict):  # An object is how Node writes a buffer.
        return _of_bytes(value.get("data") if isinstance(value, dict) else value, size)
    if value is None or value is False:
        return ""
    return _of_text(str(int(value)), size) if _is_number(value) else _as_text(value)


def _is_number(value: Any) -> bool:
    """Whether it is a whole number that parsers of JSON agree on."""
    if isinstance(value, float):
        return value.is_integer() and 0 <= value <= _MOST_EXACT
    return type(value) is int and 0 <= value < 1 << 64


def _of_bytes(value: Any, size: int) -> str:
    if not isinstance(value, list) or len(value) != size:
        return ""
    return bytes(value).hex() if all(type(byte) is int and 0 <= byte < 256 for byte in value) else ""


def _as_text(value: Any) -> str:
    """Whatever it is, as one text; of integers beyond 64 bits some parsers make floats."""
    try:
        return repr(float(value) if type(value) is int else value)
    except OverflowError:
        return repr(value)

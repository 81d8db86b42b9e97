"""Attribute values as the JSON of other tools; texts are unchanged, but escaped."""

import base64
import json
import math
from collections.abc import Mapping
from hashlib import blake2b

import numpy as np

from tracetui.model.span import AttributeValue, value_text

Json = dict[str, object]
TRACE_ID_BYTES, SPAN_ID_BYTES = 16, 8
"""Of OTLP's ids."""
_MARKUP = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def text(value: object) -> str:
    """A value as JSON on one line; unpaired surrogates and control codes are escaped."""
    # DEL is the one control code that JSON lets through.
    return json.dumps(value, separators=(",", ":")).replace("\x7f", "\\u007f")


def readable(value: object) -> str:
    """The same for Perfetto, which shows escapes literally: printable characters are not escaped."""
    written = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return "".join(sign if sign.isprintable() else text(sign)[1:-1] for sign in written)


def plain(value: AttributeValue) -> object:
    """A value that JSON can hold: bytes in base64, non-finite numbers as texts."""
    match value:
        case bytes():
            return base64.b64encode(value).decode()
        case float() if not math.isfinite(value):
            return number_text(value)
        case list():
            return [plain(item) for item in value]
        case dict():
            return {key: plain(item) for key, item in value.items()}
    return value


def any_value(value: AttributeValue) -> Json:
    """A value as OTLP/JSON's `AnyValue`: integers as texts, bytes in base64."""
    match value:
        case None:
            return {}
        case bool():
            return {"boolValue": value}
        case int():
            fits = -(2**63) <= value < 2**63
            return {"intValue": str(value)} if fits else {"stringValue": str(value)}
        case float():
            return {"doubleValue": value if math.isfinite(value) else number_text(value)}
        case bytes():
            return {"bytesValue": base64.b64encode(value).decode()}
        case list():
            return {"arrayValue": {"values": [any_value(item) for item in value]}}
        case dict():
            return {"kvlistValue": {"values": key_values(value)}}
    return {"stringValue": value}


def key_values(attributes: Mapping[str, AttributeValue]) -> list[Json]:
    """Attributes as OTLP/JSON key-value pairs."""
    return [{"key": key, "value": any_value(value)} for key, value in attributes.items()]


def tag(key: str, value: AttributeValue) -> Json:
    """An attribute as a typed Jaeger tag; values of other types become text."""
    match value:
        case bool():
            return {"key": key, "type": "bool", "value": value}
        case int():
            return {"key": key, "type": "int64", "value": value}
        case float() if math.isfinite(value):
            return {"key": key, "type": "float64", "value": value}
        case bytes():
            return {"key": key, "type": "binary", "value": base64.b64encode(value).decode()}
        case float():
            return {"key": key, "type": "string", "value": number_text(value)}
    return {"key": key, "type": "string", "value": value_text(value)}


def hex_id(written: str, size: int) -> str:
    """An id of `size` bytes in lower-case hex: anything else is hashed, so that spans still match."""
    if not written or is_hex(written, size):
        return written
    return blake2b(written.encode("utf-8", "surrogatepass"), digest_size=size).hexdigest()


def is_hex(written: str, size: int) -> bool:
    """Whether a text is an id of `size` bytes in lower-case hex."""
    return len(written) == 2 * size and not written.strip("0123456789abcdef")


def number_text(value: float) -> str:
    """A number that JSON cannot express, as protobuf spells it."""
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def as_string(value: AttributeValue) -> str:
    """A value as the text that the Collector's exporters store in maps of attributes.

    Source: `AsString` of its `pcommon.Value`. Non-finite numbers are spelled as protobuf spells them.
    """
    match value:
        case None:
            return ""
        case str():
            return value
        case bytes():
            return base64.b64encode(value).decode()
        case float() if not math.isfinite(value):
            return number_text(value)
    return _compact(value)


def _compact(value: AttributeValue) -> str:
    """JSON as Go writes it: sorted keys, and characters that HTML would take for markup escaped in texts."""
    match value:
        case list():
            return f"[{','.join(map(_compact, value))}]"
        case dict():
            return f"{{{','.join(f'{_compact(key)}:{_compact(value[key])}' for key in sorted(value))}}}"
        case float() if math.isfinite(value):
            return _ecmascript(value)
        case None | bool() | int():
            return json.dumps(value)
    return json.dumps(as_string(value), ensure_ascii=False).translate(_MARKUP)


def _ecmascript(value: float) -> str:
    """The shortest text of a number, with an exponent whenever ECMAScript uses one."""
    if value and not 1e-6 <= abs(value) < 1e21:
        return np.format_float_scientific(value, trim="-", exp_digits=1)
    return np.format_float_positional(value, trim="-")

"""Plain values as OTLP/JSON has them, read from protobuf's wire format and from JSON.

Source: the "ProtoJSON Format" page of the Protocol Buffers documentation; the OTLP specification, "JSON
Protobuf Encoding", has ids in hex and enums as numbers instead.
"""

import base64
import math
import struct
from collections.abc import Callable
from typing import Any, NamedTuple

from google.protobuf.descriptor import FieldDescriptor as Type  # type: ignore[import-untyped]

from tracetui.formats.otlp.protobuf import FIXED32, FIXED64, LENGTH, VARINT, signed

IDS = ("traceId", "spanId", "parentSpanId")
_NOT_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


class Scalar(NamedTuple):
    """A type: how it is written, and how it is read; `from_wire` takes the parts of a `protobuf.Field`.

    `from_json` raises `ValueError` or `TypeError` for what is none.
    """

    wire_type: int
    from_wire: Callable[[bytes, int, int], Any]
    from_json: Callable[[Any], Any]


def double(value: float) -> float | str:
    """A number, or the name of what is none: JSON has no such numbers."""
    return value if math.isfinite(value) else "NaN" if math.isnan(value) else f"{value}inity".capitalize()


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"no text: {str(value)[:40]}")
    return value


def _whole(low: int, high: int) -> Callable[[Any], int]:
    def number(value: Any) -> int:
        read = int(value) if type(value) in (int, str) or (type(value) is float and value % 1 == 0) else None
        if read is None or not low <= read < high:
            raise ValueError(f"no whole number: {str(value)[:40]}")
        return read

    return number


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"neither true nor false: {str(value)[:40]}")
    return value


def _double(value: Any) -> float | str:
    if isinstance(value, bool):
        raise TypeError("no number")
    return double(_NOT_FINITE[value] if value in _NOT_FINITE else float(value))


def _base64(value: Any) -> str:
    text = _text(value).translate(str.maketrans("-_", "+/")).rstrip("=")
    return base64.b64encode(base64.b64decode(text + "=" * (-len(text) % 4), validate=True)).decode()


def _int32(value: int) -> int:
    low = value & 0xFFFFFFFF
    return low - (1 << 32) if low >= 1 << 31 else low


_int64, _fixed64 = _whole(-(1 << 63), 1 << 63), _whole(0, 1 << 64)
_uint32, _int32_json = _whole(0, 1 << 32), _whole(-(1 << 31), 1 << 31)

ID = Scalar(LENGTH, lambda data, begin, end: data[begin:end].hex(), lambda value: bytes.fromhex(value).hex())
SCALARS = {
    Type.TYPE_STRING: Scalar(
        LENGTH, lambda data, begin, end: data[begin:end].decode("utf-8", "replace"), _text
    ),
    Type.TYPE_BYTES: Scalar(
        LENGTH, lambda data, begin, end: base64.b64encode(data[begin:end]).decode(), _base64
    ),
    Type.TYPE_BOOL: Scalar(VARINT, lambda _, value, __: bool(value), _truth),
    Type.TYPE_INT64: Scalar(
        VARINT, lambda _, value, __: str(signed(value & (1 << 64) - 1)), lambda value: str(_int64(value))
    ),
    Type.TYPE_UINT32: Scalar(VARINT, lambda _, value, __: value & 0xFFFFFFFF, _uint32),
    Type.TYPE_INT32: Scalar(VARINT, lambda _, value, __: _int32(value), _int32_json),
    Type.TYPE_ENUM: Scalar(VARINT, lambda _, value, __: _int32(value), _int32_json),
    Type.TYPE_FIXED32: Scalar(FIXED32, lambda _, value, __: value, _uint32),
    Type.TYPE_FIXED64: Scalar(
        FIXED64,
        lambda _, value, __: str(value) if value else "",
        lambda value: str(number) if (number := _fixed64(value)) else "",
    ),
    Type.TYPE_DOUBLE: Scalar(
        FIXED64,
        lambda _, value, __: double(struct.unpack("<d", value.to_bytes(8, "little"))[0]),
        _double,
    ),
}
"""By the type of a field. What is empty or zero is not written, unless the field is one of a choice; a time
of zero is therefore empty here.
"""

"""Protobuf's wire format: the fields of a message, one after the other, and nothing else.

Source: the "Encoding" page of the Protocol Buffers documentation. Groups, long deprecated, are refused.
"""

from collections.abc import Iterator
from typing import NamedTuple

_made = tuple.__new__
VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5


class Field(NamedTuple):
    """One field: for `LENGTH` its content is from `begin` to `end`, for the others `begin` is the value."""

    number: int
    wire_type: int
    begin: int
    end: int


def fields(data: bytes, begin: int, end: int) -> Iterator[Field]:
    """The fields of the message at that place in `data`; raises `ValueError` if it is none."""
    while begin < end:
        tag = data[begin]  # Numbers of one byte are read here: a call each would double the time.
        tag, begin = (tag, begin + 1) if tag < 0x80 else varint(data, begin, end)
        wire_type = tag & 7
        if wire_type == LENGTH:
            length = data[begin] if begin < end else 0x80
            length, begin = (length, begin + 1) if length < 0x80 else varint(data, begin, end)
            after = begin + length
            if after > end:
                raise ValueError("a field goes beyond its message")
            yield _made(Field, (tag >> 3, wire_type, begin, after))
        else:
            value, after = _number(data, wire_type, begin, end)
            yield _made(Field, (tag >> 3, wire_type, value, after))
        begin = after


def varint(data: bytes, begin: int, end: int) -> tuple[int, int]:
    """An unsigned number of seven bits a byte, and where it ends."""
    value = shift = 0
    while begin < end and shift < 70:
        byte = data[begin]
        begin += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, begin
        shift += 7
    raise ValueError("a number without end")


def signed(value: int) -> int:
    """The value of 64 bits as a signed number."""
    return value - (1 << 64) if value >= 1 << 63 else value


def _number(data: bytes, wire_type: int, begin: int, end: int) -> tuple[int, int]:
    if wire_type == VARINT:
        return varint(data, begin, end)
    size = {FIXED64: 8, FIXED32: 4}.get(wire_type, 0)
    if not size or begin + size > end:
        raise ValueError(f"no field of wire type {wire_type}")
    return int.from_bytes(data[begin : begin + size], "little"), begin + size

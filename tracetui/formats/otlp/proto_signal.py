"""Which signal an OTLP protobuf request carries, by its first bytes: spans and log records, or metrics.

Source: opentelemetry-proto 1.x. Requests of all signals have the same envelope, resource, scope and items; an
item of metrics begins with a name and what is measured, a span with an id of 16 bytes.
"""

import re

from tracetui.formats.otlp import protobuf

_NAME = re.compile(rb"[A-Za-z][\w./-]*+")
_AFTER_NAME = frozenset(number << 3 | protobuf.LENGTH for number in (2, 3, 5, 7, 9, 10, 11, 12))
_FIRST_TAG = bytes([1 << 3 | protobuf.LENGTH])
_TRACE_ID_BYTES = 16


def is_metrics(head: bytes, group: int) -> bool:
    """Whether the request whose first group begins at `group` of `head` certainly carries metrics."""
    try:
        item = _inner(head, _inner(head, group, 2), 2)
        if head[item : item + 1] != _FIRST_TAG:
            return False
        length, name = protobuf.varint(head, item + 1, len(head))
    except ValueError:
        return False
    text, after = head[name : name + length], head[name + length : name + length + 1]
    is_name = length != _TRACE_ID_BYTES and len(text) == length and _NAME.fullmatch(text) is not None
    return is_name and (not after or after[0] in _AFTER_NAME)


def _inner(head: bytes, begin: int, number: int) -> int:
    """Where the first field with a number begins in the message at `begin`; `ValueError` if none is seen."""
    while begin < len(head):
        tag, begin = protobuf.varint(head, begin, len(head))
        if tag & 7 != protobuf.LENGTH:
            raise ValueError("no message")
        length, begin = protobuf.varint(head, begin, len(head))
        if tag >> 3 == number:
            return begin
        begin += length
    raise ValueError("cut short")

"""What follows the attributes of spans: the status, and fields that must not be repeated there."""

import msgspec
import numpy as np
from msgspec import Raw
from numpy.typing import NDArray

from tracetui.formats.bulk.gather import Places, Slices, grouped
from tracetui.formats.otlp.values import status_code
from tracetui.formats.otlp.wire import WireOutcome

_SHORT = 64


class _Tail(WireOutcome, rename="camel"):
    """The end of a span: fields that belong before it are raw, and empty if they are not repeated here.

    Of the rest only the status matters, but all of it must be of the right types.
    """

    trace_id: Raw = Raw()
    span_id: Raw = Raw()
    parent_span_id: Raw = Raw()
    name: Raw = Raw()
    start_time_unix_nano: Raw = Raw()
    end_time_unix_nano: Raw = Raw()
    attributes: Raw = Raw()


_tail = msgspec.json.Decoder(_Tail)
_BEFORE = tuple(field.name for field in msgspec.structs.fields(_Tail) if field.type is Raw)


def statuses(text: bytes, begin: Places, length: Places) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """The status codes in what follows the attributes, and where nothing else that matters follows them."""
    codes = np.zeros(len(begin), np.uint8)
    readable = np.zeros(len(begin), np.bool_)
    short = np.flatnonzero(length <= _SHORT)
    if len(short):
        groups = grouped(Slices(text, begin[short, None], length[short, None]).rows)
        if groups:
            firsts = short[groups.first].tolist()
            decoded = [_status(text[int(begin[row]) : int(begin[row] + length[row])]) for row in firsts]
            codes[short] = np.array([code or 0 for code in decoded], np.uint8)[groups.number]
            readable[short] = np.array([code is not None for code in decoded], np.bool_)[groups.number]
    for row in np.flatnonzero(length > _SHORT).tolist():
        at = int(begin[row])
        code = _status(text[at : at + int(length[row])])
        codes[row], readable[row] = code or 0, code is not None
    return codes, readable


def _status(tail: bytes) -> int | None:
    """The status code of a span's end; None if that has more, or cannot be decoded."""
    try:
        decoded = _tail.decode(b"{" + tail)
    except (ValueError, RecursionError):
        return None
    if any(bytes(getattr(decoded, field)) for field in _BEFORE):
        return None
    return int(status_code(decoded.status.code if decoded.status else None))

"""What follows the attributes of spans: the status, and what must not be told there once more."""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from tracetui.formats.bulk.gather import Places, Slices, grouped
from tracetui.formats.values import status_code
from tracetui.formats.wire import WireSpan

_SHORT = 64
_tail = msgspec.json.Decoder(WireSpan)
_OTHERS: Sequence[str] = tuple(field for field in WireSpan.__struct_fields__ if field != "status")


def statuses(text: bytes, tail: tuple[Places, Places]) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """The status codes in what follows the attributes, and where nothing else that matters follows them."""
    begin, length = tail
    codes = np.zeros(len(begin), np.uint8)
    readable = np.zeros(len(begin), np.bool_)
    short = np.flatnonzero(length <= _SHORT)
    if len(short):
        slices = Slices(text, begin[short], length[short])
        groups = grouped(np.zeros(len(short), np.uint8), [slices])
        if groups:
            told = [_status(slices[row]) for row in groups.first.tolist()]
            codes[short] = np.array([code or 0 for code in told], np.uint8)[groups.number]
            readable[short] = np.array([code is not None for code in told], np.bool_)[groups.number]
    for row in np.flatnonzero(length > _SHORT).tolist():
        at = int(begin[row])
        code = _status(text[at : at + int(length[row])])
        codes[row], readable[row] = code or 0, code is not None
    return codes, readable


def _status(tail: bytes) -> int | None:
    """The status code of a span's end; None where that tells of more, or cannot be read."""
    try:
        told = _tail.decode(b"{" + tail)
    except (ValueError, RecursionError):
        return None
    if any(getattr(told, field) is not None for field in _OTHERS):
        return None
    return int(status_code(told.status.code if told.status else None))

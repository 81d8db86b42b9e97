"""Values that were torn, in documents of one value a line, and where the next value begins."""

import re

import msgspec
import numpy as np

from tracetui.formats.framing.json_repair import mended
from tracetui.formats.otlp import values
from tracetui.formats.streaming.brackets import Brackets

_OBJECT_LINE = re.compile(rb"\n[ \t]*+(\{[^\n]*+)")
_raw = msgspec.json.Decoder(msgspec.Raw)


def is_torn(text: bytes) -> bool:
    """Whether a value, as its brackets have it, swallowed others: objects begin in its lines."""
    return _OBJECT_LINE.search(text) is not None and not (
        is_json(text) or is_json(mended(values.as_utf8(text)))
    )


def next_object(text: bytes, start: int, telling: bytes) -> int | None:
    """Where the next line behind `start` begins that is an object of its own and holds `telling`."""
    for line in _OBJECT_LINE.finditer(text, start):
        begin, end = line.span(1)
        places, depths = Brackets().scan(text[begin:end])
        over = np.flatnonzero(depths <= 0)
        whole = text[begin : begin + int(places[over[0]]) + 1] if len(over) else b""
        if telling in whole and is_json(whole):
            return begin
    return None


def is_broken(text: bytes) -> bool:
    """Whether no bytes behind it could make one JSON value of it."""
    try:
        _raw.decode(mended(values.as_utf8(text)))
    except (ValueError, RecursionError) as error:
        return str(error) != "Input data was truncated"
    return False


def is_json(text: bytes) -> bool:
    """Whether all of it is one JSON value."""
    try:
        _raw.decode(text)
    except (ValueError, RecursionError):
        return False
    return True

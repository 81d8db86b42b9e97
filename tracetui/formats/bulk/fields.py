"""Ids and times of many spans, from the places where they are."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tracetui.formats.bulk.gather import Mask, Places, Words, decimal, hexadecimal, windows
from tracetui.model.interned import Interned

_LATEST = np.uint64(2**63 - 1)
_TIME_BYTES = 24
NOWHERE = -1


def fields(
    text: bytes, places: Mapping[str, Places], traces: Interned[str]
) -> tuple[dict[str, NDArray[Any]], Mask]:
    """The columns from ids and times, and which spans spell them as most writers do.

    `places` is by name in the file; only a parent may be `NOWHERE`.
    """
    words = windows(text, places["traceId"], 32)
    trace, valid = _trace(words, traces)
    columns: dict[str, NDArray[Any]] = {"trace": trace}
    for name, column in (("spanId", "span_id"), ("parentSpanId", "parent_id")):
        named = places[name] != NOWHERE
        numbers, spelled = hexadecimal(windows(text, np.maximum(places[name], 0), 16))
        columns[column] = np.where(named, numbers, np.uint64(0))
        valid &= spelled | ~named
    for name, column in (("startTimeUnixNano", "start_ns"), ("endTimeUnixNano", "end_ns")):
        numbers, spelled = decimal(windows(text, places[name] + 19 - _TIME_BYTES, _TIME_BYTES))
        valid &= spelled & (numbers <= _LATEST)
        columns[column] = numbers.astype(np.int64)
    return columns, valid


def _trace(words: Words, traces: Interned[str]) -> tuple[NDArray[np.int32], Mask]:
    """The traces of spans, which are mostly adjacent for one trace: one look-up per stretch."""
    changes = (words[1:] != words[:-1]).any(axis=1)
    begins = np.flatnonzero(np.concatenate([[True], changes]))
    heads, lengths = words[begins], np.diff(begins, append=len(words))
    valid = hexadecimal(heads[:, :2])[1] & hexadecimal(heads[:, 2:])[1]
    pairs = zip(heads, valid.tolist(), strict=True)
    texts = (head.tobytes().decode("ascii") if is_hex else "" for head, is_hex in pairs)
    return np.repeat(traces.numbers(texts), lengths), np.repeat(valid, lengths)

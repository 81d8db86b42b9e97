"""Integers of many spans, from the places of the values that hold them."""

import numpy as np
from msgspec import Raw
from numpy.typing import NDArray

from tracetui.formats.bulk.gather import Literal, Mask, Places, decimal, rounded, windows
from tracetui.formats.bulk.match import Match
from tracetui.formats.otlp import values
from tracetui.model.numbers.collected import INDEX, places
from tracetui.model.numbers.processor_time import CPU, MOST_DIGITS, UNKNOWN, as_integer, packed_all

_BEFORE, _BEHIND = b'{"intValue":"', b'"}'
_START = Literal.of(_BEFORE, rounded(len(_BEFORE)))
_WIDTH = 24
_ZERO = ord("0")


def cpu(match: Match) -> NDArray[np.float32]:
    """The processor times of the spans of a match, as column values."""
    return packed_all(_integers(match, CPU)) if CPU in match.hot else np.zeros(len(match.spans), np.float32)


def place(match: Match) -> NDArray[np.int32]:
    """The places of its tests in the order of collection, as column values."""
    return places(_integers(match, INDEX)) if INDEX in match.hot else np.zeros(len(match.spans), np.int32)


def _integers(match: Match, key: str) -> NDArray[np.int64]:
    slices = match.hot[key]
    numbers, spelled = _spelled(match.spans.text, *slices)
    for row in np.flatnonzero(~spelled).tolist():
        numbers[row] = as_integer(values.scalar_text(Raw(match.raw(slices, row))))
    return numbers


def _spelled(text: bytes, begin: Places, length: Places) -> tuple[NDArray[np.int64], Mask]:
    """The integers that values spell as most writers do, and which those are."""
    digits = length - len(_BEFORE) - len(_BEHIND)
    spelled = (digits > 0) & (digits <= MOST_DIGITS)
    start = windows(text, begin, 8 * len(_START.content))
    spelled &= ((start & _START.mask) == _START.content).all(axis=1)
    last = windows(text, begin + length - len(_BEHIND) - _WIDTH, _WIDTH)
    characters = last.view(np.uint8)
    characters[np.arange(_WIDTH) < (_WIDTH - digits)[:, None]] = _ZERO
    numbers, are_digits = decimal(last)
    spelled &= are_digits
    return np.where(spelled, numbers.astype(np.int64), UNKNOWN), spelled

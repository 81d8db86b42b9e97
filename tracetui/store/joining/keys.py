"""The keys by which spans and parents find each other: 64 bits for a trace and a span."""

import numpy as np
from numpy.typing import NDArray

from tracetui.model.numbers.distinct import distinct
from tracetui.model.numbers.ids import Ids

_FEW = 10
"""With so few, numpy compares all with each: faster than searching."""
_STEP = np.uint64(0x9E3779B97F4A7C15)
_ROUNDS = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB), (31, 1))
_LAST = (1 << 64) - 1
_UNDONE_ONE = tuple((shift, pow(factor, -1, 1 << 64)) for shift, factor in reversed(_ROUNDS))
_UNDONE = tuple((shift, np.uint64(inverse)) for shift, inverse in _UNDONE_ONE)


def keys(salts: Ids, span_ids: Ids) -> Ids:
    """One number for a trace and a span: unique within a trace, with high probability across traces; never 0.

    `salts` are the digests of the traces, by `mix`.
    """
    salted = mix(span_ids ^ salts)
    return np.maximum(salted, np.uint64(1), out=salted)


def span_ids(traces: Ids, keys: Ids) -> Ids:
    """The span ids that `keys` were made of."""
    return unmix(keys) ^ mix(traces)


def one_span_id(trace: int, key: int) -> int:
    """The span id that one key was made of: of a single one, numpy takes twenty times as long."""
    for shift, inverse in _UNDONE_ONE:
        key = key * inverse & _LAST
        key ^= key >> shift ^ key >> 2 * shift
    mixed = trace + int(_STEP) & _LAST
    for shift, factor in _ROUNDS:
        mixed ^= mixed >> shift
        mixed = mixed * factor & _LAST
    return (key - int(_STEP) & _LAST) ^ mixed


def mix(values: Ids) -> Ids:
    """Spreads 64-bit values over 64 bits, one to one (splitmix64, Steele, Lea and Flood 2014)."""
    with np.errstate(over="ignore"):
        values = values + _STEP
        for shift, factor in _ROUNDS:
            values ^= values >> np.uint64(shift)
            values *= np.uint64(factor)
        return values


def unmix(values: Ids) -> Ids:
    """The values that `mix` turned into `values`."""
    with np.errstate(over="ignore"):
        for shift, inverse in _UNDONE:
            values = values * inverse
            values = values ^ (values >> np.uint64(shift)) ^ (values >> np.uint64(2 * shift))
        return values - _STEP


def few_repeats(keys: Ids) -> tuple[Ids, NDArray[np.intp]]:
    """`keys` without most of those that are there again one or two further on, and the place of each there.

    Phases of a test name the same parent, and tests one after the other theirs.
    """
    first, which = _unlike_last(keys, 1)
    second, then = _unlike_last(first, 2)
    return second, then[which]


def _unlike_last(keys: Ids, back: int) -> tuple[Ids, NDArray[np.intp]]:
    """The keys that differ from the one so far `back`, and the place of each among these."""
    at = np.arange(len(keys))
    at[back:][keys[back:] == keys[:-back]] = 0
    for begin in range(back):
        np.maximum.accumulate(at[begin::back], out=at[begin::back])
    differ = at == np.arange(len(keys))
    return keys[differ], (np.cumsum(differ) - 1)[at]


def are_among(keys: Ids, wanted: Ids) -> NDArray[np.bool_]:
    """Which of `keys` are among `wanted`: O(n log m).

    Without a table of whole numbers, which numpy 2.0 fails to make for those from 2**63 on (OverflowError).
    """
    ordered = distinct(wanted)
    if len(ordered) < _FEW:
        return np.isin(keys, ordered, kind="sort")
    places = np.minimum(np.searchsorted(ordered, keys), len(ordered) - 1)
    are_there: NDArray[np.bool_] = ordered[places] == keys
    return are_there

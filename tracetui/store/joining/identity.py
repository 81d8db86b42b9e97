"""When two records describe one span, and which of the two to keep: always the same one.

A record is one row's worth of `Columns`: an array of length 1 for each; longer ones hold many.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.model.columns import JUDGED, MEASURED, STORED, TEXTS
from tracetui.store.columns import Columns
from tracetui.store.joining.index import IdIndex, Sorted

Record = Mapping[str, NDArray[Any]]

UPSERTED = frozenset(STORED) - {"start_ns", "key", "trace_index", "parent_row"}
"""The columns that the better record of a span may change."""


def is_same(columns: Columns, row: int, record: Record) -> bool:
    """Whether a row and a record with its ids are one span: same start and, if both have ended, same name.

    A running span may still be renamed.
    """
    if columns["start_ns"][row] != record["start_ns"][0]:
        return False
    unfinished = columns["end_ns"][row] == 0 or record["end_ns"][0] == 0
    return bool(unfinished or columns["name_id"][row] == record["name_id"][0])


def knowledge(record: Record, texts: Sequence[str]) -> tuple[int | str, ...]:
    """A sort key of two records of one span: the later end wins, then values independent of order of
    arrival.
    """
    numbers = (int(record[name][0]) for name in _NUMBERS)
    return (*numbers, *(texts[int(record[name][0])] for name in TEXTS))


_NUMBERS = tuple(dict.fromkeys(("end_ns", "parent_key", "outcome", "status", *JUDGED, *MEASURED)))
_KNOWN = (*_NUMBERS, *TEXTS)


def tells_nothing_new(
    columns: Columns, rows: NDArray[np.int32], records: Record, places: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """Which of many `records` equal their rows: those at `places` of `rows`."""
    same = records["start_ns"][places] == columns["start_ns"][rows]
    for name in _KNOWN:
        same &= records[name][places] == columns[name][rows]
    nothing = np.zeros(len(records["key"]), np.bool_)
    nothing[places[same]] = True
    return nothing


class Halves(NamedTuple):
    """Records of which a row certainly has the other half: the `ends` of started spans, by place, and the
    rows of these; and `starts`, the places of those whose spans have ended.
    """

    ends: NDArray[np.intp]
    rows: NDArray[np.int32]
    starts: NDArray[np.intp]


def halves(columns: Columns, index: IdIndex, records: Record) -> Halves:
    """Which of `records` are ends and starts of known spans.

    Ambiguous ones, several records or spans of one id, are left out.
    """
    places, rows = index.find(Sorted.of(records["key"]), 2)
    _, first, times = np.unique(records["key"], return_index=True, return_counts=True)
    is_alone = np.zeros(len(records["key"]), np.bool_)
    is_alone[first[times == 1]] = True
    is_alone &= np.bincount(places, minlength=len(is_alone)) == 1
    same = is_alone[places] & (records["start_ns"][places] == columns["start_ns"][rows])
    has_ended, had_ended = records["end_ns"][places] > 0, columns["end_ns"][rows] > 0
    ends = same & has_ended & ~had_ended
    return Halves(places[ends], rows[ends], places[same & ~has_ended & had_ended])


def in_order(parts: Sequence[Record]) -> Record:
    """The rows of a batch in the order of their bytes, whatever order they were decoded in."""
    whole: Record = parts[0]
    if len(parts) > 1:
        whole = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    offset = whole["offset"]
    if (offset[1:] >= offset[:-1]).all():
        return whole
    return only(whole, np.argsort(offset, kind="stable"))


def only(records: Record, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> Record:
    """Some of many records."""
    return {name: column[chosen] for name, column in records.items()}

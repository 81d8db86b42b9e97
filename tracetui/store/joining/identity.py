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


class Sorts(NamedTuple):
    """What records with the ids of known rows certainly are, by place.

    The `ends` of started spans, at `rows`; `starts` of spans that have ended; and `strangers`, other spans
    with ids that `beside` rows have. Ambiguous ones, several records or rows of one span, are left out.
    """

    ends: NDArray[np.intp]
    rows: NDArray[np.int32]
    starts: NDArray[np.intp]
    strangers: NDArray[np.intp]
    beside: NDArray[np.intp]


def sorted_out(columns: Columns, index: IdIndex, records: Record, most: int) -> Sorts:
    """What each of `records` is beside the rows that have its ids, of which at most so many are looked at."""
    places, rows = index.find(Sorted.of(records["key"]), most)
    _, first, times = np.unique(records["key"], return_index=True, return_counts=True)
    is_alone = np.zeros(len(records["key"]), np.bool_)
    is_alone[first[times == 1]] = True
    same = records["start_ns"][places] == columns["start_ns"][rows]
    alike = np.bincount(places[same], minlength=len(is_alone))
    is_one = same & (is_alone & (alike == 1))[places]
    has_ended, had_ended = records["end_ns"][places] > 0, columns["end_ns"][rows] > 0
    ends = is_one & has_ended & ~had_ended
    strangers = np.flatnonzero(is_alone & (alike == 0))
    beside = np.bincount(places, minlength=len(is_alone))[strangers]
    return Sorts(places[ends], rows[ends], places[is_one & ~has_ended & had_ended], strangers, beside)


def without_told_starts(records: Record) -> Record:
    """Without the starts of spans whose ends are among the records as well: they tell nothing more."""
    key, start, end = (records[name] for name in ("key", "start_ns", "end_ns"))
    order = np.lexsort((end, start, key))
    differ = (np.diff(key[order]) != 0) | (np.diff(start[order]) != 0)
    lasts = np.flatnonzero(np.append(differ, [True] * bool(len(order))))
    latest = np.repeat(end[order][lasts], np.diff(lasts, prepend=-1))
    is_told = np.empty(len(order), np.bool_)
    is_told[order] = (end[order] == 0) & (latest > 0)
    return only(records, ~is_told) if is_told.any() else records


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

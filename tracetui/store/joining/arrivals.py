"""Adds spans as they arrive: any order ends with the same spans and the same tree.

A span is identified by trace id, span id, name and start. Seen twice it is kept once (a duplicate); other
spans with the same ids are kept too (a collision); a finished span replaces its start record. Parents are
found as they arrive, and spans that wait for one are re-homed when it comes.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from tracetui.model.columns import STORED
from tracetui.model.kind import Kind
from tracetui.model.numbers.distinct import distinct, without
from tracetui.model.numbers.ids import Ids
from tracetui.store.joining.identity import (
    UPSERTED,
    Record,
    is_same,
    knowledge,
    only,
    sorted_out,
    tells_nothing_new,
    without_told_starts,
)
from tracetui.store.joining.incoming import Incoming
from tracetui.store.joining.index import IdIndex, Sorted
from tracetui.store.joining.keys import are_among
from tracetui.store.joining.parents import Parents
from tracetui.store.joining.pending import Known
from tracetui.store.joining.shared_ids import Calls, servers_keys
from tracetui.store.joining.unfinished import Unfinished

_NO_KEYS = np.empty(0, np.uint64)
_MOST_NAMESAKES = 16
"""How many spans under one pair of ids are compared: all equal ids must not make reading quadratic."""


class Arrivals(Incoming):
    """Spans as rows of `Columns`, each found by its ids."""

    def __init__(self, *, beside: bool = False) -> None:
        super().__init__(beside=beside)
        self._forget()
        self._unfinished = Unfinished()
        self._calls = Calls()
        self._taken_back: set[int] = set()
        self._renewals = 0

    def _index(self) -> Ids:
        """Rebuild the indexes for the columns, and find parents again. Returns the distinct keys."""
        rows = np.arange(len(self._columns), dtype=np.int32)
        keys, counts = np.unique(self._columns["key"], return_counts=True)
        self._forget()
        ordered = Sorted.of(self._columns["key"])
        self._rows.add(ordered, rows)
        self._parents.link(rows, ordered)
        self._parents.changed(rows, keys[counts > 1])
        return keys

    def _forget(self) -> None:
        self._rows = IdIndex()
        self._parents = Parents(self._columns, self._rows, self._intern.texts.values)

    def _add_new(self, pending: Sequence[Record]) -> Known | None:
        if len(self._columns) and not len(self._rows):
            self._index()  # More has come after all.
        new = self._merged(pending)
        keys = Sorted.of(new["key"])
        fresh, start = self._rows.fresh(keys), len(self._columns)
        if fresh.all():
            self._append_rows(new, keys)
            self._parents.changed(np.arange(start, len(self._columns), dtype=np.int32), _NO_KEYS)
            return None
        new_rows = only(new, fresh)
        self._append_rows(new_rows, Sorted.of(new_rows["key"]))
        return Known(only(new, ~fresh), start)

    def _merged(self, pending: Sequence[Record]) -> Record:
        """The spans to settle, without repeated ones and those of refused traces."""
        new: Record = {name: np.concatenate([rows[name] for rows in pending]) for name in pending[0]}
        new = self._told_again(self._told_apart(new), new["again"])
        return self._without_refused(new) if self._refused_traces else new

    def _settle_known(self, others: Record, start: int) -> None:
        others, first_collided = without_told_starts(others), len(self._columns)
        positions, rows = self._rows.find(Sorted.of(others["key"]), 1)
        again = tells_nothing_new(self._columns, rows, others, positions)
        self._note(Kind.DUPLICATE, only(others, again & (others["end_ns"] > 0)), "the same span again")
        starts = (others["end_ns"][positions] == 0) & (
            others["start_ns"][positions] == self._columns["start_ns"][rows]
        )
        self._unfinished.tell(rows[starts].tolist(), self._sources_of(others["origin_id"][positions[starts]]))
        known = sorted_out(self._columns, self._rows, others, _MOST_NAMESAKES)
        self._upsert(known.rows, only(others, known.ends))
        self._add_strangers(only(others, known.strangers), known.beside)
        again[known.ends] = again[known.starts] = again[known.strangers] = True
        merged = [
            self._add_namesake({name: column[position : position + 1] for name, column in others.items()})
            for position in np.flatnonzero(~again)
        ]
        collided = self._columns["key"][first_collided:]
        touched = distinct(np.r_[start : len(self._columns), merged, known.rows].astype(np.int32))
        self._parents.changed(touched, collided)

    def take_back(self, source: int, offset: int, log_records: int = 0) -> None:
        """A source ends at `offset` now: what was read of it from there on may be told once more.

        It is no duplicate then. Until it is told again, it has no bytes. What else was counted there goes.
        """
        self._settle()
        self._uncount(source, offset, log_records)
        origins = enumerate(self._intern.origins.values)
        numbers = [number for number, origin in origins if origin.source == source]
        is_there = np.isin(self._columns["origin_id"], numbers) & (self._columns["offset"] >= offset)
        rows = np.flatnonzero(is_there).astype(np.int32)
        self._columns.put("length", rows, 0)
        self._taken_back.update(rows.tolist())
        self._dropped.holds(source, -len(rows))

    def _told_again(self, new: Record, again: NDArray[np.bool_]) -> Record:
        """Without spans that are already here and were written again: these are updated."""
        if not again.any() and not self._taken_back:
            return new
        places, rows = self._rows.find(Sorted.of(new["key"]), _MOST_NAMESAKES)
        is_again = again[places] | self._are_back(new, places, rows)
        places, first = np.unique(places[is_again], return_index=True)
        rows = rows[is_again][first]
        known = only(new, places)
        moved = self._columns["start_ns"][rows] != known["start_ns"]
        if moved.any():  # Their document has told its clock.
            self._columns.put("start_ns", rows, known["start_ns"])
            self._renewals += 1
        differs = np.any([self._columns[name][rows] != known[name] for name in UPSERTED], axis=0)
        self._upsert(rows[differs], only(known, differs))
        return only(new, without(np.arange(len(new["key"])), distinct(places)))

    def _are_back(self, new: Record, places: NDArray[np.intp], rows: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Which of the new spans at `places` were taken back before: those at `rows`."""
        back = np.zeros(len(rows), np.bool_)
        for number, row in enumerate(rows.tolist() if self._taken_back else ()):
            if row in self._taken_back and is_same(
                self._columns, row, only(new, places[number : number + 1])
            ):
                self._taken_back.discard(row)
                back[number] = True
        return back

    def _told_apart(self, new: Record) -> Record:
        """New spans with the halves of calls given their own ids, also those already here."""
        new, half = {name: new[name] for name in STORED}, new["half"]
        if not self._calls.concern(half):
            return new
        origins = self._intern.origins.values
        services = self._calls.services(new["origin_id"], origins)
        joined = self._calls.note(new["key"], half, services)
        if len(joined.answered):
            self._rename(np.flatnonzero(are_among(self._columns["key"], joined.answered)).astype(np.int32))
        if len(joined.keys):
            named = are_among(self._columns["parent_key"], joined.keys)
            named &= self._columns["key"] != servers_keys(self._columns["parent_key"])
            self._home_anew(np.flatnonzero(named).astype(np.int32))
        return self._calls.apart(new, half, services)

    def _rename(self, servers: NDArray[np.int32]) -> None:
        """Give the servers' halves at these rows, whose clients' have arrived, ids below those."""
        keys = self._columns["key"][servers]
        self._columns.put("key", servers, servers_keys(keys))
        self._columns.put("parent_key", servers, keys)
        self._rows.keep(lambda _, rows: ~np.isin(rows, servers))
        self._rows.add(Sorted.of(servers_keys(keys)), servers)
        self._parents.moved(servers)

    def _home_anew(self, rows: NDArray[np.int32]) -> None:
        """Find again the parents of spans that name a call whose other half has arrived."""
        services = self._calls.services(self._columns["origin_id"][rows], self._intern.origins.values)
        parents = self._calls.parents(self._columns["parent_key"][rows], services)
        self._columns.put("parent_key", rows, parents)
        self._parents.moved(rows)

    def _without_refused(self, new: Record) -> Record:
        """Without the spans for which there is no memory; spans that are already there may still end."""
        refused = new["trace_index"] < self._refused_traces
        refused[self._rows.find(Sorted.of(new["key"]), 1)[0]] = False
        number = int(np.count_nonzero(refused))
        if number:
            self.health = self.health.more(Kind.REFUSED, (), number)
        return only(new, ~refused)

    def _append_rows(self, new: Record, keys: Sorted) -> None:
        start = len(self._columns)
        self._columns.append(new)
        rows = np.arange(start, len(self._columns), dtype=np.int32)
        self._rows.add(keys, rows)
        self._parents.link(rows, keys)
        is_open = new["end_ns"] == 0
        self._unfinished.begin(rows[is_open].tolist(), self._sources_of(new["origin_id"][is_open]))

    def _sources_of(self, origin_id: NDArray[np.int32]) -> Iterator[int]:
        origins = self._intern.origins.values
        return (origins[origin].source for origin in origin_id.tolist())

    def _add_namesake(self, new: Record) -> int:
        """Add one span with known ids: a start record's end, a duplicate or a collision. Returns its row."""
        _, rows = self._rows.find(Sorted.of(new["key"]), _MOST_NAMESAKES)
        for row in sorted(map(int, rows)):
            if is_same(self._columns, row, new):
                self._merge(row, new)
                return row
        self._add_strangers(new, np.array([len(rows)]))
        return len(self._columns) - 1

    def _add_strangers(self, new: Record, beside: NDArray[np.intp]) -> None:
        """Add spans whose ids others have, so many of them `beside` each."""
        self._note_collisions(new, beside, _MOST_NAMESAKES)
        if len(beside):
            self._append_rows(new, Sorted.of(new["key"]))

    def _merge(self, row: int, new: Record) -> None:
        """Keep the more complete of two records of one span."""
        old = {name: self._columns[name][row : row + 1] for name in new}
        if old["end_ns"][0] and new["end_ns"][0]:
            self._note(Kind.DUPLICATE, new, "the same span again")
        texts = self._intern.texts.values
        if knowledge(new, texts) <= knowledge(old, texts):
            return
        self._upsert(np.array([row], np.int32), new)

    def _upsert(self, rows: NDArray[np.int32], new: Record) -> None:
        """Replace the records of some spans by more complete ones."""
        moved = rows[self._columns["parent_key"][rows] != new["parent_key"]]
        for name in UPSERTED:
            self._columns.put(name, rows, new[name])
        is_open = new["end_ns"] == 0
        self._unfinished.end(rows[~is_open].tolist())
        self._unfinished.tell(rows[is_open].tolist(), self._sources_of(new["origin_id"][is_open]))
        self._parents.moved(moved)

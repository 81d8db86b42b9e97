"""Maps rows to those of another snapshot: what the user looks at stays what it is."""

from collections.abc import Iterable, Mapping

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from tracetui.model.numbers.distinct import distinct
from tracetui.store.joining.keys import are_among
from tracetui.store.snapshot import Snapshot


class Rows(Struct, frozen=True, eq=False):
    """What identifies the rows of a snapshot, without everything else it holds."""

    key: NDArray[np.uint64]
    start_ns: NDArray[np.int64]
    renewals: int

    def __len__(self) -> int:
        return len(self.key)


def rows_of(snapshot: Snapshot) -> Rows:
    """The rows of a snapshot."""
    return Rows(snapshot.key, snapshot.start_ns, snapshot.renewals)


def continues(old: Snapshot | Rows, new: Snapshot | Rows) -> bool:
    """Whether rows of `old` are the same rows of `new`: nothing was evicted, and it is the same recording."""
    last = len(old) - 1
    if old.renewals != new.renewals or last >= len(new):
        return False
    return last < 0 or bool(old.key[0] == new.key[0] and old.key[last] == new.key[last])


def moved(old: Snapshot | Rows, new: Snapshot | Rows, rows: Iterable[int]) -> Mapping[int, int]:
    """By row of `old` the row of the same span in `new`, without evicted ones.

    O(1) per row if `new` continues `old`, else O(n) per call. If several spans share their ids, the one that
    started at the same time; a unique one may have another start now.
    """
    wanted = distinct(np.array([row for row in rows if 0 <= row < len(old)], np.int64))
    if not len(wanted) or continues(old, new):
        return {int(row): int(row) for row in wanted}
    there = np.flatnonzero(are_among(new.key, old.key[wanted]))
    places: dict[int, dict[int, int]] = {}
    for row in there[::-1].tolist():
        places.setdefault(int(new.key[row]), {})[int(new.start_ns[row])] = row
    new_rows = {
        row: _place(places.get(int(old.key[row]), {}), int(old.start_ns[row])) for row in wanted.tolist()
    }
    return {row: place for row, place in new_rows.items() if place is not None}


def _place(by_start: Mapping[int, int], start_ns: int) -> int | None:
    alone = next(iter(by_start.values())) if len(by_start) == 1 else None
    return by_start.get(start_ns, alone)

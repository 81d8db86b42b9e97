"""Compacts a table after eviction: columns without gaps, and only the strings that they need.

Nothing that was handed out changes: snapshots keep their columns and strings.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from tracetui.model.columns import STORED, TEXTS
from tracetui.model.interned import Interned
from tracetui.model.numbers.distinct import distinct
from tracetui.store.columns import Columns
from tracetui.store.joining.intern import Intern

T = TypeVar("T", bound=Hashable)


def compacted(columns: Columns, intern: Intern, keep: NDArray[np.bool_]) -> tuple[Columns, Intern]:
    """The rows that `keep` marks, their parents not yet found, and the strings of these rows."""
    rows: dict[str, NDArray[Any]] = {name: columns[name][keep] for name in STORED}
    rows["parent_row"] = np.full(len(rows["key"]), -1, np.int32)
    fresh = Intern()
    rows |= _renumbered(rows, TEXTS, intern.texts.values, fresh.texts)
    rows |= _renumbered(rows, ("origin_id",), intern.origins.values, fresh.origins)
    fresh.digests = intern.digests[distinct(rows["trace_index"])]
    rows |= _renumbered(rows, ("trace_index",), intern.trace_ids.values, fresh.trace_ids)
    fresh.opaque = dict(intern.opaque)
    compact = Columns()
    compact.append(rows)
    return compact, fresh


def _renumbered(
    rows: dict[str, NDArray[Any]], names: Sequence[str], values: Sequence[T], into: Interned[T]
) -> dict[str, NDArray[np.int32]]:
    """Columns of numbers for the same values in another table of values."""
    used = distinct(np.concatenate([rows[name] for name in names]))
    numbers = np.zeros(int(used.max(initial=0)) + 1, np.int32)
    intern: Callable[[T], int] = into.intern
    numbers[used] = [intern(values[number]) for number in used.tolist()]
    return {name: numbers[rows[name]] for name in names}

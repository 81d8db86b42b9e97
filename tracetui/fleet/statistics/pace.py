"""The runs before a run as what its tests are held against while it runs: fact by fact, as columns."""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.history.records import RunHead
from tracetui.analysis.overview.baseline import Baseline
from tracetui.fleet.queries.past import each
from tracetui.fleet.queries.speed import HOST
from tracetui.fleet.statistics.past import ROLES, Key, last_jobs, rows_of
from tracetui.fleet.store import Store
from tracetui.model.role import OUTCOMES

if TYPE_CHECKING:
    import pyarrow as pa


def baseline(store: Store, run: Sequence[RunHead], variants: Collection[str] = ()) -> Baseline | None:
    """The runs that `past` gives, those that ended; None without any."""
    found = [(key, head) for key, head in last_jobs(store, run, variants) if head.state == "ended"]
    if not found:
        return None
    numbers = _numbers(found)
    count = max(numbers.values()) + 1
    start_ns, end_ns = np.full(count, np.iinfo(np.int64).max), np.zeros(count, np.int64)
    for key, head in found:
        start_ns[numbers[key]] = min(start_ns[numbers[key]], head.start_ns)
        end_ns[numbers[key]] = max(end_ns[numbers[key]], head.end_ns)
    return _columns(rows_of(store, each, found), numbers, start_ns, end_ns)


def _numbers(found: Sequence[tuple[Key, RunHead]]) -> dict[Key, int]:
    """By job the number of its run: of the last to begin it is 0."""
    runs: dict[Key, int] = {}
    return {key: runs.setdefault(key[2:], len(runs)) for key, _ in reversed(found)}


def _columns(
    rows: "pa.Table", numbers: Mapping[Key, int], start_ns: NDArray[np.int64], end_ns: NDArray[np.int64]
) -> Baseline:
    columns = [rows.column(name).to_pylist() for name in HOST]
    run = np.array([numbers.get(key, -1) for key in zip(*columns, strict=True)], np.intp)
    names, name = _numbered(rows, "name")
    roles, role = _numbered(rows, "role")
    outcomes, outcome = _numbered(rows, "outcome")
    start, own, total = (rows.column(each).to_numpy() for each in ("start_ns", "own_ns", "total_ns"))
    meant = run >= 0
    return Baseline(
        start_ns=start_ns,
        end_ns=end_ns,
        texts=names,
        name=name[meant],
        run=run[meant],
        role=np.array([ROLES[text] for text in roles], np.uint8)[role][meant],
        outcome=np.array([OUTCOMES[text] for text in outcomes], np.uint8)[outcome][meant],
        own_ns=own[meant],
        total_ns=total[meant],
        ended_ns=(start + total)[meant],
    )


def _numbered(rows: "pa.Table", column: str) -> tuple[list[Any], NDArray[np.int64]]:
    """The different texts of a column, and by row the number of its own."""
    coded = rows.column(column).combine_chunks().dictionary_encode()
    return coded.dictionary.to_pylist(), coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)

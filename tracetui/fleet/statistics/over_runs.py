"""The durations of tests over the runs of a fleet, as input for `analysis.history`: its change points, its
page.
"""

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np

from tracetui.analysis.history.change_points import trends
from tracetui.analysis.history.over_runs import HistoryValue
from tracetui.analysis.history.records import RunHead, Variant
from tracetui.analysis.history.series import Series
from tracetui.analysis.statistics.run_speed import LEAST_TESTS
from tracetui.model.role import Outcome

if TYPE_CHECKING:
    import pyarrow as pa

RUN = ("suite", "variant", "task", "run", "attempt")
"""What tells one head from another; `queries.series` gives both tables these columns."""
Key = tuple[Any, ...]


def value(rows: "pa.Table", runs: "pa.Table", name: str = "", all_: int | None = None) -> HistoryValue:
    """Rows of `queries.series.history` in runs of `runs_of`; `all_` is the number of tests if only some are
    here.

    If one test is called `name`, it is shown run by run.
    """
    heads, places = _heads(runs)
    kinds: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows.to_pylist():
        kinds[row["suite"], row["variant"]].append(row)
    tables = [_series(kind, kinds[kind], places) for kind in sorted(kinds)]
    all_trends = trends(tables)
    exact = [trend for trend in all_trends if trend.name == name]
    known = any(table.is_speed_known for table in tables)
    return HistoryValue(heads, "test", exact or all_trends, all_ or len(all_trends), name, known)


def _heads(runs: "pa.Table") -> tuple[list[RunHead], dict[Key, int]]:
    """The runs in order of start, and the index of each."""
    rows = sorted(runs.to_pylist(), key=lambda row: (row["start_ns"], *(row[key] for key in RUN)))
    heads = [
        RunHead(
            suite=row["suite"],
            job=row["variant"],
            run_id=row["run"],
            attempt=row["attempt"],
            start_ns=row["start_ns"],
            end_ns=row["end_ns"],
            state="ended",
            outcome=Outcome.UNKNOWN,
            revision=row["revision"],
            branch=row["branch"],
            variant=Variant(),
            workers=1,
            tests=row["tests"],
            key=place,
        )
        for place, row in enumerate(rows)
    ]
    return heads, {tuple(row[key] for key in RUN): place for place, row in enumerate(rows)}


def _series(kind: tuple[str, str], rows: list[dict[str, Any]], places: dict[Key, int]) -> Series:
    """The table of a suite on a variant: a row per test, a column per run in which any of them passed."""
    heads = [places[tuple(row[key] for key in RUN)] for row in rows]
    runs, column = np.unique(np.array(heads, np.intp), return_inverse=True)
    names = sorted({row["test"] for row in rows})
    number = {name: place for place, name in enumerate(names)}
    line = np.array([number[row["test"]] for row in rows], np.intp)
    shape = (len(names), len(runs))
    took, speed = np.full(shape, np.nan), np.ones(len(runs))
    took[line, column] = np.exp([row["log"] for row in rows]) - 1
    speed[column] = np.exp([row["speed"] for row in rows])
    there = ~np.isnan(took)
    return Series(
        suite=kind[0],
        job=kind[1],
        runs=runs,
        names=tuple(names),
        took_ns=took,
        at_least=np.zeros(shape, np.bool_),
        outcome=np.where(there, np.uint8(Outcome.PASSED), np.uint8(Outcome.UNKNOWN)),
        calls=there.astype(np.int64),
        speed=speed,
        is_speed_known=any(row["tests"] >= LEAST_TESTS for row in rows),
    )

"""What tests, fixtures, hooks or files took from run to run: a table with a row for each and a column a run.

Suites and jobs have tables of their own: only runs of one kind can be compared.
"""

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from tracetui.analysis.history.records import Columns, Records
from tracetui.analysis.statistics.run_speed import LEAST_TESTS, run_factors
from tracetui.model.numbers.distinct import among
from tracetui.model.role import HookKind, Outcome, Role

Floats = NDArray[np.float64]

BY = ("test", "fixture", "hook", "file")
"""What can be followed over runs."""

_MEASURED = (Outcome.PASSED, Outcome.XFAILED, Outcome.XPASSED, Outcome.UNKNOWN)
"""A test that failed did not do all that it does, one that was skipped did nothing."""


class Series(Struct, frozen=True, eq=False):
    """A table over runs of one kind, `runs` (their numbers among the heads), the first to begin first.

    `names` (foreign texts) are those of the rows. `took_ns` is own time, NaN if not measured: for a test the
    mean of its last attempts, for a fixture or hook the mean of `calls`, for a file the sum of its tests.
    Those `at_least` so long were killed or timed out. `outcome` is that of the last attempt, the worst if
    there are several, `UNKNOWN` if the run did not have it; then `calls` is 0. `speed` says by run how many
    times as long as usual its tests took (their median); 1 if there are too few, and if that is so in all
    runs it is unknown.
    """

    suite: str
    job: str
    runs: NDArray[np.intp]
    names: tuple[str, ...]
    took_ns: Floats
    at_least: NDArray[np.bool_]
    outcome: NDArray[np.uint8]
    calls: NDArray[np.int64]
    speed: Floats
    is_speed_known: bool = True


def series(records: Records, by: str = "test") -> list[Series]:
    """A table for each kind of run, in order of suite and job; live runs are left out."""
    kinds: dict[tuple[str, str], list[int]] = {}
    for number, head in enumerate(records.heads):
        if head.state != "live":
            kinds.setdefault(head.kind, []).append(number)
    rows, tests = _Rows.of(records, by), _Rows.of(records, "test")
    all_series = []
    for kind, runs in sorted(kinds.items()):
        made = _table(kind, np.array(runs, np.intp), rows)
        usual = made if by == "test" else _table(kind, made.runs, tests)
        most = int(np.count_nonzero(usual.took_ns > 0, axis=0).max(initial=0))
        speeds = speed(usual.took_ns, usual.at_least)
        all_series.append(replace(made, speed=speeds, is_speed_known=most >= LEAST_TESTS))
    return all_series


def speed(took_ns: Floats, at_least: NDArray[np.bool_]) -> Floats:
    """By column how many times as long as usual its rows took: the median of all, 1 if there are too few."""
    exact = np.where(at_least | ~(took_ns > 0), np.nan, took_ns)
    tell = np.count_nonzero(~np.isnan(exact), axis=0) >= LEAST_TESTS
    factors = np.ones(took_ns.shape[1])
    factors[tell] = np.exp(run_factors(np.log(exact[:, tell])))
    return factors


class _Rows(Struct, frozen=True, eq=False):
    """The records' rows that are followed, each row's group number, and the names of groups."""

    by: str
    columns: Columns
    group: NDArray[np.int64]
    names: list[str]

    @classmethod
    def of(cls, records: Records, by: str) -> "_Rows":
        """The rows that `by` selects."""
        columns = records.columns.only(_meant(records.columns, by))
        return cls(by, columns, *_groups(records, columns, by))


def _meant(columns: Columns, by: str) -> NDArray[np.bool_]:
    tests, hooks = columns.role == Role.TEST, columns.role == Role.HOOK
    if by in ("test", "file"):
        meant = tests & (columns.outcome != Outcome.RERUN)
    elif by == "fixture":
        meant = hooks & (columns.hook_kind >= HookKind.FIXTURE)
    else:
        meant = ~tests & ~(hooks & (columns.hook_kind >= HookKind.FIXTURE))
    return np.asarray(meant, np.bool_)


def _groups(records: Records, columns: Columns, by: str) -> tuple[NDArray[np.int64], list[str]]:
    """By row the number of its group, and the names of groups."""
    if by != "file":
        return columns.name.astype(np.int64), list(records.texts)
    files: dict[str, int] = {}
    of_text = [files.setdefault(text.partition("::")[0], len(files)) for text in records.texts]
    return np.array(of_text, np.int64)[columns.name], list(files)


def _table(kind: tuple[str, str], runs: NDArray[np.intp], selected: _Rows) -> Series:
    """Adds up the rows of these runs: O(rows + cells of the table)."""
    by, columns, group, names = selected.by, selected.columns, selected.group, selected.names
    place = np.full(int(max(columns.run.max(initial=-1), runs.max(initial=-1))) + 1, -1, np.intp)
    place[runs] = np.arange(len(runs))
    rows = np.flatnonzero(place[columns.run] >= 0)
    there = np.flatnonzero(np.bincount(group[rows], minlength=len(names)))
    row = np.zeros(len(names), np.intp)
    row[there] = np.arange(len(there))
    shape = (len(there), len(runs))
    cell = row[group[rows]] * len(runs) + place[columns.run[rows]]
    outcome, bound = columns.outcome[rows], columns.at_least[rows]
    measured = np.ones(len(rows), np.bool_) if by != "test" else bound | among(outcome, _MEASURED)
    size = shape[0] * shape[1]
    own = np.bincount(cell[measured], columns.own_ns[rows][measured], size)
    calls = np.bincount(cell, columns.count[rows], size)
    counted = np.bincount(cell[measured], columns.count[rows][measured], size)
    divisor = counted if by != "file" else np.minimum(counted, 1)
    took = np.divide(own, divisor, out=np.full(size, np.nan), where=divisor > 0)
    bounds = np.bincount(cell[bound], minlength=size) > 0
    return Series(
        suite=kind[0],
        job=kind[1],
        runs=runs,
        names=tuple(names[number] for number in there.tolist()),
        took_ns=took.reshape(shape),
        at_least=bounds.reshape(shape),
        outcome=_worst(cell, outcome, size).reshape(shape),
        calls=calls.astype(np.int64).reshape(shape),
        speed=np.ones(len(runs)),
    )


_GOOD_FIRST = np.argsort(
    [outcome in (Outcome.CUT_OFF, Outcome.FAILED, Outcome.ERROR) for outcome in Outcome], kind="stable"
)
_RANK = np.argsort(_GOOD_FIRST)


def _worst(cell: NDArray[np.intp], outcome: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    worst = np.zeros(size, np.uint8)
    worst_last = np.argsort(_RANK[outcome], kind="stable")
    worst[cell[worst_last]] = outcome[worst_last]
    return worst

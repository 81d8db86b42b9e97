"""Which tests to run again, and how often: those that add most time, within a budget."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from tracetui.analysis.compare.comparison import Comparison, Verdict
from tracetui.analysis.compare.timing import LEAST_RATIO
from tracetui.analysis.history.records import Records
from tracetui.analysis.statistics.rank_sum import least_runs
from tracetui.model.role import Role

MOST = 40
"""So many tests are run again at most."""
TEST = Role.TEST.label
_ENDS = (Verdict.NEWLY_FAILING, Verdict.NEWLY_FLAKY, Verdict.FIXED)


class Suspect(NamedTuple):
    """A test (foreign text), and its duration on both sides together, in ns."""

    name: str
    both_ns: int


class Suspects(NamedTuple):
    """Tests in the order in which to run them again, and the duration of a whole suite on `workers`, in ns.

    What is `left_out` (`fixture db`: foreign texts) is suspect too, but does not run by itself.
    """

    tests: tuple[Suspect, ...]
    suite_ns: int
    workers: int
    left_out: tuple[str, ...]


class Rounds(NamedTuple):
    """The tests to run again, and how often on each side."""

    tests: tuple[Suspect, ...]
    number: int


class Confirmation(NamedTuple):
    """The result for `suspects` tests in `rounds` rounds; times in seconds.

    Others were `left_out`, because they do not run by themselves; for the `unaffordable` ones there was no
    time, or too few rounds to judge more. A whole suite takes `suite_s`, the reruns took `spent_s`.
    """

    comparison: Comparison
    rounds: int
    suspects: int
    left_out: tuple[str, ...]
    unaffordable: int
    suite_s: float
    spent_s: float


class _Row(NamedTuple):
    kind: str
    name: str
    verdict: str
    ratio: float | None
    added_ns: int
    both_ns: int


def suspects_of(comparison: Comparison) -> Suspects:
    """The suspects of a comparison: first those so called, then changed outcomes, then what may have
    changed.
    """
    rows = [
        _Row(
            kind=row.subject.kind,
            name=row.subject.name,
            verdict=row.verdict.value,
            ratio=row.ratio,
            added_ns=row.added_ns,
            both_ns=(row.base_ns or 0) + (row.new_ns or 0),
        )
        for row in comparison.rows
    ]
    return _chosen(rows, comparison.suite_ns, comparison.workers)


def suspects_in(document: Mapping[str, Any]) -> Suspects:
    """The same from a `tracetui.compare/1`; raises `KeyError`, `TypeError` or `ValueError` for other
    documents.
    """
    if document["schema"] != "tracetui.compare/1":
        raise ValueError(document["schema"])
    rows = [
        _Row(
            kind=str(row["kind"]),
            name=str(row["name"]),
            verdict=row["verdict"],
            ratio=row["ratio"],
            added_ns=int(row["added_ns"]),
            both_ns=int(row["base_ns"] or 0) + int(row["new_ns"] or 0),
        )
        for row in document["rows"]
    ]
    return _chosen(rows, int(document["suite_ns"]), max(1, int(document["workers"])))


def _chosen(rows: Sequence[_Row], suite_ns: int, workers: int) -> Suspects:
    """What stands out, the most time first; rows that are the same, added or gone need no more runs."""
    unsure = [row for row in rows if row.verdict == Verdict.SUSPECT]
    ends = [row for row in rows if row.verdict in _ENDS]
    perhaps = [row for row in rows if row.verdict == Verdict.UNDECIDED and _is_large(row.ratio)]
    by_time = [sorted(group, key=lambda row: -abs(row.added_ns)) for group in (unsure, ends, perhaps)]
    tests: dict[str, Suspect] = {}
    for row in (row for group in by_time for row in group if row.kind == TEST):
        tests.setdefault(row.name, Suspect(row.name, row.both_ns))
    left_out = tuple(f"{row.kind} {row.name}" for row in unsure if row.kind != TEST)
    return Suspects(tuple(tests.values())[:MOST], suite_ns, workers, left_out)


def _is_large(ratio: float | None) -> bool:
    return ratio is not None and not 1 / LEAST_RATIO < ratio < LEAST_RATIO


def rounds(suspects: Suspects, budget_s: float, start_s: float, wanted: int | None = None) -> Rounds:
    """As many of the suspects, from the first on, as can be judged within `budget_s`; at least one.

    `start_s` is the duration of a run without tests. There are enough rounds to prove one change among them;
    if fewer are `wanted`, fewer suspects are run.
    """
    kept = list(provable(suspects.tests, wanted) if wanted else suspects.tests)
    while len(kept) > 1 and (wanted or least_runs(len(kept))) * _round_s(kept, suspects, start_s) > budget_s:
        kept.pop()
    return Rounds(tuple(kept), wanted or least_runs(len(kept)))


def provable(tests: Sequence[Suspect], done: int) -> tuple[Suspect, ...]:
    """As many of them, from the first on, as `done` rounds can judge; at least one.

    Their order was fixed before these rounds, so leaving out the others is no bias.
    """
    kept = list(tests)
    while len(kept) > 1 and least_runs(len(kept)) > done:
        kept.pop()
    return tuple(kept)


def _round_s(tests: Sequence[Suspect], suspects: Suspects, start_s: float) -> float:
    """The time to run these once on both sides, shared by the workers."""
    durations = [test.both_ns for test in tests]
    took = max(sum(durations) / suspects.workers, *durations)
    return took / 1e9 + 2 * start_s


def only_tests(side: Records, names: set[str]) -> Records:
    """The named tests of a side, without hooks, fixtures and all others."""
    wanted = np.array([text in names for text in side.texts], np.bool_)
    columns = side.columns
    return Records(side.heads, side.texts, columns.only((columns.role == Role.TEST) & wanted[columns.name]))

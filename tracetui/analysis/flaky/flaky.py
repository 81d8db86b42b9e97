"""Which tests are flaky, with all the evidence; and which are broken, which is something else."""

from collections.abc import Iterator, Sequence
from math import ceil, log
from typing import NamedTuple

import numpy as np

from tracetui.analysis.flaky.attempts import Attempts, Mask, Numbers, attempts
from tracetui.analysis.flaky.disagreement import Disagreement, disagreement
from tracetui.analysis.flaky.fixes import Fix, unplaced
from tracetui.analysis.flaky.fixes import since_ns as since_fixed_ns
from tracetui.analysis.flaky.same_code import same_code
from tracetui.analysis.history.records import Records
from tracetui.analysis.statistics.discoveries import Interval, wilson
from tracetui.model.numbers.distinct import distinct
from tracetui.model.role import Outcome

SURE = 0.05
"""The chance with which a re-run that should show a failure may still miss it."""


class Evidence(NamedTuple):
    """One attempt in run `run` (a number of the records), and the attempt that contradicts it."""

    run: int
    attempt: int
    outcome: Outcome
    other_run: int
    other_attempt: int


class Flaky(NamedTuple):
    """A test that failed and passed at the same code.

    Of `runs` attempts at code at which it is known to work, `failed` failed: a share between `low` and `high`
    (Wilson, 95 %). It failed `unclear` more times where flaky and broken cannot be told apart. `suite_runs`
    is how many runs had it, and `red` in how many of these it failed in the end. Failed attempts and reruns
    took `cost_ns`. `last_run` is the last run in which it failed by chance.
    """

    name: str
    suite: str
    job: str
    runs: int
    failed: int
    interval: Interval
    unclear: int
    suite_runs: int
    red: int
    cost_ns: int
    last_run: int
    evidence: tuple[Evidence, ...]


class Broken(NamedTuple):
    """A test that has failed in each of the last `runs` runs that had it, since run `since`: not flaky."""

    name: str
    suite: str
    job: str
    runs: int
    since: int


class Flakiness(NamedTuple):
    """The verdict on the tests of all runs: the flaky ones, most often failing first, and the broken ones.

    Of all runs, `unknown_code` did not say what code they ran, and `repeated` ran code that another ran too.
    `unplaced` are fixes at revisions that no run had.
    """

    flaky: tuple[Flaky, ...]
    broken: tuple[Broken, ...]
    unknown_code: int
    repeated: int
    unplaced: tuple[Fix, ...]


def flakiness(records: Records, fixes: Sequence[Fix] = ()) -> Flakiness:
    """The verdict on all runs: O(n log n), and a loop over the flaky and the broken tests only."""
    code, is_known = same_code(records.heads)
    of = attempts(records, since_fixed_ns(records, fixes))
    disagreements = disagreement(of)
    flaky = sorted(_flaky_tests(records, of, disagreements), key=lambda test: (-test.interval.low, test.name))
    return Flakiness(
        flaky=tuple(flaky),
        broken=tuple(_broken_tests(records, of, disagreements)),
        unknown_code=int(np.count_nonzero(~is_known)),
        repeated=int(np.count_nonzero(np.bincount(code)[code] > 1)) if len(code) else 0,
        unplaced=unplaced(records, fixes),
    )


def reruns_to_show(share: float) -> int:
    """How many runs show a failure with 95 % probability, if each fails with probability `share`: ln .05 /
    ln(1 - p).
    """
    if share >= 1:
        return 1
    return ceil(log(SURE) / log(1 - share))


def _flaky_tests(records: Records, of: Attempts, disagreements: Disagreement) -> Iterator[Flaky]:
    for rows in _by_test(of, distinct(of.test[disagreements.is_flaky])):
        by_chance = rows[disagreements.is_flaky[rows]]
        failed = by_chance[of.is_bad[by_chance]]
        counted = len(by_chance) + int(np.count_nonzero(~of.is_bad[rows] & ~disagreements.is_flaky[rows]))
        again = by_chance[of.is_bad[by_chance] | (of.columns.attempt[by_chance] > 1)]
        red = failed[of.is_last[failed]]
        head = records.heads[int(of.columns.run[rows[0]])]
        yield Flaky(
            name=records.texts[int(of.columns.name[rows[0]])],
            suite=head.suite,
            job=head.job,
            runs=counted,
            failed=len(failed),
            interval=wilson(len(failed), counted),
            unclear=int(np.count_nonzero(of.is_bad[rows])) - len(failed),
            suite_runs=len(distinct(of.columns.run[rows])),
            red=len(distinct(of.columns.run[red])),
            cost_ns=int(of.columns.total_ns[again].sum()),
            last_run=int(of.columns.run[failed].max()),
            evidence=tuple(_evidence(of, disagreements, by_chance.tolist())),
        )


def _by_test(of: Attempts, tests: Numbers) -> Iterator[Numbers]:
    """The rows of each of the tests."""
    for begin, end in zip(
        *(np.searchsorted(of.test, tests, side) for side in ("left", "right")), strict=True
    ):
        yield np.arange(begin, end)


def _evidence(of: Attempts, disagreements: Disagreement, rows: Sequence[int]) -> Iterator[Evidence]:
    """Each failure that is contradicted, and each attempt that contradicts one, by run and attempt."""
    other: dict[int, int] = {}
    for row in rows:
        if disagreements.passed_again[row]:
            before = range(row - int(of.columns.attempt[row]) + 1, row)
            other |= {row: row - 1, **dict.fromkeys(before, row)}
    for row in rows:
        if (contrast := int(disagreements.contrast[row])) >= 0:
            other.setdefault(row, contrast)
            other.setdefault(contrast, row)
    for row in sorted(other):
        yield _witness(of, row, other[row])


def _witness(of: Attempts, row: int, other: int) -> Evidence:
    run, attempt = of.columns.run, of.columns.attempt
    outcome = Outcome(int(of.columns.outcome[row]))
    return Evidence(int(run[row]), int(attempt[row]), outcome, int(run[other]), int(attempt[other]))


def _broken_tests(records: Records, of: Attempts, disagreements: Disagreement) -> Iterator[Broken]:
    """The broken tests, by name; since the last run in which it passed, or failed by chance."""
    if not len(of):
        return
    fails = of.is_bad & ~disagreements.is_flaky
    is_new_run = np.ones(len(of), np.bool_)
    is_new_run[1:] = (of.test[1:] != of.test[:-1]) | (of.columns.run[1:] != of.columns.run[:-1])
    begin = np.flatnonzero(is_new_run)
    in_run = np.logical_or.reduceat(fails, begin)
    ended = np.logical_or.reduceat(of.is_last, begin)
    begin, in_run = begin[ended], in_run[ended]
    tests = of.test[begin]
    last = np.flatnonzero(np.append(tests[1:] != tests[:-1], np.ones(min(1, len(tests)), np.bool_)))
    for place in last[in_run[last]].tolist():
        first = _first_of_row(in_run, tests, place)
        row = int(begin[first])
        head = records.heads[int(of.columns.run[row])]
        name = records.texts[int(of.columns.name[row])]
        yield Broken(name, head.suite, head.job, place - first + 1, int(of.columns.run[row]))


def _first_of_row(in_run: Mask, tests: Numbers, place: int) -> int:
    """Where the series of failures of one test that ends at `place` begins."""
    while place and in_run[place - 1] and tests[place - 1] == tests[place]:
        place -= 1
    return place

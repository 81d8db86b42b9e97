"""The tests that pass and fail at the same code, and those that always fail; each with its evidence."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

from tracetui.analysis.compare.outcomes import CHANCE
from tracetui.analysis.statistics.discoveries import Interval, wilson
from tracetui.fleet.queries.outcomes import SAME_TEST

Cell = Mapping[str, Any]
"""A row of `queries.outcomes.at_code`."""
SURE = 2
"""At so many revisions it passed and failed: at one that may have been the machine."""


class Evidence(NamedTuple):
    """A test passed and failed at the same code: a `revision`, or (if that is unknown) a pipeline `run`.

    Some of its failures may be of a `rerun` in the same run. Texts are foreign.
    """

    suite: str
    task: str
    variant: str
    revision: str
    run: str
    passed: int
    failed: int
    reruns: int
    failed_run: str
    passed_run: str
    last_ns: int


class FlakyTest(NamedTuple):
    """A test that `failed` in some of its `executions` at code at which it is known to work.

    The `interval` is Wilson's. It failed `unclear` more times that may be flaky or broken. Failures and
    reruns took `cost_ns`. With evidence of only one revision it is not `is_sure`. `evidence`: newest first.
    """

    test: str
    executions: int
    failed: int
    interval: Interval
    unclear: int
    cost_ns: int
    is_sure: bool
    evidence: tuple[Evidence, ...]


class Broken(NamedTuple):
    """A test that failed each of the last `times` times in a job, since `since_ns` at `revision` (or `run`).

    It may pass elsewhere (`passes_elsewhere`): on another variant, or in another job.
    """

    test: str
    suite: str
    task: str
    variant: str
    times: int
    since_ns: int
    revision: str
    run: str
    ever_passed: bool
    passes_elsewhere: bool


class Flakiness(NamedTuple):
    """The flaky tests, those that fail most often first, and those that always fail."""

    flaky: tuple[FlakyTest, ...]
    broken: tuple[Broken, ...]


def flakiness(cells: Sequence[Cell]) -> Flakiness:
    """The result for all cells: O(n log n)."""
    ordered = sorted(cells, key=itemgetter(*SAME_TEST, "last_ns", "code"))
    flaky: list[FlakyTest] = []
    broken: list[Broken] = []
    for name, rows in groupby(ordered, itemgetter("test")):
        of_test = list(rows)
        result = _flaky(name, of_test)
        if result:
            flaky.append(result)
        broken += _broken(of_test, result)
    flaky.sort(key=lambda test: (not test.is_sure, -test.interval.low, test.test))
    broken.sort(key=lambda entry: (-entry.since_ns, entry.test, entry.variant))
    return Flakiness(tuple(flaky), tuple(broken))


def _flaky(name: str, cells: Sequence[Cell]) -> FlakyTest | None:
    mixed = [cell for cell in cells if cell["passed"] and cell["failed"]]
    if not mixed:
        return None
    failed = sum(cell["failed"] for cell in mixed)
    count = failed + sum(cell["passed"] for cell in cells)
    evidence = sorted(map(_evidence, mixed), key=attrgetter("last_ns", "variant"), reverse=True)
    return FlakyTest(
        test=name,
        executions=count,
        failed=failed,
        interval=wilson(failed, count),
        unclear=sum(cell["failed"] for cell in cells if not cell["passed"]),
        cost_ns=sum(cell["again_ns"] for cell in mixed),
        is_sure=len({entry.revision or entry.run for entry in evidence}) >= SURE,
        evidence=tuple(evidence),
    )


def _evidence(cell: Cell) -> Evidence:
    return Evidence(
        suite=cell["suite"],
        task=cell["task"],
        variant=cell["variant"],
        **_code(cell),
        passed=cell["passed"],
        failed=cell["failed"],
        reruns=cell["reruns"],
        failed_run=cell["failed_run"],
        passed_run=cell["passed_run"],
        last_ns=cell["last_ns"],
    )


def _code(cell: Cell) -> dict[str, str]:
    return {kind: cell["code"] if cell["told"] == kind else "" for kind in ("revision", "run")}


def _broken(cells: Sequence[Cell], flaky: FlakyTest | None) -> Iterator[Broken]:
    """By job; for a flaky test only if chance would hardly make it fail so often."""
    jobs = [list(rows) for _, rows in groupby(cells, itemgetter(*SAME_TEST))]
    works = [_trailing(rows) == [] for rows in jobs]
    for place, rows in enumerate(jobs):
        since = _trailing(rows)
        times = sum(cell["failed"] for cell in since)
        if not since or (flaky and flaky.interval.high**times > CHANCE):
            continue
        first = min(since, key=itemgetter("first_failed_ns"))
        yield Broken(
            **{key: first[key] for key in SAME_TEST},
            times=times,
            since_ns=first["first_failed_ns"],
            **_code(first),
            ever_passed=any(cell["passed"] for cell in rows),
            passes_elsewhere=any(works[:place] + works[place + 1 :]),
        )


def _trailing(cells: Sequence[Cell]) -> list[Cell]:
    """The cells of one job after its last pass, all failures."""
    last_passed = max(cell["last_passed_ns"] for cell in cells)
    return [cell for cell in cells if not cell["passed"] and cell["first_failed_ns"] > last_passed]

"""The spans of a recording that are facts, and the times of each, as columns."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.history.run_records import first_attempts
from tracetui.analysis.ranking.occurrences import of_derived
from tracetui.analysis.study.findings import Findings
from tracetui.fleet.facts.measures import Measures
from tracetui.model.numbers.distinct import among
from tracetui.model.numbers.processor_time import UNKNOWN, cpu_ns
from tracetui.model.role import BILLED, Outcome, Role

Numbers = NDArray[np.int64]
Rows = NDArray[np.signedinteger]
NO_DERIVED, BEFORE, AFTER = 0, 1, 2


class Selected(NamedTuple):
    """One entry each: `row` is the span's; for a test with reruns that of the first attempt, for a hook that
    wrote no span (`derived`) that of the test's wrapper. `last` is the row of the last attempt.

    Times in ns; a test's are those of all its attempts. `cpu` is `UNKNOWN` if no attempt recorded it.
    """

    row: Rows
    last: Rows
    derived: NDArray[np.uint8]
    reruns: Numbers
    start: Numbers
    own: Numbers
    total: Numbers
    setup: Numbers
    teardown: Numbers
    hook: Numbers
    archive: Numbers
    cpu: Numbers
    app_spans: Numbers

    def only(self, which: NDArray[np.bool_]) -> "Selected":
        """Some of them."""
        return Selected._make(column[which] for column in self)

    def joined(self, *others: "Selected") -> "Selected":
        """These and others."""
        return Selected._make(map(np.concatenate, zip(self, *others, strict=True)))


def selected(findings: Findings) -> Selected:
    """Tests, hooks, fixtures, archivers and suites that are over, of all runs: O(n log n)."""
    parts = [_tests(findings), *(_derived(findings, which) for which in (BEFORE, AFTER))]
    snapshot = findings.snapshot
    meant = among(snapshot.role, (Role.SUITE, *BILLED)) & (snapshot.outcome != Outcome.RUNNING)
    return _each_alone(findings, np.flatnonzero(meant)).joined(*parts)


def _each_alone(findings: Findings, rows: NDArray[np.intp]) -> Selected:
    snapshot, times, nothing = findings.snapshot, findings.times, np.zeros(len(rows), np.int64)
    return Selected(
        row=rows,
        last=rows,
        derived=nothing.astype(np.uint8),
        reruns=nothing,
        start=snapshot.start_ns[rows],
        own=times.own[rows],
        total=times.total[rows],
        setup=nothing,
        teardown=nothing,
        hook=nothing,
        archive=nothing,
        cpu=cpu_ns(snapshot.cpu[rows]),
        app_spans=nothing,
    )


def _tests(findings: Findings) -> Selected:
    """One entry for all attempts at a test; without tests that still run."""
    snapshot, of = findings.snapshot, findings.runs.jobs.of
    rows = np.flatnonzero(snapshot.role == Role.TEST)
    rows = rows[np.lexsort((snapshot.start_ns[rows], snapshot.title_id[rows], of[rows]))]
    if not len(rows):
        return _each_alone(findings, rows)
    new = np.ones(len(rows), np.bool_)
    new[1:] = (np.diff(of[rows]) != 0) | (np.diff(snapshot.title_id[rows]) != 0)
    first = np.flatnonzero(first_attempts(new, snapshot.outcome[rows]))
    last = np.append(first[1:], len(rows)) - 1
    measures = Measures(findings)

    def summed(values: Numbers) -> Numbers:
        total: Numbers = np.add.reduceat(values, first)
        return total

    cpu = cpu_ns(snapshot.cpu[rows])
    has_cpu = summed((cpu != UNKNOWN).astype(np.int64)) > 0
    tests = Selected(
        row=rows[first],
        last=rows[last],
        derived=np.zeros(len(first), np.uint8),
        reruns=(last - first).astype(np.int64),
        start=snapshot.start_ns[rows[first]],
        own=summed(findings.times.own[rows]),
        total=summed(findings.times.total[rows]),
        setup=summed(measures.setup[rows]),
        teardown=summed(measures.teardown[rows]),
        hook=summed(measures.hook[rows]),
        archive=summed(measures.archive[rows]),
        cpu=np.where(has_cpu, summed(np.where(cpu == UNKNOWN, 0, cpu)), UNKNOWN),
        app_spans=summed(measures.app_spans[rows]),
    )
    over = snapshot.outcome[tests.last] != Outcome.RUNNING
    return tests.only(over)


def _derived(findings: Findings, which: int) -> Selected:
    """Hooks that wrote no span, before tests or after them."""
    gaps = of_derived(findings.snapshot, findings.tree, findings.times)
    gaps = gaps.only(gaps.group == which - BEFORE)
    gaps = gaps.only(findings.snapshot.outcome[gaps.row] != Outcome.RUNNING)
    hooks = _each_alone(findings, gaps.row.astype(np.intp))
    end = hooks.start + hooks.total
    return hooks._replace(
        derived=np.full(len(gaps.row), which, np.uint8),
        start=hooks.start if which == BEFORE else end - gaps.total,
        own=gaps.own,
        total=gaps.total,
        cpu=np.full(len(gaps.row), UNKNOWN, np.int64),
    )

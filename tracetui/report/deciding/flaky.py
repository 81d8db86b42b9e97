"""The flaky tests, as a page and as JSON: how often each fails, what it costs, and the evidence."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.segment import Segment

from tracetui import units
from tracetui.analysis.flaky.fixes import Fix
from tracetui.analysis.flaky.flaky import Broken, Evidence, Flakiness, Flaky, reruns_to_show
from tracetui.analysis.history.records import Records, RunHead
from tracetui.model.role import Outcome
from tracetui.report import as_json
from tracetui.report.drawing.columns import Cell, table
from tracetui.report.drawing.style import (
    BAD,
    MARKS,
    OUTCOME_STYLES,
    PLAIN,
    QUIET,
    STRONG,
    WARNING,
    Line,
    many,
    words,
)
from tracetui.text import fit, sanitize

EVIDENCE = 3
"""A page shows so many of the attempts that show a test is flaky, the last ones."""
REVISION = 10
"""So many characters of a revision, as people say it."""
COLUMNS = ("flaky test", "failed", "rate", "95 %", "red runs", "cost", "to see it")


class EvidenceRow(NamedTuple):
    """An attempt, and why it is evidence; `run` and `revision` are foreign text, `outcome` is a word."""

    revision: str
    run: str
    attempt: int
    outcome: str
    why: str


class FlakyRow(NamedTuple):
    """A flaky test; see `analysis.flaky.Flaky`. `reruns` show a failure with 95 % probability at the observed
    rate, `reruns_low` and `reruns_high` at the bounds of its interval.
    """

    name: str
    runs: int
    failed: int
    low: float
    high: float
    suite: str
    job: str
    suite_runs: int
    red_runs: int
    unclear: int
    cost_ns: int
    reruns: int
    reruns_low: int
    reruns_high: int
    last_failed: str
    evidence: tuple[EvidenceRow, ...]


class BrokenRow(NamedTuple):
    """A test that always fails, or has failed since a run whose revision may have broken it."""

    name: str
    suite: str
    job: str
    runs: int
    since_run: str
    since_revision: str


class FlakyValue(NamedTuple):
    """The flaky and broken tests of some runs: see `analysis.flaky.Flakiness`."""

    runs: int
    unknown_revision: int
    repeated: int
    unplaced: tuple[Fix, ...]
    rows: tuple[FlakyRow, ...]
    broken: tuple[BrokenRow, ...]


def value(records: Records, flakiness: Flakiness) -> FlakyValue:
    """The reported value of what was found in these records."""
    return FlakyValue(
        runs=len(records),
        unknown_revision=flakiness.unknown_code,
        repeated=flakiness.repeated,
        unplaced=flakiness.unplaced,
        rows=tuple(_row(records.heads, test) for test in flakiness.flaky),
        broken=tuple(_broken(records.heads, test) for test in flakiness.broken),
    )


def _row(heads: Sequence[RunHead], test: Flaky) -> FlakyRow:
    low, high = test.interval
    return FlakyRow(
        name=test.name,
        runs=test.runs,
        failed=test.failed,
        low=round(low, 6),
        high=round(high, 6),
        suite=test.suite,
        job=test.job,
        suite_runs=test.suite_runs,
        red_runs=test.red,
        unclear=test.unclear,
        cost_ns=test.cost_ns,
        reruns=reruns_to_show(test.failed / test.runs),
        reruns_low=reruns_to_show(high),
        reruns_high=reruns_to_show(low),
        last_failed=heads[test.last_run].label,
        evidence=tuple(_evidence(heads, entry) for entry in test.evidence),
    )


def _evidence(heads: Sequence[RunHead], entry: Evidence) -> EvidenceRow:
    head, other = heads[entry.run], heads[entry.other_run]
    verb = "failed" if entry.outcome is Outcome.PASSED else "passed"
    if entry.run == entry.other_run:
        why = f"{verb} on attempt {entry.other_attempt} of the same run"
    else:
        what = "same revision" if head.revision else "same pipeline run"
        why = f"{verb} in run {other.label}, {what}"
    return EvidenceRow(head.revision, head.label, entry.attempt, entry.outcome.label, why)


def _broken(heads: Sequence[RunHead], test: Broken) -> BrokenRow:
    head = heads[test.since]
    return BrokenRow(test.name, test.suite, test.job, test.runs, head.label, head.revision)


def page(results: FlakyValue, cells: int, most: int = 0) -> Iterator[Line]:
    """The basis of comparison, the flaky tests with their evidence, and the broken tests.

    At most `most` tests of each kind, 0 for all.
    """
    yield from _basis(results)
    rows = results.rows[: most or None]
    if rows:
        yield []
        lines = table(COLUMNS, [(row.name, _cells(row)) for row in rows], cells)
        yield next(lines)
        for row, line in zip(rows, lines, strict=True):
            yield line
            yield from _evidence_lines(row, cells)
    if len(rows) < len(results.rows):
        yield [words(f"... {units.count(len(results.rows) - len(rows))} more (-n 0 shows all)", QUIET)]
    yield from _broken_lines(results.broken, most)


def document(results: FlakyValue) -> Iterator[str]:
    """The JSON lines."""
    head = {
        "schema": "tracetui.flaky/1",
        "runs": results.runs,
        "unknown_revision": results.unknown_revision,
        "repeated": results.repeated,
        "unplaced": [fix._asdict() for fix in results.unplaced],
        "broken": [row._asdict() for row in results.broken],
    }
    rows = (row._asdict() | {"evidence": [entry._asdict() for entry in row.evidence]} for row in results.rows)
    return as_json.document(head, rows)


def _basis(results: FlakyValue) -> Iterator[Line]:
    """The number of runs, and how many of them can contradict each other."""
    tests = many(len(results.rows), "flaky test") if results.rows else "no test is known to be flaky"
    yield [words(f"{many(results.runs, 'run')}: {tests}", STRONG)]
    if results.repeated:
        yield [words(f"{many(results.repeated, 'run')} ran a revision that another run ran too", QUIET)]
    elif results.unknown_revision < results.runs:
        yield [words("no revision ran twice: only reruns within a run can show a flaky test", WARNING)]
    if results.unknown_revision:
        unknown = (
            f"{many(results.unknown_revision, 'run')} did not say which revision (vcs.ref.head.revision)"
        )
        yield [words(f"{unknown}: there only reruns within the run count", WARNING)]
    for fix in results.unplaced:
        yield [words(f"no run here has {fix.revision}: {fix.name} is not reset", WARNING)]


def _cells(row: FlakyRow) -> Sequence[Cell]:
    return (
        (f"{units.count(row.failed)} of {units.count(row.runs)}", BAD),
        (units.share(row.failed / row.runs), PLAIN),
        (f"{100 * row.low:.1f} .. {100 * row.high:.1f}%", QUIET),
        (f"{units.count(row.red_runs)} of {units.count(row.suite_runs)}", PLAIN),
        (units.duration(row.cost_ns), PLAIN),
        (many(row.reruns, "run"), PLAIN),
    )


def _evidence_lines(row: FlakyRow, cells: int) -> Iterator[Line]:
    """The last attempts that are evidence, and how many more there are."""
    failures = [entry for entry in row.evidence if entry.outcome != Outcome.PASSED.label]
    for entry in failures[-EVIDENCE:][::-1]:
        outcome = Outcome[entry.outcome.upper()]
        at = f" at {entry.revision[:REVISION]}" if entry.revision else ""
        text = f"run {entry.run}{at}, attempt {entry.attempt}: {entry.why}"
        mark = words(f"    {MARKS[outcome]} ", OUTCOME_STYLES[outcome])
        yield [mark, Segment(fit(sanitize(text), max(20, cells - 6)).rstrip(), QUIET)]
    notes = []
    if len(failures) > EVIDENCE:
        notes.append(f"{units.count(len(failures) - EVIDENCE)} more in JSON")
    if row.unclear:
        notes.append(f"failed {many(row.unclear, 'more time')} where nothing tells flaky from broken")
    if notes:
        yield [words(f"      {'; '.join(notes)}", QUIET)]


def _broken_lines(rows: Sequence[BrokenRow], most: int) -> Iterator[Line]:
    if not rows:
        return
    yield []
    yield [words("failing, and not known to be flaky:", STRONG)]
    for row in rows[: most or None]:
        at = f" at {row.since_revision[:REVISION]}" if row.since_revision else ""
        if row.runs > 1:
            text = f"failed in each of its last {units.count(row.runs)} runs, since run {row.since_run}{at}"
        else:
            text = f"failed in its last run, {row.since_run}{at}"
        yield [
            words(f"{MARKS[Outcome.FAILED]} ", BAD),
            Segment(sanitize(row.name)),
            words(f"  {text}", QUIET),
        ]
    if most and len(rows) > most:
        yield [words(f"... {units.count(len(rows) - most)} more (-n 0 shows all)", QUIET)]

"""`fleet flaky`: tests that pass and fail at the same code, with the evidence; and those that always fail."""

from collections.abc import Sequence
from typing import Any

from tracetui import units
from tracetui.analysis.flaky.flaky import reruns_to_show
from tracetui.fleet.queries.outcomes import at_code
from tracetui.fleet.report.answer import Answer, Column, Row, Section, quiet
from tracetui.fleet.report.asking import Question, extent, minute, over_words, remarks
from tracetui.fleet.statistics.flakiness import Broken, Evidence, FlakyTest, flakiness
from tracetui.report.drawing.style import BAD, WARNING

KEYS = ("test", "verdict", "count", "failed", "low", "high", "unclear", "cost_ns", "revisions", "reruns")
_NOTES = (
    "flaky: passed and failed in one job at one revision (or in one pipeline run), twice; a suspect: once",
    "failed: of executions at code at which it is known to work; 95 %: Wilson's interval",
)
EVIDENCE = 2
"""A page shows so many revisions a test, the newest ones."""
REVISION = 10
"""So many characters of a revision, as people say it."""


def flaky(question: Question) -> Answer:
    """The flaky tests, those that fail most often first."""
    found = extent(question)
    told = flakiness(question.rows(at_code))
    rows, broken = [_row(test) for test in told.flaky], [_broken(each) for each in told.broken]
    sure = sum(test.is_sure for test in told.flaky)
    said = units.many(sure, "flaky test") if sure else "no test is known to be flaky"
    suspects = len(rows) - sure
    return Answer(
        verb="flaky",
        head={"runs": found.runs, "broken": broken},
        rows=rows,
        keys=KEYS,
        said=said + (f", {units.many(suspects, 'suspect')}" if suspects else ""),
        beside=over_words(question, found),
        sections=[Section(_COLUMNS, rows, _details), Section(_BROKEN, broken, title=_BROKEN_TITLE)],
        remarks=remarks(question, found),
        notes=_NOTES if rows else (),
    )


def _row(test: FlakyTest) -> dict[str, Any]:
    return {
        "test": test.test,
        "verdict": "flaky" if test.is_sure else "suspect",
        "count": test.executions,
        "failed": test.failed,
        "low": test.interval.low,
        "high": test.interval.high,
        "unclear": test.unclear,
        "cost_ns": test.cost_ns,
        "revisions": len({each.revision or each.run for each in test.evidence}),
        "reruns": reruns_to_show(test.failed / test.executions),
        "evidence": [each._asdict() for each in test.evidence],
    }


def _broken(each: Broken) -> dict[str, Any]:
    return each._asdict()


_COLUMNS = (
    Column("test", lambda row: row["test"]),
    Column("verdict", lambda row: row["verdict"], lambda row: BAD if row["verdict"] == "flaky" else WARNING),
    Column("failed", lambda row: f"{units.count(row['failed'])} of {units.count(row['count'])}"),
    Column("rate", lambda row: units.share(row["failed"] / row["count"])),
    Column("95 %", lambda row: f"{100 * row['low']:.1f} .. {100 * row['high']:.1f}%", quiet, is_wide=True),
    Column("revisions", lambda row: units.count(row["revisions"]), quiet, is_wide=True),
    Column("cost", lambda row: units.duration(row["cost_ns"])),
    Column("to see it", lambda row: units.many(row["reruns"], "run"), quiet),
)
_BROKEN_TITLE = "failing, and not known to be flaky"
_BROKEN = (
    Column("test", lambda row: row["test"]),
    Column("variant", lambda row: row["variant"]),
    Column("failed", lambda row: f"last {units.count(row['times'])}", lambda _row: BAD),
    Column("since", lambda row: minute(row["since_ns"])),
    Column("revision", lambda row: row["revision"][:REVISION], quiet, is_wide=True),
    Column("elsewhere", lambda row: "passes" if row["passes_elsewhere"] else "", quiet),
)


def _details(row: Row) -> Sequence[str]:
    """The newest evidence, and further facts."""
    shown = [Evidence(**each) for each in row["evidence"][:EVIDENCE]]
    lines = [_evidence_words(each) for each in shown]
    more = len(row["evidence"]) - len(shown)
    notes = [f"{units.count(more)} more in JSON"] if more else []
    if row["unclear"]:
        times = units.many(row["unclear"], "more time")
        notes.append(f"failed {times} where nothing tells flaky from broken")
    return [*lines, *["; ".join(notes)] * bool(notes)]


def _evidence_words(each: Evidence) -> str:
    """`linux unit at 0123456789: failed in run8, passed in run9 (1 failed, 2 passed)`."""
    where = " ".join(filter(None, (each.variant, each.task)))
    code = f"at {each.revision[:REVISION]}" if each.revision else f"in run {each.run}"
    counts = f"{units.count(each.failed)} failed, {units.count(each.passed)} passed"
    again = " on a rerun" if each.reruns and each.failed_run == each.passed_run else ""
    told = f"failed in {each.failed_run}, passed in {each.passed_run}{again} ({counts})"
    return f"{where} {code}: {told}".strip()

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
    held = extent(question)
    results = flakiness(question.rows(at_code))
    rows, broken = [_row(test) for test in results.flaky], [_broken(entry) for entry in results.broken]
    sure = sum(test.is_sure for test in results.flaky)
    said = units.many(sure, "flaky test") if sure else "no test is known to be flaky"
    suspects = len(rows) - sure
    return Answer(
        verb="flaky",
        head={"runs": held.runs, "broken": broken},
        rows=rows,
        keys=KEYS,
        said=said + (f", {units.many(suspects, 'suspect')}" if suspects else ""),
        beside=over_words(question, held),
        sections=[Section(_COLUMNS, rows, _details), Section(_BROKEN, broken, title=_BROKEN_TITLE)],
        remarks=remarks(question, held),
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
        "revisions": len({entry.revision or entry.run for entry in test.evidence}),
        "reruns": reruns_to_show(test.failed / test.executions),
        "evidence": [entry._asdict() for entry in test.evidence],
    }


def _broken(test: Broken) -> dict[str, Any]:
    return test._asdict()


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
    shown = [Evidence(**entry) for entry in row["evidence"][:EVIDENCE]]
    lines = [_evidence_words(entry) for entry in shown]
    more = len(row["evidence"]) - len(shown)
    notes = [f"{units.count(more)} more in JSON"] if more else []
    if row["unclear"]:
        times = units.many(row["unclear"], "more time")
        notes.append(f"failed {times} where nothing tells flaky from broken")
    return [*lines, *["; ".join(notes)] * bool(notes)]


def _evidence_words(entry: Evidence) -> str:
    """`linux unit at 0123456789: failed in run8, passed in run9 (1 failed, 2 passed)`."""
    where = " ".join(filter(None, (entry.variant, entry.task)))
    code = f"at {entry.revision[:REVISION]}" if entry.revision else f"in run {entry.run}"
    counts = f"{units.count(entry.failed)} failed, {units.count(entry.passed)} passed"
    again = " on a rerun" if entry.reruns and entry.failed_run == entry.passed_run else ""
    what = f"failed in {entry.failed_run}, passed in {entry.passed_run}{again} ({counts})"
    return f"{where} {code}: {what}".strip()

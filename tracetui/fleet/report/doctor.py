"""`fleet doctor`: what is wrong with a store, what is missing from it, and the answers this affects."""

from typing import Any, NamedTuple

from rich.style import Style

from tracetui import units
from tracetui.fleet.queries import doctor as queries
from tracetui.fleet.report.answer import Answer, Column, Row, Section, quiet
from tracetui.fleet.report.asking import Extent, Question, between_words, extent, remarks
from tracetui.fleet.report.slowest import share_text
from tracetui.report.drawing.style import PLAIN, WARNING

KEYS = ("check", "count", "of", "matters")


class _Check(NamedTuple):
    """A key of the counts, the total it is a part of, and its meaning."""

    key: str
    of: str
    check: str
    matters: str


_CHECKS = (
    _Check(
        "too_many",
        "facts",
        "duplicates",
        "counted twice in every answer; load files once, not copies of them",
    ),
    _Check("negative", "facts", "negative durations", "left out of every answer: a clock was set back"),
    _Check("undated", "facts", "without a date", "in no window of time"),
    _Check("unpriced_runs", "runs", "runs that do not tell of cores", "fleet cost counts one core for them"),
    _Check("unknown", "tests", "tests of unknown outcome", "count as passing where times are compared"),
    _Check(
        "no_revision", "tests", "without a revision", "fleet flaky only compares attempts of one pipeline run"
    ),
    _Check("no_run", "tests", "without a pipeline run", "attempts of a pipeline cannot be told from runs"),
    _Check("no_variant", "tests", "without a variant", "different machines are compared with each other"),
    _Check("no_branch", "tests", "without a branch", "--branch finds none of them"),
    _Check("no_repository", "tests", "without a repository", "fleet stats has no project for them"),
    _Check("no_task", "tests", "without a task", "jobs of a run cannot be told apart"),
    _Check("no_suite", "tests", "without a suite", "fleet cost has no suite to bill"),
    _Check("no_owner", "tests", "without an owner", "fleet cost --by owner has nobody to bill"),
    _Check("no_file", "tests", "without a file", "fleet cost --by file has nothing to bill"),
    _Check("no_runner", "tests", "without a runner", "nobody can say which machine was slow"),
)


def doctor(question: Question) -> Answer:
    """Every check, those with findings first."""
    held = extent(question)
    counts = _counts(question)
    rows = [
        {"check": check.check, "count": counts[check.key], "of": counts[check.of], "matters": check.matters}
        for check in _CHECKS
    ]
    rows.sort(key=lambda row: not row["count"])
    bad = sum(row["count"] > 0 for row in rows)
    said = f"{units.many(bad, 'finding')}" if bad else "nothing is wrong"
    return Answer(
        verb="doctor",
        head={
            **{key: counts[key] for key in ("facts", "tests", "suites", "runs")},
            "oldest_ns": held.oldest_ns,
            "newest_ns": held.newest_ns,
        },
        rows=rows,
        keys=KEYS,
        said=f"{units.many(counts['facts'], 'fact')}: {said}" if counts["facts"] else "no facts",
        beside=_beside(question, held, counts),
        sections=[Section(_COLUMNS, rows if counts["facts"] else [], _details)],
        remarks=remarks(question, held),
    )


def _counts(question: Question) -> dict[str, Any]:
    (counts,) = question.rows(queries.doctor)
    (twice,) = question.rows(queries.duplicates)
    (runs,) = question.rows(queries.unpriced_runs)
    counts |= {"too_many": twice["too_many"], "runs": runs["runs"], "unpriced_runs": runs["unpriced"]}
    return {key: value or 0 for key, value in counts.items()}


def _beside(question: Question, held: Extent, counts: dict[str, Any]) -> str:
    parts = [units.many(counts["runs"], "run"), between_words(question.window, held)]
    return ", ".join(filter(None, (*parts, units.many(counts["tests"], "test"))))


def _style(row: Row) -> Style:
    return WARNING if row["count"] else PLAIN


_COLUMNS = (
    Column("check", lambda row: row["check"]),
    Column("found", lambda row: units.count(row["count"]), _style),
    Column("of", lambda row: units.count(row["of"]), quiet),
    Column("share", lambda row: share_text(row["count"] / row["of"]) if row["of"] else "", _style),
)


def _details(row: Row) -> tuple[str, ...]:
    return (row["matters"],) if row["count"] else ()

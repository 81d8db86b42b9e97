"""`fleet stats`: passes, failures and the time of passes, by the columns of Evergreen's test statistics."""

from datetime import date
from typing import Any

from tracetui import units
from tracetui.fleet.queries.outcomes import STATS
from tracetui.fleet.queries.outcomes import stats as query
from tracetui.fleet.report.answer import Answer, Column, Section, quiet
from tracetui.fleet.report.asking import Question, extent, over_words, remarks
from tracetui.report.drawing.style import BAD

_NAMES = {"date": "day", "repository": "project", "request": "request_type"}
"""What Evergreen calls our columns."""
COUNTS = ("num_pass", "num_fail", "total_pass_duration_ns")
KEYS = (*(_NAMES.get(name, name) for name in STATS), *COUNTS)


def stats(question: Question) -> Answer:
    """A row per day, project, variant, task, test and type of request, in that order."""
    held = extent(question)
    rows = sorted(map(_row, question.rows(query)), key=lambda row: [row[key] for key in KEYS[: len(STATS)]])
    passes, fails = (sum(row[key] for row in rows) for key in COUNTS[:2])
    return Answer(
        verb="stats",
        head={"runs": held.runs},
        rows=rows,
        keys=KEYS,
        said=f"{units.count(passes)} passed, {units.count(fails)} failed",
        beside=over_words(question, held),
        sections=[Section(_COLUMNS, rows)],
        remarks=remarks(question, held),
        notes=["mean: own time of those that passed; days are UTC"] if rows else [],
    )


def _row(row: dict[str, Any]) -> dict[str, Any]:
    day: date = row["date"]
    return {_NAMES.get(name, name): row[name] for name in STATS} | {
        "day": day.isoformat(),
        **{name: row[name] for name in COUNTS},
    }


_COLUMNS = (
    Column("test", lambda row: row["test"]),
    Column("day", lambda row: row["day"], quiet),
    Column("project", lambda row: row["project"], quiet, is_wide=True),
    Column("variant", lambda row: row["variant"], quiet),
    Column("task", lambda row: row["task"], quiet, is_wide=True),
    Column("request", lambda row: row["request_type"], quiet, is_wide=True),
    Column("passed", lambda row: units.count(row["num_pass"])),
    Column("failed", lambda row: units.count(row["num_fail"]) if row["num_fail"] else "", lambda _row: BAD),
    Column(
        "mean",
        lambda row: (
            units.duration(row["total_pass_duration_ns"] // row["num_pass"]) if row["num_pass"] else ""
        ),
    ),
)

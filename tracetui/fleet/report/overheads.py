"""`fleet hooks` and `fleet archive`: what runs around tests, and its share of a fleet's time."""

from collections.abc import Sequence

from tracetui import units
from tracetui.fleet.queries import durations
from tracetui.fleet.report.answer import Answer, Row, Section
from tracetui.fleet.report.asking import Question, extent, over_words, remarks
from tracetui.fleet.report.slowest import (
    QUANTILES,
    SHARE,
    columns,
    price_head,
    share_text,
    spread_row,
    whole_ns,
)

MEASURES = ("runs", "count", "failed", "total_ns", "p50_ns", "p95_ns", "max_ns", "share", "cost")
PARTS = ("own_ns", "setup_ns", "teardown_ns", "hook_ns", "archive_ns")
"""What facts tell of the total time of tests; set-up and teardown are partly their own."""
_INSIDE = {"own_ns": "own", "hook_ns": "hooks", "archive_ns": "archiving"}


def hooks(question: Question) -> Answer:
    """Hooks and fixtures by name."""
    return _overhead(question, "hooks", ("hook", "role"), "hooks and fixtures")


def archive(question: Question) -> Answer:
    """Archivers by suite."""
    return _overhead(question, "archive", ("suite", "hook"), "archivers")


def _overhead(question: Question, verb: str, names: tuple[str, ...], what: str) -> Answer:
    held, roles = extent(question), question.rows(durations.whole)
    whole = whole_ns(roles)
    query = durations.hooks if verb == "hooks" else durations.archive
    rows = [spread_row(question, row, whole, *names) for row in question.rows(query)]
    rows.sort(key=lambda row: (-row["total_ns"], *(row[name] for name in names)))
    took = sum(row["total_ns"] for row in rows)
    share = took / whole if whole else 0.0
    tests = _tests(roles)
    return Answer(
        verb=verb,
        head={"runs": held.runs, "whole_ns": whole, "share": share, "tests": tests, **price_head(question)},
        rows=rows,
        keys=(*names, *MEASURES),
        said=f"{what} took {units.duration(took)}, {share_text(share)} of the time",
        beside=over_words(question, held),
        sections=[Section(columns(question, *names), rows)],
        remarks=remarks(question, held),
        notes=[
            *_inside_words(tests),
            f"{SHARE.format(units.duration(whole))}; {QUANTILES}",
        ],
    )


def _tests(roles: Sequence[Row]) -> dict[str, int]:
    """The total time of tests, and its parts."""
    row = next((row for row in roles if row["role"] == "test"), {})
    return {name: row.get(name, 0) for name in ("count", "total_ns", *PARTS)}


def _inside_words(tests: dict[str, int]) -> list[str]:
    """The parts of the time of tests: `of 3h58m in tests: own 90.9%, hooks 9.1%`."""
    total = tests["total_ns"]
    if not total:
        return []
    shares = [f"{word} {share_text(tests[name] / total)}" for name, word in _INSIDE.items() if tests[name]]
    return [f"of {units.duration(total)} in {units.many(tests['count'], 'test')}: {', '.join(shares)}"]

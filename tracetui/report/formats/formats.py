"""The formats of `tracetui report` by name: each is a function from `Results` to parts of a document."""

from collections.abc import Callable, Iterator, Mapping

from tracetui.report.as_json import about
from tracetui.report.as_json import document as with_rows
from tracetui.report.formats.ctrf import ctrf
from tracetui.report.formats.junit import junit
from tracetui.report.formats.results import Result, Results
from tracetui.report.formats.table import table


def document(results: Results) -> Iterator[str]:
    """`tracetui.report/1`: a row for each test, its attempts in it."""
    return with_rows({"schema": "tracetui.report/1", **about(results.findings)}, map(_row, results))


def _row(result: Result) -> dict[str, object]:
    attempts = [
        {
            "outcome": attempt.outcome.label,
            "start_ns": attempt.start_ns,
            "own_ns": attempt.own_ns,
            "hooks_ns": attempt.hooks_ns,
            "total_ns": attempt.total_ns,
            "exception": attempt.kind if attempt.cause and attempt.cause.thrown else None,
            "message": attempt.message,
            "stack": attempt.stack,
        }
        for attempt in result.attempts
    ]
    row = result._asdict() | {"role": result.role.label, "line": result.line or None}
    return row | {"outcome": result.last.outcome.label, "is_flaky": result.is_flaky, "attempts": attempts}


FORMATS: Mapping[str, Callable[[Results], Iterator[str]]] = {
    "junit": junit,
    "ctrf": ctrf,
    "csv": table,
    "json": document,
}

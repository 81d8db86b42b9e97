"""Tests as comma-separated values (RFC 4180): a row for each attempt.

Names are as written, whatever they begin with: in a spreadsheet, import them as text. Only control
characters are spelled out (`#x1B`), as a terminal would obey them.
"""

from collections.abc import Iterator

from tracetui.report.formats.results import Result, Results
from tracetui.text import comma_separated

COLUMNS = (
    "role",
    "name",
    "suite",
    "file",
    "line",
    "lane",
    "attempt",
    "is_last",
    "is_flaky",
    "outcome",
    "start_ns",
    "own_ns",
    "hooks_ns",
    "total_ns",
    "exception",
    "message",
)


def table(results: Results) -> Iterator[str]:
    """The lines."""
    yield comma_separated([COLUMNS])
    for result in results:
        yield comma_separated(_rows(result))


def _rows(result: Result) -> Iterator[tuple[object, ...]]:
    for number, attempt in enumerate(result.attempts, 1):
        yield (
            result.role.label,
            result.name,
            result.suite,
            result.file,
            result.line or "",
            result.lane,
            number,
            str(attempt is result.last).lower(),
            str(result.is_flaky).lower(),
            attempt.outcome.label,
            attempt.start_ns,
            attempt.own_ns,
            attempt.hooks_ns,
            attempt.total_ns,
            attempt.kind if attempt.cause and attempt.cause.thrown else "",
            attempt.message,
        )

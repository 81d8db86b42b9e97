"""The verdicts on suspects that were run again, as a page and as JSON."""

from collections.abc import Iterator

from tracetui import units
from tracetui.analysis.compare.comparison import Verdict
from tracetui.analysis.compare.suspects import Confirmation
from tracetui.report.as_json import document as as_document
from tracetui.report.deciding.compare import (
    CHANGED,
    head,
    json_row,
    method_words,
    rows_table,
    sums_words,
    verdict_lines,
)
from tracetui.report.drawing.style import QUIET, WARNING, Line, many, wrapped

MOST_NAMED = 5


def page(confirmation: Confirmation, cells: int) -> Iterator[Line]:
    """The verdict, the confirmed changes, the suspects that were chance, and what was left out."""
    rows = confirmation.comparison.rows
    confirmed = [row for row in rows if row.verdict in CHANGED]
    rest = [row for row in rows if row.verdict not in CHANGED]
    verdict = sums_words(confirmation.comparison) or "nothing confirmed"
    yield from verdict_lines(verdict, effort_words(confirmation), cells)
    for text in left_out_words(confirmation):
        yield from wrapped(text, cells, WARNING)
    for title, part in (("confirmed", confirmed), ("not confirmed", rest)):
        if part:
            yield []
            yield from rows_table(title, part, 0, cells)
    yield from wrapped(method_words(rows), cells, QUIET)


def effort_words(confirmation: Confirmation) -> str:
    """What was run: `7 rounds of 12 tests on both revisions in 1m03s (a suite takes 2m)`."""
    spent, suite = (
        units.duration(int(seconds * 1e9)) for seconds in (confirmation.spent_s, confirmation.suite_s)
    )
    tests = many(confirmation.suspects, "test")
    rounds = many(confirmation.rounds, "round")
    return f"{rounds} of {tests} on both revisions in {spent} (the whole suite: {suite})"


def left_out_words(confirmation: Confirmation) -> Iterator[str]:
    """What remains unknown."""
    if needs := confirmation.comparison.needs:
        yield f"too few rounds to prove anything: it takes at least {needs} (--rounds)"
    if confirmation.unaffordable:
        yield f"{many(confirmation.unaffordable, 'suspect')} left out: no time, or too few rounds, for more"
    if confirmation.left_out:
        what = ", ".join(confirmation.left_out[:MOST_NAMED]) + ", ..." * (
            len(confirmation.left_out) > MOST_NAMED
        )
        yield f"suspect, and not run again, for only tests run by themselves: {what}"
    missing = confirmation.suspects - len(confirmation.comparison.rows)
    if missing > 0:
        yield f"{many(missing, 'suspect')} did not run on either revision"


def document(confirmation: Confirmation) -> Iterator[str]:
    """`tracetui.confirm/1`: the keys of `tracetui.compare/1`, and what was run."""
    more = {
        "schema": "tracetui.confirm/1",
        "rounds": confirmation.rounds,
        "suspects": confirmation.suspects,
        "left_out": len(confirmation.left_out),
        "left_out_names": list(confirmation.left_out),
        "unaffordable": confirmation.unaffordable,
        "confirmed": len(confirmation.comparison.of(*(verdict for verdict in Verdict if verdict in CHANGED))),
        "suite_ns": int(confirmation.suite_s * 1e9),
        "spent_ns": int(confirmation.spent_s * 1e9),
    }
    return as_document(head(confirmation.comparison) | more, map(json_row, confirmation.comparison.rows))

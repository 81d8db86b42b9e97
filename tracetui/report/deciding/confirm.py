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


def page(found: Confirmation, cells: int) -> Iterator[Line]:
    """The verdict, the confirmed changes, the suspects that were chance, and what was left out."""
    rows = found.comparison.rows
    confirmed = [row for row in rows if row.verdict in CHANGED]
    rest = [row for row in rows if row.verdict not in CHANGED]
    told = sums_words(found.comparison) or "nothing confirmed"
    yield from verdict_lines(told, effort_words(found), cells)
    for text in left_out_words(found):
        yield from wrapped(text, cells, WARNING)
    for title, part in (("confirmed", confirmed), ("not confirmed", rest)):
        if part:
            yield []
            yield from rows_table(title, part, 0, cells)
    yield from wrapped(method_words(rows), cells, QUIET)


def effort_words(found: Confirmation) -> str:
    """What was run: `7 rounds of 12 tests on both revisions in 1m03s (a suite takes 2m)`."""
    spent, suite = (units.duration(int(seconds * 1e9)) for seconds in (found.spent_s, found.suite_s))
    tests = many(found.suspects, "test")
    return f"{many(found.rounds, 'round')} of {tests} on both revisions in {spent} (the whole suite: {suite})"


def left_out_words(found: Confirmation) -> Iterator[str]:
    """What remains unknown."""
    if found.comparison.needs:
        yield f"too few rounds to prove anything: it takes at least {found.comparison.needs} (--rounds)"
    if found.unaffordable:
        yield f"{many(found.unaffordable, 'suspect')} left out: no time, or too few rounds, for more"
    if found.left_out:
        what = ", ".join(found.left_out[:MOST_NAMED]) + ", ..." * (len(found.left_out) > MOST_NAMED)
        yield f"suspect, and not run again, for only tests run by themselves: {what}"
    missing = found.suspects - len(found.comparison.rows)
    if missing > 0:
        yield f"{many(missing, 'suspect')} did not run on either revision"


def document(found: Confirmation) -> Iterator[str]:
    """`tracetui.confirm/1`: the keys of `tracetui.compare/1`, and what was run."""
    more = {
        "schema": "tracetui.confirm/1",
        "rounds": found.rounds,
        "suspects": found.suspects,
        "left_out": len(found.left_out),
        "left_out_names": list(found.left_out),
        "unaffordable": found.unaffordable,
        "confirmed": len(found.comparison.of(*(each for each in Verdict if each in CHANGED))),
        "suite_ns": int(found.suite_s * 1e9),
        "spent_ns": int(found.spent_s * 1e9),
    }
    return as_document(head(found.comparison) | more, map(json_row, found.comparison.rows))

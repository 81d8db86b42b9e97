"""A run as Markdown: verdict, failures, the slowest tests, where time went, what would help, what changed."""

from collections.abc import Iterator

from tracetui import units
from tracetui.analysis.compare.comparison import Comparison, Verdict
from tracetui.report.deciding import advise as advice_report
from tracetui.report.deciding import compare as compare_report
from tracetui.report.drawing.style import MARKS, many
from tracetui.report.drawing.verdict import verdict
from tracetui.report.heading import STATES, length, lost_words
from tracetui.report.markdown.digest import Digest, Failure
from tracetui.report.markdown.marks import code, fenced, inline, table
from tracetui.report.still import still_words

MOST_CHANGED = 20
MOST_PROPOSALS = 5


def summary(facts: Digest) -> Iterator[str]:
    """Parts of one or more lines; a cut is allowed between parts, not within."""
    for part in (_head, _failures, _slowest, _ledger, _stalls, _advice, _comparison):
        yield from part(facts)


def _head(facts: Digest) -> Iterator[str]:
    """The run, its verdict, and what is missing, which qualifies everything below."""
    findings = facts.findings
    run = findings.summary
    mark = MARKS[run.outcome].strip() or "?"
    yield f"## {mark} {inline(run.name or 'no spans')} {inline(run.apart)}".rstrip()
    yield ""
    yield f"**{inline(verdict(findings))}**"
    outcomes = ", ".join(
        f"{units.count(count)} {outcome.label.replace('_', ' ')}" for outcome, count in run.outcomes.items()
    )
    yield ""
    yield f"{STATES[run.state]} · {length(findings)} · {outcomes or 'no test'}"
    for said, lost in (("missing from this run", findings.losses.own), ("perhaps", findings.losses.perhaps)):
        if lost:
            yield from ("", f"**{said}**: {inline(lost_words(lost))}")
    yield ""


def _failures(facts: Digest) -> Iterator[str]:
    if not facts.failures:
        return
    yield f"### Failed: {units.count(facts.failed)}"
    yield ""
    for failure in facts.failures:
        yield "\n".join(_failed(failure))
    if facts.failed > len(facts.failures):
        yield from (f"{units.count(facts.failed - len(facts.failures))} more failed.", "")


def _failed(failure: Failure) -> Iterator[str]:
    """One failure with its stack folded."""
    where = f" at {code(f'{failure.place.file}:{failure.place.line}')}" if failure.place else ""
    yield f"- {code(failure.title)} {inline(failure.cause.headline)}{where}"
    if failure.command:
        yield f"  <br>{code(failure.command)}"
    stack = next((thrown.stack or thrown.message for thrown in failure.cause.thrown), "")
    if stack.strip():
        yield from ("", "  <details><summary>stack</summary>", "")
        yield from (f"  {line}" for line in fenced(stack))
        yield from ("", "  </details>")
    yield ""


def _slowest(facts: Digest) -> Iterator[str]:
    if not facts.slowest:
        return
    yield f"### Slowest of {many(facts.findings.summary.tests, 'test')}"
    rows = [
        [
            code(rank.name),
            units.duration(rank.own_ns),
            units.duration(rank.total_ns),
            units.share(rank.share),
            units.count(rank.count),
        ]
        for rank in facts.slowest
    ]
    yield "\n".join(table(["test", "own time", "total", "of all own time", "n"], rows))


def _ledger(facts: Digest) -> Iterator[str]:
    value = facts.ledger
    accounts = [row for row in value.rows if row.depth == 0 and row.ns]
    if not accounts:
        return
    lanes = f"{many(value.lanes, 'lane')} x {units.duration(value.wall_ns)}"
    yield f"### Where {units.duration(value.capacity_ns)} of lane time went ({lanes})"
    rows = [
        [row.name, units.duration(row.ns), units.share(row.share), units.count(row.count)] for row in accounts
    ]
    yield "\n".join(table(["", "time", "share", "n"], rows))


def _stalls(facts: Digest) -> Iterator[str]:
    stalls = facts.findings.overview.still
    if stalls:
        yield "### Stalls"
        yield ""
    for stall in stalls:
        happened, why = still_words(facts.findings, stall)
        yield f"- {happened}: {inline(why)}"
    if stalls:
        yield ""


def _advice(facts: Digest) -> Iterator[str]:
    rows = facts.advice.rows[:MOST_PROPOSALS]
    if not rows:
        return
    yield "### What would help"
    yield ""
    for number, row in enumerate(rows, 1):
        proposal, where = row.proposal, advice_report.place(row)
        at = f" ({code(where)})" if where else ""
        yield f"{number}. {inline(proposal.what)}{at}: **{advice_report.saving(row)}**, {proposal.sure}"
        yield f"   {inline(proposal.why)}"
    yield from ("", "Each change by itself: what they save does not add up.", "")


def _comparison(facts: Digest) -> Iterator[str]:
    comparison = facts.comparison
    if comparison is None:
        return
    yield "### Against the baseline"
    yield from ("", f"**{inline(compare_report.verdict_words(comparison))}**", "")
    sides, speed = compare_report.sides_words(comparison), compare_report.speed_words(comparison)
    yield f"{inline(sides)}; {inline(speed)}"
    yield from _changed(comparison)


def _changed(comparison: Comparison) -> Iterator[str]:
    rows = comparison.of(*compare_report.CHANGED, Verdict.SUSPECT)
    cells = [
        [
            code(compare_report.title(row.subject)),
            compare_report.word(row.verdict),
            compare_report.signed(row.added_ns),
            compare_report.ratio_text(row),
            compare_report.q_text(row.q),
            compare_report.n_text(row),
        ]
        for row in rows[:MOST_CHANGED]
    ]
    yield "\n".join(table(["", "verdict", "added", "ratio", "q", "n"], cells))
    if len(rows) > MOST_CHANGED:
        yield f"{units.count(len(rows) - MOST_CHANGED)} more changed."
    if any(row.verdict is Verdict.SUSPECT for row in rows):
        yield from ("A suspect is no verdict: `tracetui confirm` runs it again.", "")

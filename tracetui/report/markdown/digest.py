"""The facts about a run for pages outside the terminal: each part comes from the function that owns it."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from tracetui.analysis.advice.advice import advise
from tracetui.analysis.compare.comparison import Comparison
from tracetui.analysis.failures.causes import Cause
from tracetui.analysis.failures.decoding import Causes
from tracetui.analysis.failures.place import Place, place_of
from tracetui.analysis.ledger.ledger import ledger
from tracetui.analysis.ranking.ranking import Rank
from tracetui.analysis.study.findings import Findings
from tracetui.errors import InputError
from tracetui.model.role import Outcome
from tracetui.model.span import Attributes, Span
from tracetui.report.deciding import advise as advice_report
from tracetui.report.deciding import ledger as ledger_report
from tracetui.report.rerun import rerun_command

SpanOf = Callable[[int], Span]
"""The span of a row, read anew; raises `InputError` where its bytes are gone."""
MOST_FAILURES = 50
MOST_SLOWEST = 10


class Failure(NamedTuple):
    """One failure: `title` and `command` (empty if unknown) are foreign text."""

    title: str
    outcome: Outcome
    cause: Cause
    place: Place | None
    command: str
    own_ns: int


class Digest(NamedTuple):
    """A run: its first failures of `failed` in all, the slowest tests, and the results for decisions."""

    findings: Findings
    failed: int
    failures: Sequence[Failure]
    slowest: Sequence[Rank]
    ledger: ledger_report.LedgerValue
    advice: advice_report.AdviceValue
    comparison: Comparison | None = None


def digest(findings: Findings, span_of: SpanOf, comparison: Comparison | None = None) -> Digest:
    """The digest of the shown run."""
    failed = findings.overview.failed
    causes = Causes(lambda _snapshot, row: span_of(row))
    ranking = findings.rank("test", only=findings.within).sorted("own_ns", descending=True)
    return Digest(
        findings=findings,
        failed=len(failed),
        failures=[failure(findings, int(row), causes, span_of) for row in failed[:MOST_FAILURES]],
        slowest=[ranking[place] for place in range(min(MOST_SLOWEST, len(ranking)))],
        ledger=ledger_report.value(ledger(findings), 0),
        advice=advice_report.value(findings, advise(findings), lambda row: span_of(row).attributes),
        comparison=comparison,
    )


def failure(findings: Findings, row: int, causes: Causes, span_of: SpanOf) -> Failure:
    """The facts about a failed row."""
    cause, attributes = causes.of(findings, row), attributes_of(row, span_of)
    return Failure(
        title=findings.title(row),
        outcome=Outcome(int(findings.snapshot.outcome[row])),
        cause=cause,
        place=place_of(cause, attributes),
        command=rerun_command(attributes),
        own_ns=int(findings.times.own[row]),
    )


def attributes_of(row: int, span_of: SpanOf) -> Attributes:
    """The attributes of a row's span; empty if its bytes are gone."""
    try:
        return span_of(row).attributes
    except InputError:
        return {}

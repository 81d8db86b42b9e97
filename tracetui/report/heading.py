"""The line that describes a recording, and the line about what of it cannot be shown."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
from rich.segment import Segment

from tracetui import units
from tracetui.analysis.runs.runs import ALL, NEWEST, Summary
from tracetui.analysis.study.findings import Findings
from tracetui.model.kind import Kind
from tracetui.model.role import Outcome
from tracetui.report.drawing.style import (
    BAD,
    MARKS,
    OUTCOME_STYLES,
    PLAIN,
    QUIET,
    STRONG,
    WARNING,
    Line,
    many,
    words,
)
from tracetui.store.health import ABOUT

if TYPE_CHECKING:
    from tracetui.analysis.query.filters.lens import Lens

NO_TIMES = "no times of day"

STATES = {
    "empty": "empty",
    "live": "live",
    "incomplete": "incomplete: its suite is missing",
    "cut off": "cut off",
    "ended": "ended",
}


def heading(findings: Findings) -> Line:
    """The shown run: name, state, failures, tests by outcome, number of spans."""
    summary = findings.summary
    apart = [words(f" {summary.apart}", QUIET)] if summary.apart else []
    return [
        *_which(findings),
        words(summary.name or "no spans", STRONG),
        *apart,
        words(f"  {STATES[summary.state]}", BAD if summary.state in ("cut off", "incomplete") else PLAIN),
        words(f"  {length(findings)}"),
        *_outcomes(summary),
        *_beside(summary),
        words(f"  {many(summary.spans, 'span')}", QUIET),
    ]


def length(findings: Findings) -> str:
    """How long the shown run took, or that nobody can say."""
    if findings.no_timeline:
        return NO_TIMES
    return units.duration(findings.summary.end_ns - findings.summary.start_ns)


def untimed(findings: Findings) -> Iterator[Line]:
    """A line for a run of which only durations are known: why there is nothing to draw."""
    if findings.no_timeline:
        yield [words(findings.no_timeline, WARNING)]


def headings(findings: Findings) -> Iterator[Line]:
    """The same; if a page shows other runs too, a second line says so, and one if nothing can be drawn."""
    yield heading(findings)
    yield from untimed(findings)
    others = len(findings.runs) - 1
    if others > 0 and findings.choice == NEWEST:
        spans = many(len(findings.snapshot) - findings.summary.spans, "span")
        runs = "another run" if others == 1 else f"{units.count(others)} other runs"
        yield [words(f"and {runs} with {spans} (--run chooses one)", QUIET)]


def _outcomes(summary: Summary) -> Iterator[Segment]:
    if summary.has_failed_suite:
        yield words(f"  {MARKS[Outcome.FAILED].strip()}suite failed", BAD)
    elif summary.failed_outside_tests:
        outside = many(summary.failed_outside_tests, "failure")
        yield words(f"  {MARKS[Outcome.FAILED].strip()}{outside} outside tests", BAD)
    if summary.suites > 1:
        yield words(f"  {many(summary.suites, 'suite')}")
    if summary.tests:
        of = f"{units.count(summary.tests)}/" if summary.expected > summary.tests else ""
        yield words(f"  {of}{many(max(summary.tests, summary.expected), 'test')}")
    for outcome in Outcome:
        if number := summary.outcomes[outcome]:
            style = OUTCOME_STYLES.get(outcome, PLAIN)
            yield words(f"  {MARKS[outcome].strip()}{units.count(number)} {outcome.label}", style)


def _beside(summary: Summary) -> Iterator[Segment]:
    """What else ran that is not a test of the run."""
    if summary.reruns:
        mark, style = MARKS[Outcome.RERUN], OUTCOME_STYLES[Outcome.RERUN]
        yield words(f"  {mark}{units.count(summary.reruns)} {Outcome.RERUN.label}", style)
    if summary.nested:
        yield words(f"  ({units.count(summary.nested)} more ran inside tests or hooks)", QUIET)
    if summary.idle:
        yield words(f"  no test ran; {units.count(summary.idle)} were set up", WARNING)


def _which(findings: Findings) -> Iterator[Segment]:
    """The run's place among several runs."""
    number = len(findings.runs)
    if number > 1 and findings.choice == ALL:
        yield words(f"all {number} runs  ", QUIET)
    elif number > 1 and findings.choice == NEWEST:
        yield words(f"newest of {number} runs  ", QUIET)


def hidden_by(lens: "Lens | None") -> Iterator[Line]:
    """A line for an active filter: how many spans it matches, and how many are hidden."""
    if lens:
        meant, hidden = int(np.count_nonzero(lens.matched)), int(np.count_nonzero(~lens.visible))
        yield [words(f"filter {lens.text}: {many(meant, 'span')}, {units.count(hidden)} hidden", QUIET)]


def losses(findings: Findings) -> Iterator[Line]:
    """A line if something is missing from the shown run, and one if something may be."""
    several = len(findings.runs) > 1 and findings.choice != ALL
    yield from _lost(f"missing from {'this run' if several else 'this recording'}", findings.losses.own)
    yield from _lost(PERHAPS_LOST, findings.losses.perhaps)


def losses_of_all(findings: Findings) -> Iterator[Line]:
    """The same for a page that shows other runs too: also if something is missing from those."""
    yield from losses(findings)
    if findings.shown is None:
        yield from _lost("missing from other runs", findings.losses.elsewhere)


PERHAPS_LOST = "missing from this recording, possibly from this run"


def _lost(happened: str, lost: Mapping[Kind, int]) -> Iterator[Line]:
    if lost:
        yield [words(f"{happened}: {lost_words(lost)} (details: tracetui check)", BAD)]


def lost_words(lost: Mapping[Kind, int]) -> str:
    """What is missing, kind by kind."""
    return ", ".join(f"{ABOUT[kind].said} ({units.count(count)})" for kind, count in lost.items())

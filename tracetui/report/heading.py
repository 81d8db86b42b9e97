"""One line that says what a recording is, and one that says what of it cannot be shown."""

from collections.abc import Iterator

import numpy as np

from tracetui import units
from tracetui.analysis.filters.lens import Lens
from tracetui.analysis.findings import Findings
from tracetui.model.kind import Kind
from tracetui.model.role import Outcome
from tracetui.report.style import BAD, MARKS, OUTCOME_STYLES, PLAIN, QUIET, STRONG, Line, many, words


def heading(findings: Findings) -> Line:
    """The newest run of a recording at a glance: name, state, tests by outcome, how many spans there are."""
    summary = findings.summary
    line = [words(summary.name or "no spans", STRONG), words(f"  {summary.state}")]
    line.append(words(f"  {units.duration(summary.end_ns - summary.start_ns)}"))
    if summary.suites > 1:
        line.append(words(f"  {many(summary.suites, 'suite')}"))
    if summary.tests:
        of = f"{units.count(summary.tests)}/" if summary.expected > summary.tests else ""
        line.append(words(f"  {of}{many(max(summary.tests, summary.expected), 'test')}"))
    for outcome in Outcome:
        if number := summary.outcomes[outcome]:
            style = OUTCOME_STYLES.get(outcome, PLAIN)
            line.append(words(f"  {MARKS[outcome].strip()}{units.count(number)} {outcome.label}", style))
    if summary.reruns:
        mark, style = MARKS[Outcome.RERUN], OUTCOME_STYLES[Outcome.RERUN]
        line.append(words(f"  {mark}{units.count(summary.reruns)} {Outcome.RERUN.label}", style))
    line.append(words(f"  {many(len(findings.snapshot), 'span')}", QUIET))
    return line


def hidden_by(lens: Lens | None) -> Iterator[Line]:
    """A line where a filter is at work: how many spans it means, and how many cannot be seen."""
    if lens:
        meant, hidden = int(np.count_nonzero(lens.matched)), int(np.count_nonzero(~lens.visible))
        yield [words(f"filter {lens.text}: {many(meant, 'span')}, {units.count(hidden)} hidden", QUIET)]


def losses(findings: Findings) -> Iterator[Line]:
    """A line where something is missing from what is shown; none where nothing is."""
    health = findings.snapshot.health
    counts = {
        "rejected": health.rejected,
        "torn": health.torn,
        "dropped by the writer": health.dropped,
        "unreadable": health.unreadable,
        "gone for want of memory": health.count(Kind.EVICTED, Kind.REFUSED),
    }
    said = ", ".join(f"{units.count(number)} {what}" for what, number in counts.items() if number)
    if said:
        yield [words(f"not everything is shown: {said} (`tracetui check` says what)", BAD)]

"""Where a recording opens: in which mode, or at a span that is known by its ids."""

from typing import NamedTuple

from tracetui.analysis.jobs.services import is_test_run
from tracetui.analysis.runs.runs import NEWEST
from tracetui.analysis.tree.related_spans import row_of
from tracetui.ui.app.modes import FIRST
from tracetui.ui.feed.reading import Door, Reading

SERVICES = "waterfall"
"""Where there are no tests, the overview of a run has nothing to tell."""


def fitting_mode(reading: Reading) -> str | None:
    """The mode for a recording; None while it is unknown what it is.

    In a live run, spans whose parents have not arrived may be those of tests.
    """
    findings = reading.findings
    if reading.busy or not len(findings.snapshot):
        return None
    if is_test_run(findings.written):
        return FIRST
    return None if reading.followed and findings.written.orphans else SERVICES


class SpanIds(NamedTuple):
    """The ids of a span, as text (foreign)."""

    trace: str
    span: str


def door_to(ids: SpanIds, reading: Reading) -> Door | None:
    """The door to a span in the run that it belongs to; None if it is not in the recording."""
    findings = reading.findings
    row = row_of(findings.written, *ids)
    if row < 0:
        return None
    runs = findings.runs
    number = int(runs.of[row])
    choice = NEWEST if number == runs.newest else int(runs.key[number])
    return Door(SERVICES, row=row, choice=None if choice == findings.choice else choice)

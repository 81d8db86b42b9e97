"""Which mode a recording opens in."""

from tracetui.analysis.jobs.services import is_test_run
from tracetui.ui.app.modes import FIRST
from tracetui.ui.feed.reading import Reading

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

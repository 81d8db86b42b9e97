"""The outcome of a run in one line: how many tests failed, and the time lost in stalls."""

from tracetui import units
from tracetui.analysis.runs.runs import Summary
from tracetui.analysis.study.findings import Findings
from tracetui.model.role import Outcome, Role
from tracetui.report.drawing.style import many
from tracetui.report.still import stall, subject
from tracetui.text import Safe, sanitize


def verdict(findings: Findings) -> Safe:
    """`1 of 1 310 tests failed; 4m01s lost while it was archived`: for a run that is over."""
    parts = [failures_words(findings.summary), _lost(findings)]
    return sanitize("; ".join(part for part in parts if part))


def failures_words(summary: Summary) -> str:
    """The number of failed tests, of all tests, and of those that never ended."""
    failed = sum(summary.outcomes[outcome] for outcome in Outcome if outcome.bad)
    cut_off = summary.outcomes[Outcome.CUT_OFF]
    unended = f", {units.count(cut_off)} never ended" if cut_off else ""
    if failed:
        only = summary.tests == 1
        return ("the only test failed" if only else f"{_of(failed, summary)} failed") + unended
    if summary.has_failed_suite:
        return f"no test failed{unended}, but a suite did"
    if outside := summary.failed_outside_tests:
        return f"no test failed{unended}, but {many(outside, 'failure')} outside tests"
    if not summary.tests:
        return "no test ran"
    return f"{many(summary.tests, 'test')}, none failed{unended}"


def _of(number: int, summary: Summary) -> str:
    return f"{units.count(number)} of {many(summary.tests, 'test')}"


def _lost(findings: Findings) -> str:
    """The cost of the stalls, and the cause if there is only one."""
    stalls = findings.overview.still
    if not stalls:
        return ""
    lost = units.duration(sum(one.length_ns for one in stalls))
    if len(stalls) > 1:
        return f"{lost} lost to {many(len(stalls), 'stall')}"
    cause = stall(findings, stalls[0]).cause
    if cause is None:
        return f"{lost} lost to a stall"
    failed = findings.overview.failed.tolist()
    who = "it" if failed == [subject(findings, stalls[0].row)] else sanitize(cause.title)
    if cause.role == Role.ARCHIVER.label:
        return f"{lost} lost while {who} was archived"
    return f"{lost} lost while a hook ran for {who}"

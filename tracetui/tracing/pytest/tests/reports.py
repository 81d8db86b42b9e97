"""Reduces pytest's reports to what a span records of them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from tracetui.tracing.pytest.tests.outcomes import Outcome, is_bad, phase_outcome, suite_status
from tracetui.tracing.spans.values import text

CRASHED = "crash"
TIMED_OUT = "timeout"
NO_PHASE = "???"
"""The word of pytest-forked and pytest-xdist for the phase of a test whose process died."""
_TIMEOUT = re.compile(r"(?:Failed: )?Timeout \(?>[\d.]+s")


@dataclass(frozen=True)
class Verdict:
    """How a phase ended: `message` if it failed, `reason` if it was skipped or expected to fail.

    `stack` is the stack trace of `error`. `error_type` is set if it is not the class of an exception:
    `crash`, `timeout`.
    """

    outcome: Outcome
    error: BaseException | None = None
    message: str = ""
    reason: str | None = None
    error_type: str | None = None
    stack: str = ""


PASSED = Verdict("passed")
INTERRUPTED = Verdict("error", message="interrupted")


def verdict_of(
    call: pytest.CallInfo[None], report: pytest.TestReport, stack: Callable[[BaseException], str]
) -> Verdict:
    """The verdict on a phase that ran in this process."""
    if call.excinfo is None and report.outcome == "passed" and not hasattr(report, "wasxfail"):
        return PASSED
    if call.excinfo is None:
        return _verdict(report, None, lambda: report.longreprtext)
    verdict = _verdict(report, call.excinfo.value, call.excinfo.exconly)
    return verdict if verdict.error is None else replace(verdict, stack=stack(verdict.error))


def verdict_of_report(report: pytest.TestReport) -> Verdict:
    """The verdict on a phase that ran in a child that was forked for it."""
    # The end of a traceback is what was raised.
    return _verdict(report, None, lambda: _last_line(report.longreprtext).removeprefix("E").strip())


def interruption(error: BaseException, stack: str) -> Verdict:
    """The verdict on a phase that ended the whole run."""
    return Verdict("error", error, f"interrupted: {type(error).__name__}", stack=stack)


def run_status(session: pytest.Session | None, exit_status: int, *, was_interrupted: bool) -> str:
    """`test.suite.run.status`; so many tests may have failed that no more run (`-x`, `--maxfail`)."""
    most = session.config.getoption("maxfail", default=0) if session else 0
    was_stopped = session is not None and bool(most) and session.testsfailed >= most
    return suite_status(exit_status, was_interrupted=was_interrupted, was_stopped=was_stopped)


def timeout(seconds: float) -> Verdict:
    """The verdict on a phase that timed out and ends the process with it."""
    return Verdict("failed", message=f"Timeout (>{seconds}s)", error_type=TIMED_OUT)


def _verdict(report: pytest.TestReport, error: BaseException | None, tell: Callable[[], str]) -> Verdict:
    is_xfail = hasattr(report, "wasxfail")
    outcome = phase_outcome(report.when or "call", report.outcome, is_xfail=is_xfail)
    if is_bad(outcome):
        message = tell()
        return Verdict(outcome, error, message, error_type=_special_type(report, message))
    if outcome == "skipped":
        return Verdict(outcome, reason=_skip_reason(report))
    return Verdict(outcome, error, reason=_without("reason: ", text(report.wasxfail)) if is_xfail else None)


def _special_type(report: pytest.TestReport, message: str) -> str | None:
    if str(report.when) == NO_PHASE:
        return CRASHED
    return TIMED_OUT if _TIMEOUT.match(message) else None


def _last_line(content: str) -> str:
    return content.strip().rpartition("\n")[2]


def _skip_reason(report: pytest.TestReport) -> str | None:
    # (file, line, "Skipped: because")
    if isinstance(report.longrepr, tuple):
        return _without("Skipped: ", report.longrepr[2])
    return None


def _without(prefix: str, reason: str) -> str:
    return reason.removeprefix(prefix)

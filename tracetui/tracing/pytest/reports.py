"""Pytest's reports -> the few words a span says about them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tracetui.tracing.pytest.outcomes import Outcome, is_bad, phase_outcome
from tracetui.tracing.values import text

CRASHED = "crash"
TIMED_OUT = "timeout"
NO_PHASE = "???"
"""The word of pytest-forked and pytest-xdist for the phase of a test whose process died."""
_TIMEOUT = re.compile(r"(?:Failed: )?Timeout \(?>[\d.]+s")


@dataclass(frozen=True)
class Verdict:
    """How a phase went: `message` if it failed, `reason` if it was skipped or expected to fail.

    `error_type` is said where it is not the class of an exception: `crash`, `timeout`.
    """

    outcome: Outcome
    error: BaseException | None = None
    message: str = ""
    reason: str | None = None
    error_type: str | None = None


INTERRUPTED = Verdict("error", message="interrupted")


def verdict_of(call: pytest.CallInfo[None], report: pytest.TestReport) -> Verdict:
    """What a phase that ran in this process comes to."""
    error = None if call.excinfo is None else call.excinfo.value
    return _verdict(report, error, call.excinfo.exconly if call.excinfo else lambda: report.longreprtext)


def verdict_of_report(report: pytest.TestReport) -> Verdict:
    """What a phase comes to that ran elsewhere: in a child that was forked for it."""
    # The end of a traceback is what was raised.
    return _verdict(report, None, lambda: _last_line(report.longreprtext).removeprefix("E").strip())


def interruption(error: BaseException) -> Verdict:
    """What comes of a phase that ended the whole run."""
    return Verdict("error", error, f"interrupted: {type(error).__name__}")


def timeout(seconds: float) -> Verdict:
    """What comes of a phase whose time was up, when the process ends with it."""
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

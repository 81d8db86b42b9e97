"""Pytest's reports -> the few words a span says about them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tracetui.tracing.pytest.outcomes import Outcome, is_bad, phase_outcome
from tracetui.tracing.values import text


@dataclass(frozen=True)
class Verdict:
    """How a phase went: `message` if it failed, `reason` if it was skipped or expected to fail."""

    outcome: Outcome
    error: BaseException | None = None
    message: str = ""
    reason: str | None = None


INTERRUPTED = Verdict("error", message="interrupted")


def verdict_of(call: pytest.CallInfo[None], report: pytest.TestReport) -> Verdict:
    """What a phase's report comes to."""
    is_xfail = hasattr(report, "wasxfail")
    outcome = phase_outcome(report.when or "call", report.outcome, is_xfail=is_xfail)
    error = None if call.excinfo is None else call.excinfo.value
    if is_bad(outcome):
        message = report.longreprtext if call.excinfo is None else call.excinfo.exconly()
        return Verdict(outcome, error, message)
    if outcome == "skipped":
        return Verdict(outcome, reason=_skip_reason(report))
    return Verdict(outcome, error, reason=_without("reason: ", text(report.wasxfail)) if is_xfail else None)


def interruption(error: BaseException) -> Verdict:
    """What comes of a phase that ended the whole run."""
    return Verdict("error", error, f"interrupted: {type(error).__name__}")


def _skip_reason(report: pytest.TestReport) -> str | None:
    # (file, line, "Skipped: because")
    if isinstance(report.longrepr, tuple):
        return _without("Skipped: ", report.longrepr[2])
    return None


def _without(prefix: str, reason: str) -> str:
    return reason.removeprefix(prefix)

"""Outcomes of phases from pytest's reports, and of tests from their phases: a table, and no I/O."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

Outcome = Literal["passed", "failed", "error", "skipped", "xfailed", "xpassed"]
Reported = Literal["passed", "failed", "skipped", "rerun"]

_BAD: frozenset[Outcome] = frozenset({"failed", "error"})
# The first of these that any phase had is the test's: a call that failed is not hidden by its teardown.
_STRONGEST: tuple[Outcome, ...] = ("failed", "error", "skipped", "xfailed", "xpassed")


def phase_outcome(when: str, reported: str, *, is_xfail: bool) -> Outcome:
    """The outcome of one phase; `is_xfail` says that the report has a `wasxfail`.

    A strict xpass is reported as failed, and is. A rerun was a failure of this attempt.
    """
    if reported in ("failed", "rerun"):
        return "failed" if when == "call" else "error"
    if reported == "skipped":
        return "xfailed" if is_xfail else "skipped"
    return "xpassed" if is_xfail and when == "call" else "passed"


def test_outcome(phases: Iterable[Outcome]) -> Outcome:
    """The outcome of a test with these phases; without any it was never judged: an error."""
    seen = set(phases)
    if seen == {"passed"}:
        return "passed"
    return next((outcome for outcome in _STRONGEST if outcome in seen), "passed" if seen else "error")


def is_bad(outcome: Outcome) -> bool:
    """Whether it makes the run fail."""
    return outcome in _BAD


def result_status(outcome: Outcome) -> str:
    """`test.case.result.status` of the semantic conventions (`skipped` is agreed practice, not in them)."""
    return "fail" if is_bad(outcome) else "skipped" if outcome == "skipped" else "pass"


def suite_status(exit_status: int, *, was_interrupted: bool = False, was_stopped: bool = False) -> str:
    """`test.suite.run.status` for pytest's exit status.

    A run that `was_stopped` by its failed tests (`-x`, `--maxfail`) failed: only xdist calls that an
    interruption.
    """
    if was_stopped and exit_status == 2:
        return "failure"
    if was_interrupted:
        return "aborted"
    return {0: "success", 2: "aborted", 5: "skipped"}.get(exit_status, "failure")

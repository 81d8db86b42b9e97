"""The table of outcomes: from what pytest reports to what a span says."""

from __future__ import annotations

import pytest

from tracetui.tracing.pytest.tests.outcomes import Outcome, phase_outcome, result_status, suite_status
from tracetui.tracing.pytest.tests.outcomes import test_outcome as outcome_of_test

PHASES: list[tuple[str, str, bool, Outcome]] = [
    ("setup", "passed", False, "passed"),
    ("setup", "failed", False, "error"),
    ("setup", "skipped", False, "skipped"),
    ("setup", "skipped", True, "xfailed"),
    ("call", "passed", False, "passed"),
    ("call", "passed", True, "xpassed"),
    ("call", "failed", False, "failed"),
    ("call", "failed", True, "failed"),
    ("call", "skipped", False, "skipped"),
    ("call", "skipped", True, "xfailed"),
    ("call", "rerun", False, "failed"),
    ("teardown", "passed", False, "passed"),
    ("teardown", "passed", True, "passed"),
    ("teardown", "failed", False, "error"),
]


@pytest.mark.parametrize(("when", "reported", "is_xfail", "expected"), PHASES)
def test_a_phase_is_what_its_report_says(when: str, reported: str, is_xfail: bool, expected: Outcome) -> None:
    """Each row of the table."""
    assert phase_outcome(when, reported, is_xfail=is_xfail) == expected


TESTS: list[tuple[tuple[Outcome, ...], Outcome, str]] = [
    (("passed", "passed", "passed"), "passed", "pass"),
    (("passed", "failed", "passed"), "failed", "fail"),
    (("passed", "failed", "error"), "failed", "fail"),
    (("passed", "passed", "error"), "error", "fail"),
    (("passed", "xfailed", "error"), "error", "fail"),
    (("passed", "skipped", "error"), "error", "fail"),
    (("error", "passed"), "error", "fail"),
    (("skipped", "passed"), "skipped", "skipped"),
    (("passed", "skipped", "passed"), "skipped", "skipped"),
    (("passed", "xfailed", "passed"), "xfailed", "pass"),
    (("passed", "xpassed", "passed"), "xpassed", "pass"),
    ((), "error", "fail"),
]


@pytest.mark.parametrize(("phases", "expected", "status"), TESTS)
def test_a_test_is_the_worst_of_its_phases(
    phases: tuple[Outcome, ...], expected: Outcome, status: str
) -> None:
    """Each row of the table, with the status that the semantic conventions have for it."""
    assert (outcome_of_test(phases), result_status(expected)) == (expected, status)


@pytest.mark.parametrize(
    ("exit_status", "expected"),
    [(0, "success"), (1, "failure"), (2, "aborted"), (3, "failure"), (4, "failure"), (5, "skipped")],
)
def test_a_suite_is_what_the_exit_status_says(exit_status: int, expected: str) -> None:
    """Pytest's exit statuses in the words of the semantic conventions."""
    assert suite_status(exit_status) == expected
    assert suite_status(exit_status, was_interrupted=True) == "aborted"
    stopped = "failure" if exit_status == 2 else expected
    assert suite_status(exit_status, was_stopped=True) == stopped
    assert suite_status(2, was_interrupted=True, was_stopped=True) == "failure"

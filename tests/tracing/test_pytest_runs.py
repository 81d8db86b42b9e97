"""What the plugin writes about a run that has every outcome."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.tracing.recording import (
    Record,
    run_pytest,
    spans_in,
    with_role,
    write_suite,
)
from tests.tracing.suites import OUTCOMES

EXPECTED: dict[str, tuple[str, str, int, str | None]] = {
    "test_passes[a-b]": ("passed", "pass", 1, None),
    "test_passes[[/tmp/x]]": ("passed", "pass", 1, None),
    "test_passes[a::b]": ("passed", "pass", 1, None),
    "test_fails": ("failed", "fail", 2, "call"),
    "test_pytest_fail": ("failed", "fail", 2, "call"),
    "test_skips": ("skipped", "skipped", 1, None),
    "test_is_skipped": ("skipped", "skipped", 1, None),
    "test_xfails": ("xfailed", "pass", 1, "call"),
    "test_xpasses": ("xpassed", "pass", 1, None),
    "test_xpasses_strictly": ("failed", "fail", 2, None),
    "test_error_in_setup": ("error", "fail", 2, "setup"),
    "test_error_in_teardown": ("error", "fail", 2, "teardown"),
    "TestClass::test_method": ("failed", "fail", 2, "call"),
}


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> list[Record]:
    """One traced run of a suite that has every outcome."""
    directory = tmp_path_factory.mktemp("outcomes")
    write_suite(directory, test_all=OUTCOMES)
    result = run_pytest(directory, "--tracetui")
    assert result.returncode == 1, result.stdout
    spans = spans_in(directory / "spans")
    assert f"tracetui: {len(spans)} spans in spans (open with: tracetui open spans)" in result.stdout
    return spans


def test_span(recording: list[Record], name: str) -> Record:
    """The span of one test."""
    (span,) = [span for span in with_role(recording, "test") if span.name == f"test_all.py::{name}"]
    return span


test_span.__test__ = False  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", EXPECTED)
def test_every_outcome_is_told_apart(recording: list[Record], name: str) -> None:
    """Outcome, status, and one exception event on the one phase in which it was raised."""
    outcome, result, status, raised_in = EXPECTED[name]
    span = test_span(recording, name)
    phases = [phase for phase in with_role(recording, "phase") if phase.parent == span.id]
    assert span.attributes["pytest.outcome"] == outcome
    assert span.attributes["test.case.result.status"] == result
    assert span.status == status
    assert [phase.name for phase in phases if phase.exceptions] == ([raised_in] if raised_in else [])
    assert sum(len(each.exceptions) for each in [span, *phases]) == (raised_in is not None)
    is_bad = outcome in ("failed", "error")
    assert [phase.status for phase in phases].count(2) == is_bad


def test_the_tree_is_suite_test_phase(recording: list[Record]) -> None:
    """One trace, one root: tests below the suite, phases below tests, each within its parent's time."""
    (suite,) = with_role(recording, "suite")
    by_id = {span.id: span for span in recording}
    assert {span.trace for span in recording} == {suite.trace}
    assert suite.parent is None
    assert {span.parent for span in with_role(recording, "test")} == {suite.id}
    for span in recording:
        if span.parent is not None:
            parent = by_id[span.parent].raw
            assert int(parent["startTimeUnixNano"]) <= int(span.raw["startTimeUnixNano"])
            assert int(span.raw["endTimeUnixNano"]) <= int(parent["endTimeUnixNano"])


def test_the_suite_tells_how_it_went(recording: list[Record]) -> None:
    """Run status, exit status and ERROR."""
    (suite,) = with_role(recording, "suite")
    assert suite.attributes["test.suite.run.status"] == "failure"
    assert (suite.attributes["pytest.exitstatus"], suite.status) == (1, 2)
    assert suite.name == suite.attributes["test.suite.name"] == suite.resource["service.name"]


def test_a_test_knows_its_place(recording: list[Record]) -> None:
    """Name, suite, file, line and function, in the words of the semantic conventions."""
    span = test_span(recording, "TestClass::test_method")
    expected: dict[str, Any] = {
        "test.case.name": "test_all.py::TestClass::test_method",
        "pytest.nodeid": "test_all.py::TestClass::test_method",
        "test.suite.name": "test_all.py::TestClass",
        "code.function.name": "test_all.TestClass.test_method",
        "error.type": "test_all.Unprintable",
    }
    assert span.attributes.items() >= expected.items()
    path = Path(span.attributes["code.file.path"])
    line = path.read_text().splitlines()[span.attributes["code.line.number"] - 1]
    assert "def test_method" in line


def test_reasons_and_messages_are_kept(recording: list[Record]) -> None:
    """Reasons of skips and expected failures; the first line of a failure as the status message."""
    assert test_span(recording, "test_skips").attributes["pytest.skip.reason"] == "not today"
    assert test_span(recording, "test_is_skipped").attributes["pytest.skip.reason"] == "never"
    assert test_span(recording, "test_xfails").attributes["pytest.xfail.reason"] == "known"
    assert test_span(recording, "test_xpasses").attributes["pytest.xfail.reason"] == "thought so"
    failed = test_span(recording, "test_fails")
    assert failed.raw["status"]["message"] == "AssertionError: first line"
    assert failed.attributes["error.type"] == "AssertionError"
    assert (
        test_span(recording, "test_xpasses_strictly").raw["status"]["message"] == "[XPASS(strict)] for sure"
    )


def test_an_exception_is_told_in_full(recording: list[Record]) -> None:
    """Type, whole message, and a stack that begins in the test and not in pytest's machinery."""
    span = test_span(recording, "test_fails")
    (error,) = [e for phase in recording if phase.parent == span.id for e in phase.exceptions]
    assert error["exception.type"] == "AssertionError"
    assert [line.strip() for line in error["exception.message"].splitlines()[:2]] == [
        "first line",
        "second line",
    ]
    stack = error["exception.stacktrace"].splitlines()
    assert stack[0].startswith("Traceback")
    assert "test_all.py" in stack[1]


def test_a_failed_subtest_fails_its_test(tmp_path: Path) -> None:
    """A subtest's failure is the test's, with its exception recorded once."""
    suite = """
        def test_parts(subtests):
            with subtests.test("good"): pass
            with subtests.test("bad"): assert 0
            with subtests.test("worse"): raise KeyError("x")
    """
    write_suite(tmp_path, test_subtests=suite)
    run_pytest(tmp_path, "--tracetui")
    spans = spans_in(tmp_path / "spans")
    (test,) = with_role(spans, "test")
    assert test.attributes["pytest.outcome"] == "failed"
    raised = [error["exception.type"] for span in spans for error in span.exceptions]
    assert raised == ["AssertionError", "KeyError"]

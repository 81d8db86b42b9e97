"""The verdict of a run: one line that says what failed and what stalls cost."""

from collections.abc import Sequence

import pytest

from tests.builders import T0, Json, S, case, line, snapshot, span
from tracetui.analysis.study.findings import study
from tracetui.report.drawing.verdict import verdict


def of(*spans: Json) -> str:
    return verdict(study(snapshot(line(*spans)), T0 + 3600 * S))


def stalled(role: str, *, ends: Sequence[str] = ("failed",)) -> list[Json]:
    """Two workers; all wait for a minute, while a hook or archiver runs in the first test."""
    tests = [
        case(f"busy{number}", ends[number] if number < len(ends) else "passed", "gw0", end=T0 + 62 * S)
        for number in range(1)
    ]
    tests += [
        case(
            f"quick{at}",
            ends[at + 1] if at + 1 < len(ends) else "passed",
            "gw1",
            start=T0 + at,
            end=T0 + at + S,
        )
        for at in range(2)
    ]
    tests.append(case("late", "passed", "gw1", start=T0 + 62 * S, end=T0 + 63 * S))
    inner = span("inner", {"tracetui.span.role": role}, start=T0 + S, end=T0 + 62 * S, parent=tests[0])
    return [*tests, inner]


@pytest.mark.parametrize(
    ("outcomes", "words"),
    [
        (["passed"] * 3, "3 tests, none failed"),
        (["passed", "failed", "error"], "2 of 3 tests failed"),
        (["failed"], "the only test failed"),
        (["skipped", "passed"], "2 tests, none failed"),
        ([], "no test ran"),
    ],
)
def test_failures(outcomes: list[str], words: str) -> None:
    """How many failed, of how many."""
    assert of(*(case(f"t{at}", outcome, start=T0 + at) for at, outcome in enumerate(outcomes))) == words


def test_a_suite_that_failed_by_itself() -> None:
    """It is named where no test tells."""
    suite = span("depot", {"tracetui.span.role": "suite"}, status=2)
    assert of(suite, case("t", parent=suite)) == "no test failed, but a suite did"


@pytest.mark.parametrize(
    ("role", "ends", "words"),
    [
        ("archiver", ["failed"], "1 of 4 tests failed; 1m01s lost while it was archived"),
        ("archiver", ["failed", "failed"], "2 of 4 tests failed; 1m01s lost while busy0 was archived"),
        ("hook", [], "4 tests, none failed; 1m01s lost while a hook ran for busy0"),
    ],
)
def test_a_stall(role: str, ends: list[str], words: str) -> None:
    """What the only stall was for; the only failure is `it`."""
    assert of(*stalled(role, ends=ends)) == words

"""What is told first of failures: by depth, by end, and how much."""

import pytest

from tests.analysis.found import found
from tests.builders import T0, Json, S, case, line, snapshot, span
from tracetui.analysis.failures.failures import evidence, failed_inside, failures
from tracetui.analysis.study.findings import study


def phase(name: str, parent: Json, start: int = T0) -> Json:
    return span(name, {"tracetui.span.role": "phase", "pytest.outcome": "failed"}, parent=parent, start=start)


def nested(deepest: int) -> list[Json]:
    """A failed test and phases that failed, each within the one before."""
    spans = [case("t", "failed")]
    for depth in range(1, deepest + 1):
        spans.append(phase(f"p{depth}", spans[-1], T0 + depth))
    return spans


def test_evidence_stands_by_depth() -> None:
    """The deepest first, whatever began when; of equal depth the first; what failed itself is the last."""
    test, outer, inner = nested(2)
    findings = found(test, outer, inner, phase("late", test, T0 + 9), phase("deep", outer, T0 + 5))
    names = [findings.snapshot.name(row) for row in evidence(findings, 0)]
    assert names == ["p2", "deep", "p1", "late", "t"]


def test_why_a_suite_failed() -> None:
    """What failed outside of its tests tells it, neither they do nor what failed inside them."""
    told = {"tracetui.span.role": "suite", "test.suite.run.status": "failure"}
    suite = span("suite", told, end=T0 + S)
    test = case("t", "failed", parent=suite, start=T0 + 1)
    hook = {"tracetui.span.role": "hook", "pytest.outcome": "failed"}
    inside = span("inside", hook, parent=test, start=T0 + 2)
    beside = span("beside", hook, parent=suite, start=T0 + 3)
    for spans in ([suite, test, inside], [test, suite, inside]):
        findings = found(*spans, beside, phase("call", suite, T0 + 4))
        rows = evidence(findings, spans.index(suite))
        assert [findings.snapshot.name(row) for row in rows] == ["beside", "suite"]


def test_a_test_inside_a_test_tells_nothing_of_it() -> None:
    """What a test of a test framework ran failed on purpose; a phase that says nothing is looked at."""
    test = case("outer", "failed")
    call = span("call", {"tracetui.span.role": "phase"}, parent=test, start=T0 + 1)
    inner = case("inner", "failed", parent=call, start=T0 + 2)
    fine = span("fine", {"tracetui.span.role": "hook", "pytest.outcome": "passed"}, parent=call, start=T0 + 3)
    findings = found(test, call, inner, fine)
    assert [findings.snapshot.name(row) for row in evidence(findings, 0)] == ["call", "outer"]


@pytest.mark.parametrize(("phases", "told"), [(6, 7), (7, 8), (8, 8), (20, 8)])
def test_so_much_evidence(phases: int, told: int) -> None:
    """Eight spans at most, the failed one among them; the innermost are kept."""
    findings = found(*nested(phases))
    rows = evidence(findings, 0)
    names = [findings.snapshot.name(row) for row in rows]
    assert len(rows) == told
    assert (names[0], names[-1]) == (f"p{phases}", "t")


def test_what_ended_at_once_stands_as_in_the_tree() -> None:
    """Failures by their end; those that end at one moment as they stand in the waterfall."""
    later = case("later", "failed", start=T0 + 2, end=T0 + S)
    sooner = case("sooner", "failed", start=T0 + 1, end=T0 + S)
    first = case("first", "failed", start=T0 + 3, end=T0 + S - 1)
    findings = found(later, sooner, first)
    assert [findings.snapshot.name(row) for row in failures(findings)] == ["first", "sooner", "later"]


@pytest.mark.parametrize(("most", "told"), [(1, ["p1"]), (2, ["p1", "p2"]), (3, ["p1", "p2"])])
def test_what_failed_inside(most: int, told: list[str]) -> None:
    """The first of what failed below a failed test, without the test itself."""
    read = snapshot(line(*nested(2)))
    rows = failed_inside(read, study(read, T0 + S).tree, 0, most)
    assert [read.name(row) for row in rows] == told


@pytest.mark.parametrize(("failed", "told"), [(4, 4), (5, 5), (6, 5)])
def test_at_most_five_failed_inside(failed: int, told: int) -> None:
    """Of more the first five: the page of a test has no room for all of them."""
    test = case("t", "failed", start=T0, end=T0 + S)
    hooks = [
        span(f"h{n}", {"tracetui.span.role": "hook"}, status=2, start=T0 + n, end=T0 + n + 1, parent=test)
        for n in range(failed)
    ]
    read = snapshot(line(test, *hooks))
    rows = failed_inside(read, study(read, T0 + S).tree, 0)
    assert [read.name(row) for row in rows] == [f"h{n}" for n in range(told)]

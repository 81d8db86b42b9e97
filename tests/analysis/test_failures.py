"""What failed, why, and what failed for the same reason."""

import numpy as np
from hypothesis import given

from tests.analysis.found import found
from tests.analysis.graphs import ancestors, runs
from tests.builders import T0, Json, S, case, exception, line, small_run, snapshot, span
from tracetui.analysis.failures.causes import Cause, grouped
from tracetui.analysis.failures.exceptions import Thrown, thrown
from tracetui.analysis.failures.failures import archivers, evidence, failed_beside, failures
from tracetui.analysis.study.findings import study
from tracetui.analysis.tree.related_spans import occurrences, row_of, shared
from tracetui.formats.detail import decode_span
from tracetui.model.role import BAD, HookKind, Outcome, Role
from tracetui.model.span import Span
from tracetui.store.snapshot import Snapshot


def decoded(*spans: Json) -> list[Span]:
    """The spans as they are decoded."""
    import json

    return [decode_span(json.dumps(each).encode(), b"", b"") for each in spans]


def answers(recording: Snapshot, above: int, row: int, failed: set[int]) -> bool:
    """Whether what is `above` a hook or archiver tells of it, or forgives it; tests in `failed` suites do."""
    role, outcome = Role(int(recording.role[above])), Outcome(int(recording.outcome[above]))
    is_fixture = recording.hook_kind[row] >= HookKind.FIXTURE
    if is_fixture and above in failed:
        return True
    if is_fixture and outcome in (Outcome.PASSED, Outcome.RUNNING):
        return role is Role.TEST or (role is Role.SUITE and outcome is Outcome.PASSED)
    if role is Role.TEST:
        return outcome in (*BAD, Outcome.CUT_OFF, Outcome.XFAILED, Outcome.RERUN)
    return role in (Role.HOOK, Role.ARCHIVER) and outcome.bad


@given(runs())
def test_nothing_bad_is_missing(recording: Snapshot) -> None:
    """Every failed test is there, and of failed hooks those that are in nothing that answers for them."""
    findings = study(recording, 100)
    chosen = failures(findings).tolist()
    recording, parent = findings.snapshot, findings.tree.parent.tolist()
    bad = np.flatnonzero((recording.role == Role.TEST) & np.isin(recording.outcome, BAD)).tolist()
    failed = {above for row in bad for above in ancestors(parent, row) if recording.role[above] == Role.SUITE}
    for row in range(len(recording)):
        role, outcome = Role(int(recording.role[row])), Outcome(int(recording.outcome[row]))
        beside = role in (Role.HOOK, Role.ARCHIVER) and outcome.bad
        test = role is Role.TEST and (outcome.bad or outcome is Outcome.CUT_OFF)
        covered = any(answers(recording, above, row, failed) for above in ancestors(parent, row))
        assert role is Role.SUITE or (row in chosen) == (test or (beside and not covered))
    ends = findings.times.end[chosen].tolist()
    assert ends == sorted(ends)


def test_hook_under_a_passing_test() -> None:
    """A hook that failed is a failure of its own only where no test says so."""
    good, bad = case("good", start=T0), case("bad", "failed", start=T0 + 1)
    told = {"tracetui.span.role": "hook", "pytest.outcome": "failed"}
    hooks = [span(f"hook {each['name']}", told, parent=each, status=2) for each in (good, bad)]
    findings = found(good, bad, *hooks)
    titles = [findings.snapshot.title(row) for row in failures(findings).tolist()]
    assert sorted(titles) == ["bad", "hook good"]
    assert failed_beside(findings, 1).tolist() == [3]
    assert archivers(findings, 1).tolist() == []


def test_evidence_is_innermost_first() -> None:
    """The spans that may tell why stand innermost first, the failed one last."""
    findings = study(snapshot(small_run()), T0 + S)
    (row,) = failures(findings).tolist()
    names = [findings.snapshot.name(each) for each in evidence(findings, row)]
    assert names == ["setup", "call", "teardown", "tests/test_depot.py::test_closes"]


def test_evidence_of_resmoke() -> None:
    """A phase that says nothing of its outcome is looked at all the same; of many the innermost."""
    test = span("job._execute_test", {"test_long_name": "a.js"}, status=2)
    phases = [span("run_test", start=T0 + place, parent=test) for place in range(20)]
    findings = study(snapshot(line(test, *phases, scope="resmoke")), T0 + S)
    rows = evidence(findings, 0)
    assert len(rows) == 8
    assert rows[-1] == 0


def test_each_exception_once() -> None:
    """An exception that several spans recorded counts at the innermost; the first one comes first."""
    first, second = exception("A", "one", at=T0 + 1), exception("B", "two", at=T0 + 9)
    inner = span("inner") | {"events": [first]}
    outer = span("outer") | {"events": [second, first]}
    assert [(each.kind, each.where) for each in thrown(decoded(inner, outer))] == [
        ("A", "inner"),
        ("B", "outer"),
    ]


def test_status_message() -> None:
    """Without any exception event the message of a bad status is why; a good one's message is not."""
    bad = decoded(span("call", status=2, message="3 is not 4"), span("test", status=2, message="3 is not 4"))
    assert [(each.kind, each.message, each.where) for each in thrown(bad)] == [("", "3 is not 4", "call")]
    assert thrown(decoded(span("call", status=1, message="fine"))) == []


def test_alike() -> None:
    """Numbers, ids and addresses do not make another kind of failure; the first line alone counts."""
    messages = [
        "expected 3 but found 12\nx",
        "expected 4 but found 2.5",
        "<A at 0x7f3a>",
        "<A at 0x1>",
        "other",
    ]
    causes = [Cause(row, (Thrown("E", message, "", 0, "call"),)) for row, message in enumerate(messages)]
    groups = grouped([*causes, Cause(9, ())])
    assert [group.rows for group in groups] == [(0, 1), (2, 3), (4,), (9,)]
    assert groups[0].headline == "E: expected 3 but found 12"
    assert groups[-1].headline == "no exception recorded"


def test_occurrences() -> None:
    """The same test again: by its full name and role, in order of start."""
    second = case("a", start=T0 + 5)
    findings = found(second, case("b"), case("a", "failed", start=T0), span("a"))
    assert occurrences(findings, 0).tolist() == [2, 0]


def test_links_lead_to_rows() -> None:
    """A span is found by its ids as they are written; what is no id, or not there, is nowhere."""
    findings = found(span("a"), span("b"), span("c", id="not hex at all"))
    snapshot_ = findings.snapshot
    for row in range(3):
        assert row_of(snapshot_, snapshot_.trace_id(row), snapshot_.span_id_text(row)) == row
    for nowhere in ("f" * 16, "", "x", "f" * 40, "-1"):
        assert row_of(snapshot_, snapshot_.trace_id(0), nowhere) == -1
    assert row_of(snapshot_, "0" * 32, snapshot_.span_id_text(0)) == -1


def test_shared() -> None:
    """What every span has alike is shared; of one or two spans nothing is."""
    spans = decoded(*(span(name, {"job": 7, "name": name, "x": 1}) for name in "abc"), span("d", {"job": 7}))
    assert shared(spans) == {"job": "7"}
    assert shared(spans[:2]) == {}

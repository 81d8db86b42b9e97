"""Each rule at its limit, and what it says where the recording says too little."""

import pytest

from tests.builders import T0, Json, S, case, line, snapshot, span, start_record, table
from tracetui.analysis.gates.judging import judge
from tracetui.analysis.gates.rules import Allowed, Limits, Rule, Verdict, worst
from tracetui.analysis.study.findings import Findings, study
from tracetui.settings.fields import FAIL_ON

MS = S // 1000
ROLE = "tracetui.span.role"


def findings(*tests: Json, end: int = T0 + 9 * S, more: bytes = b"", now: int = T0 + 100 * S) -> Findings:
    """A suite with some tests; without an `end` it is still under way."""
    suite = suite_of(end)
    below = [test | {"parentSpanId": suite["spanId"], "traceId": suite["traceId"]} for test in tests]
    return study(snapshot(line(suite, *below) + more), now)


def suite_of(end: int) -> Json:
    """The suite."""
    return span("s", {ROLE: "suite"}, start=T0, end=end)


def only(found: Findings, **limits: object) -> Rule:
    """What the one rule says."""
    (rule,) = judge(found, Limits(**limits))  # type: ignore[arg-type] # whatever the test gives
    return rule


@pytest.mark.parametrize(("limit", "verdict"), [(S - 1, "breach"), (S, "pass"), (S + 1, "pass")])
def test_max_test_at_its_limit(limit: int, verdict: str) -> None:
    """A test may take just as long as the limit."""
    rule = only(findings(case("t", end=T0 + S)), max_test=limit)
    assert (rule.verdict, rule.value, rule.n) == (verdict, S, 1)
    assert [offender.name for offender in rule.offenders] == ["t"] * (verdict == "breach")


@pytest.mark.parametrize(("limit", "verdict"), [(9 * S - 1, "breach"), (9 * S, "pass")])
def test_max_suite_at_its_limit(limit: int, verdict: str) -> None:
    """So may a run."""
    assert only(findings(case("t", end=T0 + S)), max_suite=limit).verdict == verdict


@pytest.mark.parametrize(("limit", "verdict"), [(300 * MS - 1, "breach"), (300 * MS, "pass")])
def test_max_setup_counts_set_up_phases(limit: int, verdict: str) -> None:
    """What a test's set-up took, fixtures included, and not its call."""
    test = case("t", end=T0 + S)
    phases = [
        span("setup", {ROLE: "phase"}, start=T0, end=T0 + 300 * MS, parent=test),
        span("call", {ROLE: "phase"}, start=T0 + 300 * MS, end=T0 + S, parent=test),
    ]
    suite = suite_of(T0 + 9 * S)
    test |= {"parentSpanId": suite["spanId"]}
    rule = only(study(snapshot(line(suite, test, *phases)), T0 + 100 * S), max_setup=limit)
    assert (rule.verdict, rule.value) == (verdict, 300 * MS)


def test_the_worst_are_named_first() -> None:
    """By what they took, then by name."""
    tests = [case(name, start=T0 + at, end=T0 + at + took) for at, (name, took) in enumerate(TOOK.items())]
    offenders = only(findings(*tests), max_test=S).offenders
    assert [offender.name for offender in offenders] == ["c", "a", "d"]


TOOK = {"a": 2 * S, "b": S, "c": 3 * S, "d": 2 * S}


def test_what_is_allowed_is_no_breach_up_to_its_own_limit() -> None:
    """Beyond that it is one."""
    found = findings(case("t", end=T0 + 2 * S))
    for limit, verdict in ((2 * S, Verdict.PASS), (2 * S - 1, Verdict.BREACH)):
        (rule,) = judge(found, Limits(max_test=S), {"max-test": {"t": Allowed("t", limit)}})
        assert rule.verdict is verdict
        assert [offender.name for offender in rule.offenders] == ["t"]


@pytest.mark.parametrize("name", FAIL_ON)
def test_a_clean_run_passes(name: str) -> None:
    """None of what a run can be stopped for is in it."""
    rule = only(findings(case("t", end=T0 + S)), fail_on=(name,))
    assert (rule.verdict, rule.value, rule.name) == (Verdict.PASS, 0, name)


def test_failed_tests_are_counted() -> None:
    """With their names."""
    rule = only(findings(case("t", "failed", end=T0 + S), case("u", end=T0 + S)), fail_on=("failed",))
    assert (rule.verdict, rule.value, rule.n) == (Verdict.BREACH, 1, 2)
    assert [offender.name for offender in rule.offenders] == ["t"]


def test_a_rerun_that_passed_is_flaky() -> None:
    """One that failed again is not: it is broken."""
    tests = [
        case("t", "rerun", end=T0 + S),
        case("t", "passed", start=T0 + S, end=T0 + 2 * S),
        case("u", "rerun", start=T0 + 2 * S, end=T0 + 3 * S),
        case("u", "failed", start=T0 + 3 * S, end=T0 + 4 * S),
    ]
    found = findings(*tests)
    rule = only(found, fail_on=("flaky",))
    assert (rule.verdict, [offender.name for offender in rule.offenders]) == (Verdict.BREACH, ["t"])
    # Of two tests, as the heading says: attempts are none of their own.
    numbers = [only(found, fail_on=(name,)).n for name in ("flaky", "failed", "cut-off")]
    assert numbers == [2, 2, 2]
    assert only(found, max_test=5 * S).n == found.summary.tests == 2


def test_what_is_lost_is_counted() -> None:
    """And no other rule says that all is well then."""
    found = findings(case("t", end=T0 + S), more=b'{"resourceSpans": [{"scopeSpans": [{"spans": [7]}]}]}\n')
    assert found.losses.own
    assert only(found, fail_on=("lost",)).verdict is Verdict.BREACH
    assert only(found, max_test=2 * S).verdict is Verdict.UNDECIDABLE
    assert only(found, max_test=2 * S).why == "spans were lost"


def test_a_breach_is_one_though_spans_are_missing() -> None:
    """What was seen is over the limit."""
    found = findings(case("t", end=T0 + S), more=b'{"resourceSpans": [{"scopeSpans": [{"spans": [7]}]}]}\n')
    assert only(found, max_test=S - 1).verdict is Verdict.BREACH


def test_a_run_without_its_suite_is_undecided() -> None:
    """Tests whose parent never came: nobody knows how many there were."""
    orphan = case("t", end=T0 + S) | {"parentSpanId": "f" * 16}
    found = study(snapshot(line(orphan)), T0 + 1000 * S)
    assert found.summary.state == "incomplete"
    assert only(found, max_test=S).verdict is Verdict.UNDECIDABLE
    assert only(found, max_test=S).why == "the run's suite is missing"
    assert only(found, fail_on=("incomplete",)).verdict is Verdict.BREACH


def test_nothing_at_all_is_undecided() -> None:
    """A gate on no run never passes."""
    found = study(snapshot(line()), T0)
    rules = judge(found, Limits(S, S, S, 0.1, FAIL_ON))
    assert {rule.verdict for rule in rules} == {Verdict.UNDECIDABLE}


def test_what_was_cut_off() -> None:
    """A test that began and never ended, its writer gone; of times nobody can say more then."""
    top = suite_of(0)
    store = table(b"".join(map(start_record, (top, case("t", end=0, parent=top)))))
    store.set_gone([0])
    found = study(store.snapshot(), T0 + 10 * S)
    rule = only(found, fail_on=("cut-off",))
    assert (rule.verdict, [offender.name for offender in rule.offenders]) == (Verdict.BREACH, ["t"])
    assert only(found, max_test=3600 * S).why == "the run was cut off"


def test_rules_stand_in_their_order() -> None:
    """Limits first, then what must not happen."""
    rules = judge(findings(case("t", end=T0 + S)), Limits(S, S, S, 0.1, FAIL_ON[::-1]))
    limits = ["max-test", "max-suite", "max-setup", "max-regression"]
    assert [rule.name for rule in rules] == [*limits, *FAIL_ON]


def test_the_worst_verdict_counts() -> None:
    """Breaches first, then what is undecided; and no rule at all decides nothing."""
    rules = judge(findings(case("t", end=T0 + S)), Limits(max_test=S, max_regression=0.1))
    assert worst(rules) is Verdict.UNDECIDABLE
    assert worst([*rules, rules[0]._replace(verdict=Verdict.BREACH)]) is Verdict.BREACH
    assert worst(rules[:1]) is Verdict.PASS
    assert worst([]) is Verdict.UNDECIDABLE

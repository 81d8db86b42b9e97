"""Decisions that spans share: whatever the dialect, each span is told as the rules tell it by itself."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budgets import examples
from tracetui.formats.scanned.decisions import Decisions, Title
from tracetui.model.clues import Clues
from tracetui.model.dialects import CHROME
from tracetui.model.role import OUTCOMES, ROLES, Outcome, Role, StatusCode
from tracetui.model.rules import HOT_KEYS, RESMOKE, Facts, classify

SCOPES = (
    *("", "resmoke", "vitest", "playwright-opentelemetry", "logfire.pytest", "pytest-otel", "TUnit", CHROME),
    "@opentelemetry/instrumentation-cucumber",
)
NAMES = (
    *("", "test_a", "t.py::test_a", "test worker gw0", "x::setup", "db setup", "BeforeStep", "pytest: run"),
    *(
        "hook: h",
        "test session",
        "test case",
        "a.test_session",
        "vitest.start",
        "playwright.test",
        "test run",
    ),
    *("vitest.test.runner.run.test", "vitest.test.runner.test.afterEach", "vitest.module.import_spec"),
    *("Feature: f. Scenario: s", "Feature: f. Scenario: ", *RESMOKE),
)
VALUES = (
    *(
        "",
        "0",
        "1",
        "5",
        "true",
        "false",
        "function",
        "class",
        "test",
        "fixture",
        "hook",
        "phase",
        "run",
        "b",
    ),
    *("test_a", "t.py", "t.py::test_a", "Before Hooks > x", "beforeAll", "TestRunner", "crash", "timedOut"),
    *("xfail: no", "setup", "setup-script", "collection", "skip", "pass", "a/1/2", *ROLES, *OUTCOMES),
)
TELLING = sorted(
    {key for key in HOT_KEYS if "name" in key or "status" in key or "role" in key or "id" in key}
)


class Spans:
    """Some spans that are alike."""

    def __init__(self, spans: Sequence[Clues]) -> None:
        self.spans = spans

    def clues(self, row: int) -> Clues:
        return self.spans[row]

    def texts(self, key: str) -> Sequence[str]:
        return [span.text(key) for span in self.spans]


def shared(decisions: Decisions, spans: Sequence[Clues]) -> list[Facts]:
    """What is decided about spans together."""
    found = []
    for span, decision in zip(spans, decisions.about(Spans(spans)), strict=True):
        assert decision.facts
        title = decision.facts.title
        text = span.title(title.key, title.suite) if isinstance(title, Title) else title
        found.append(decision.facts._replace(title=text))
    return found


@st.composite
def alike(draw: st.DrawFn) -> list[list[Clues]]:
    """Two batches of spans with one scope, one status and the same attributes."""
    keys = draw(
        st.lists(st.sampled_from(sorted(HOT_KEYS)) | st.sampled_from(TELLING), unique=True, max_size=6)
    )
    scope, status = draw(st.sampled_from(SCOPES)), draw(st.sampled_from(list(StatusCode)))
    texts = st.fixed_dictionaries({key: st.sampled_from(VALUES) | st.text(max_size=3) for key in keys})
    span = st.builds(
        lambda name, attributes: Clues(name, scope, status, attributes), st.sampled_from(NAMES), texts
    )
    return draw(st.lists(st.lists(span, min_size=1, max_size=8), min_size=1, max_size=2))


@given(alike())
@settings(max_examples=examples(400), deadline=None)
def test_what_is_shared_is_what_the_rules_say(batches: list[list[Clues]]) -> None:
    """Of every span, also of those that come when some were decided about."""
    decisions = Decisions(classify)
    for spans in batches:
        assert shared(decisions, spans) == [classify(span) for span in spans]


@given(alike())
@settings(max_examples=examples(150), deadline=None)
def test_a_decision_rests_on_no_other_attribute(batches: list[list[Clues]]) -> None:
    """Spans that are equal in what one rests on, and in their names, are equal in all of it."""
    decisions = Decisions(classify)
    for spans in batches:
        about = decisions.about(Spans(spans))
        known: dict[object, Facts] = {}
        for span, decision in zip(spans, about, strict=True):
            told = (span.name, decision.rests_on, *(span.get(key) for key in sorted(decision.rests_on)))
            assert known.setdefault(told, classify(span)) == classify(span)


def test_tests_that_differ_in_their_names_alone_share_one_decision() -> None:
    """And one that is skipped has another."""
    asked: list[Clues] = []

    def noted(clues: Clues) -> Facts:
        asked.append(clues)
        return classify(clues)

    def test(number: int, result: str) -> Clues:
        case = {"test.case.name": f"test_{number}", "test.suite.name": f"t{number}.py"}
        return Clues(f"n{number}", "", StatusCode.OK, case | {"test.case.result.status": result})

    spans = [test(number, "pass") for number in range(50)] + [test(50, "skip"), test(51, "pass")]
    found = shared(Decisions(noted), spans)
    assert len(asked) == 2
    assert [each.title for each in found[:2]] == ["t0.py::test_0", "t1.py::test_1"]
    assert [each.outcome for each in found[49:]] == [Outcome.PASSED, Outcome.SKIPPED, Outcome.PASSED]
    assert {each.role for each in found} == {Role.TEST}


def test_what_a_later_decision_looks_at_tells_spans_of_one_batch_apart() -> None:
    """A phase's name means nothing, a hook's may."""
    role = "tracetui.span.role"
    told = [("phase", "db setup"), ("hook", "db setup"), ("hook", "deploy"), ("phase", "deploy")]
    spans = [Clues(name, "", StatusCode.OK, {role: value}) for value, name in told]
    assert shared(Decisions(classify), spans) == [classify(span) for span in spans]


def test_a_decision_rests_on_its_title_too() -> None:
    """Else spans that are titled otherwise would be taken for equal."""
    attributes = {"test.case.name": "a", "test.suite.name": "s", "code.file.path": "a.py"}
    (decision,) = Decisions(classify).about(Spans([Clues("n", "", StatusCode.OK, attributes)]))
    assert decision.rests_on == {"test.case.name", "test.suite.name"}

"""How test runners in JavaScript spell roles, outcomes and names in their spans: one function a dialect.

From recordings of Vitest 4.1, `playwright-opentelemetry` 0.9, and Cucumber 12.9 with OpenTelemetry's own
instrumentation, 0.39. Our reporters write our own attributes.
"""

from tracetui.model.clues import Clues, Rule, by_status, by_word, joined
from tracetui.model.columns import Facts
from tracetui.model.role import HookKind, Outcome, Role, StatusCode

HOT_KEYS = frozenset(
    {
        "code.file.path",
        "code.filepath",
        "cucumber.step.status",
        "playwright.test.status",
        "test.case.name",
        "test.case.result.status",
        "test.step.category",
        "test.step.name",
        "test.step.title",
        "test.suite.name",
        "vitest.test.mode",
        "vitest.test.name",
    }
)
"""The attributes that these dialects tell by."""

_VITEST = "vitest.test.runner."
_VITEST_HOOKS = {
    "suite.beforeAll": HookKind.CLASS,
    "suite.afterAll": HookKind.CLASS,
    "test.beforeEach": HookKind.FUNCTION,
    "test.afterEach": HookKind.FUNCTION,
}


def vitest(clues: Clues) -> Facts:
    """Vitest: its span of a test never says how that ended, unless it was skipped; that of its function does.

    Even that is none of the test's: one that should fail has an error there, and one that was tried again. A
    runner that extends Vitest's own can say it, as `docs/runners.md` has it.
    """
    part = clues.name.removeprefix(_VITEST)
    if clues.name == "vitest.start":
        return Facts(Role.SUITE, by_status(clues), "vitest", "")
    if part == "run.test":
        is_skipped = clues.get("vitest.test.mode") in ("skip", "todo")
        outcome = Outcome.SKIPPED if is_skipped else by_word(clues, "test.case.result.status")
        return Facts(Role.TEST, outcome, _vitest_name(clues), "")
    if part in _VITEST_HOOKS:
        kind = _VITEST_HOOKS[part]
        return Facts(Role.HOOK, by_status(clues), part, "", kind is HookKind.FUNCTION, hook_kind=kind)
    if clues.name == "vitest.module.import_spec":
        title = clues.first_title("code.file.path")
        return Facts(Role.HOOK, by_status(clues), title, "", own=False, hook_kind=HookKind.COLLECTION)
    return Facts(Role.PHASE if part == "test.callback" else Role.OTHER, by_status(clues), clues.name, "")


def _vitest_name(clues: Clues) -> str:
    if clues.has("test.case.name"):
        return clues.title("test.case.name", suite="test.suite.name")
    return clues.title("vitest.test.name", suite="code.file.path")


_PLAYWRIGHT_HOOKS = ("Before Hooks > ", "After Hooks > ")


def playwright(clues: Clues) -> Facts:
    """`playwright-opentelemetry`: a trace for each attempt at a test, and a span for each of its steps.

    What was skipped, or failed as it should, is a failure in its `test.case.result.status`.
    """
    if clues.name == "playwright.test":
        has_case = clues.has("test.case.name")
        title = clues.title("test.case.name", suite="code.file.path") if has_case else clues.title()
        return Facts(Role.TEST, _playwright_outcome(clues), title, "")
    title = clues.get("test.step.title") or clues.name
    is_hook = clues.get("test.step.category") in ("hook", "fixture")
    if not is_hook or not clues.get("test.step.name").startswith(_PLAYWRIGHT_HOOKS):
        return Facts(Role.OTHER, by_status(clues), title, "")
    kind = HookKind.CLASS if title.startswith(("beforeAll", "afterAll")) else HookKind.FUNCTION
    return Facts(Role.HOOK, by_status(clues), title, "", kind is HookKind.FUNCTION, hook_kind=kind)


def _playwright_outcome(clues: Clues) -> Outcome:
    """Its status is an error where a test did not end as it should."""
    said, is_bad = clues.get("playwright.test.status"), clues.status is StatusCode.ERROR
    if said == "skipped":
        return Outcome.SKIPPED
    if said in ("timedOut", "interrupted"):
        return Outcome.ERROR if is_bad else Outcome.XFAILED
    if is_bad:
        return Outcome.FAILED
    return {"passed": Outcome.PASSED, "failed": Outcome.XFAILED}.get(said, Outcome.UNKNOWN)


_CUCUMBER_HOOKS = ("Before", "After", "BeforeStep", "AfterStep")
_CUCUMBER = {
    "PASSED": Outcome.PASSED,
    "FAILED": Outcome.FAILED,
    "SKIPPED": Outcome.SKIPPED,
    "PENDING": Outcome.ERROR,
    "UNDEFINED": Outcome.ERROR,
    "AMBIGUOUS": Outcome.ERROR,
}
"""A step that nobody has written, or two have, fails a run of Cucumber; what is pending does too."""


def cucumber(clues: Clues) -> Facts:
    """Cucumber: a trace for each scenario, with its attempts, hooks and steps; nothing is around them all."""
    outcome = _CUCUMBER.get(clues.get("cucumber.step.status"), by_status(clues))
    feature, _, scenario = clues.name.partition(". Scenario: ")
    if feature.startswith("Feature: ") and scenario:
        file = clues.get("code.file.path") or clues.get("code.filepath")
        return Facts(Role.TEST, outcome, joined(file, scenario), "")
    if clues.name in _CUCUMBER_HOOKS:
        return Facts(Role.HOOK, outcome, clues.name, "", hook_kind=HookKind.FUNCTION)
    return Facts(Role.OTHER, outcome, clues.name, "")


RULES = (
    Rule("Vitest", lambda clues: clues.scope == "vitest", vitest),
    Rule("playwright-opentelemetry", lambda clues: clues.scope == "playwright-opentelemetry", playwright),
    Rule(
        "Cucumber",
        lambda clues: clues.scope == "@opentelemetry/instrumentation-cucumber",
        cucumber,
    ),
)
"""They stand before OpenTelemetry's conventions, which Playwright's follow where these have no word."""

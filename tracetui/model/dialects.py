"""How other test tools spell roles, outcomes and names in their spans: one function a dialect.

From recordings of pytest-otel 2.5, logfire 5.2, pytest-timing 0.4, and from the sources of TUnit 1.x,
dd-trace and nextest 0.9. Those of runners in JavaScript stand in `javascript`.
"""

from tracetui.model.clues import Clues, Rule, by_status, by_word
from tracetui.model.columns import Facts
from tracetui.model.role import Outcome, Role

CHROME = "chrome trace events"
"""The scope that spans made of Chrome trace events are given: the format has none."""

HOT_KEYS = frozenset(
    {
        "binary_id",
        "cat",
        "flaky_result",
        "logfire.msg",
        "logfire.pending_parent_id",
        "logfire.span_type",
        "mnemonic",
        "nodeid",
        "outcome",
        "pytest.exitstatus",
        "pytest.xdist.worker_id",
        "result.status",
        "target",
        "test.name",
        "test.nodeid",
        "test.outcome",
        "test.result",
        "test.status",
        "test.suite",
        "tests.name",
        "tests.status",
        "thread.name",
        "tunit.session.id",
        "tunit.test.class",
    }
)
"""The attributes that these dialects tell by."""

_BY_EXIT_STATUS = {"0": Outcome.PASSED, "1": Outcome.FAILED, "5": Outcome.SKIPPED}


def is_pytest_otel(clues: Clues) -> bool:
    """Whether pytest-otel wrote the span: by its tags, as its scope is the session's name."""
    attributes = clues.attributes
    return "tests.name" in attributes or "tests.status" in attributes or clues.scope == "pytest-otel"


def pytest_otel(clues: Clues) -> Facts:
    """pytest-otel 2.x: the call of each test, below one session."""
    role = Role.TEST if clues.has("tests.name") else Role.SUITE
    return Facts(role, by_word(clues, "tests.status"), clues.first_title("tests.name"), "")


def logfire(clues: Clues) -> Facts:
    """logfire's pytest plugin: names are templates; skips by mark and broken set-ups are not recorded."""
    message, worker = clues.first_title("logfire.msg"), clues.get("pytest.xdist.worker_id")
    if clues.has("test.nodeid"):
        return Facts(Role.TEST, by_word(clues, "test.outcome"), clues.title("test.nodeid"), worker)
    if clues.has("nodeid"):
        return Facts(Role.PHASE, by_status(clues), message, worker)
    if clues.name.startswith("pytest: "):
        outcome = _BY_EXIT_STATUS.get(clues.get("pytest.exitstatus"), Outcome.ERROR)
        return Facts(Role.WORKER if worker else Role.SUITE, outcome, message, worker)
    return Facts(Role.OTHER, by_status(clues), message, worker)


def datadog(clues: Clues) -> Facts:
    """Datadog's test tags: `test.name` on tests only; session, module and suite are spans of that name."""
    outcome = by_word(clues, "test.result", "test.status")
    if clues.has("test.name"):
        return Facts(Role.TEST, outcome, clues.title("test.name", suite="test.suite"), "")
    role = Role.SUITE if clues.name.endswith("test_session") else Role.OTHER
    return Facts(role, outcome, clues.title(), "")


def is_tunit(clues: Clues) -> bool:
    """Whether TUnit itself wrote the span: tests tag what they call with a session's id too."""
    return clues.scope.startswith("TUnit") or (
        "tunit.session.id" in clues.attributes and clues.name in _TUNIT
    )


_TUNIT_HOOKS = ("initialize ", "dispose ", "hook: ")
_TUNIT = {"test session": Role.SUITE, "test case": Role.TEST, "test body": Role.PHASE}


def tunit(clues: Clues) -> Facts:
    """TUnit: each test case a trace of its own, its session, assemblies and classes in another."""
    role = _TUNIT.get(clues.name, Role.TEST if clues.has("test.case.name") else Role.OTHER)
    if clues.name.startswith(_TUNIT_HOOKS):
        return Facts(Role.HOOK, by_status(clues), clues.name, "", own=False)
    if role is Role.TEST:
        suite = "tunit.test.class" if clues.has("tunit.test.class") else "test.suite.name"
        has_case = clues.has("test.case.name")
        title = clues.title("test.case.name", suite) if has_case else clues.title()
        return Facts(role, by_word(clues, "test.case.result.status"), title, "")
    return Facts(role, by_status(clues), clues.first_title("test.suite.name"), "")


def chrome(clues: Clues) -> Facts:
    """Chrome trace events of nextest, pytest-timing and Bazel; a thread is a lane."""
    lane, category = clues.get("thread.name"), clues.get("cat")
    if category == "test":
        outcome = by_word(clues, "flaky_result", "result.status", "outcome")
        title = clues.title("nodeid") if clues.has("nodeid") else clues.title(suite="binary_id")
        return Facts(Role.TEST, outcome, title, lane)
    if category == "phase":
        return Facts(Role.PHASE, by_status(clues), clues.title(), lane)
    if category == "setup-script":
        return Facts(Role.HOOK, by_word(clues, "result.status"), clues.title(), lane, own=False)
    if clues.get("mnemonic") == "TestRunner":
        return Facts(Role.TEST, by_status(clues), clues.first_title("target"), lane)
    suite = category == "run" and clues.name == "test run"
    return Facts(Role.SUITE if suite else Role.OTHER, by_status(clues), clues.title(), lane)


RULES = (
    Rule("pytest-otel", is_pytest_otel, pytest_otel),
    Rule("logfire", lambda clues: clues.scope == "logfire.pytest", logfire),
    Rule("Datadog", lambda clues: "test.status" in clues.attributes, datadog),
    Rule("Chrome trace events", lambda clues: clues.scope == CHROME, chrome),
)

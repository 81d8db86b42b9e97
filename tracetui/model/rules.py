"""The rules that say what a span is in a test run: one row per dialect, the first that matches decides.

A rule sees only `Clues`: the span's name, scope, status and the few attributes of `HOT_KEYS`. Statuses lie
(a resmoke suite is OK though tests failed, a skipped test UNSET), so each row has its own way to an outcome.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from tracetui.model.role import Outcome, Role, StatusCode

HOT_KEYS = frozenset(
    {
        "logfire.pending_parent_id",
        "logfire.span_type",
        "pytest.fixture_scope",
        "pytest.nodeid",
        "pytest.outcome",
        "pytest.span_type",
        "pytest.xdist.worker",
        "suite_display_name",
        "suite_name",
        "suite_return_code",
        "suite_return_status",
        "test.case.name",
        "test.case.result.status",
        "test.suite.name",
        "test.suite.run.status",
        "test_long_name",
        "tests.name",
        "tests.status",
        "tracetui.fixture.scope",
        "tracetui.phase.billed_ns",
        "tracetui.span.role",
    }
)
"""The attributes a rule may ask for; formats decode no others while reading."""


class Clues(NamedTuple):
    """What a rule may look at; `attributes` holds only hot keys, values as text."""

    name: str
    scope: str
    status: StatusCode
    attributes: Mapping[str, str]

    def get(self, key: str) -> str:
        """The attribute's value, or an empty text."""
        return self.attributes.get(key, "")


class Facts(NamedTuple):
    """What the rules found: role, outcome once finished, and how people call it.

    `title` is a test's or suite's name, else the span's name. `worker` is the lane, empty where nothing names
    it. `own` is whether the span's duration counts as its test's own time: not that of hooks, but for
    function-scoped fixtures, and not that of a wrapper around the test proper and its hooks. `billed_ns` is
    how much of a phase, in ns, is billed to spans that hang elsewhere (fixtures of a wider scope).
    """

    role: Role
    outcome: Outcome
    title: str
    worker: str
    own: bool = True
    billed_ns: int = 0


class Rule(NamedTuple):
    """One dialect: whether it applies, and what it then makes of a span."""

    dialect: str
    applies: Callable[[Clues], bool]
    facts: Callable[[Clues], Facts]


def classify(clues: Clues) -> Facts:
    """What a span is: the first rule of `RULES` that applies decides."""
    for rule in RULES:
        if rule.applies(clues):
            return rule.facts(clues)
    return Facts(Role.OTHER, by_status(clues), clues.name, clues.get("pytest.xdist.worker"))


_BY_STATUS = {
    StatusCode.UNSET: Outcome.UNKNOWN,
    StatusCode.OK: Outcome.PASSED,
    StatusCode.ERROR: Outcome.FAILED,
}
_BY_WORD = {outcome.label: outcome for outcome in Outcome} | {
    "pass": Outcome.PASSED,
    "success": Outcome.PASSED,
    "fail": Outcome.FAILED,
    "failure": Outcome.FAILED,
    "aborted": Outcome.ERROR,
    "timed_out": Outcome.ERROR,
    "timeout": Outcome.ERROR,
    "crashed": Outcome.ERROR,
}
_BY_RETURN_CODE = {"0": Outcome.PASSED, "1": Outcome.FAILED}
_JOINTS = ("::", ".", "/", "#", " ")
_ROLES = {role.label: role for role in Role}
_BILLED = frozenset({Role.HOOK, Role.ARCHIVER})


def by_status(clues: Clues) -> Outcome:
    """The outcome where only the span's status speaks."""
    return _BY_STATUS[clues.status]


def test_name(clues: Clues) -> str:
    """A test's full name; base names are not unique, so a case name is joined to its suite's."""
    case, suite = clues.get("test.case.name"), clues.get("test.suite.name")
    if case and suite and not f"{case}.".startswith(tuple(suite + joint for joint in _JOINTS)):
        return f"{suite}::{case}"
    return (
        case
        or clues.get("pytest.nodeid")
        or clues.get("test_long_name")
        or clues.get("tests.name")
        or clues.name
    )


def _by_word(clues: Clues, *keys: str) -> Outcome:
    """The first of `keys` that names an outcome, else the status."""
    for key in keys:
        outcome = _BY_WORD.get(clues.get(key))
        if outcome is not None:
            return outcome
    return by_status(clues)


def _ours(clues: Clues) -> Facts:
    role = _ROLES.get(clues.get("tracetui.span.role"), Role.OTHER)
    worker = clues.get("pytest.xdist.worker")
    if role is Role.TEST:
        return Facts(
            role, _by_word(clues, "pytest.outcome", "test.case.result.status"), test_name(clues), worker
        )
    if role is Role.SUITE:
        title = clues.get("test.suite.name") or clues.name
        return Facts(role, _by_word(clues, "test.suite.run.status"), title, worker)
    own = role not in _BILLED or clues.get("tracetui.fixture.scope") == "function"
    billed = clues.get("tracetui.phase.billed_ns")
    billed_ns = int(billed) if billed.isdecimal() and len(billed) < 19 else 0
    return Facts(role, _by_word(clues, "pytest.outcome"), clues.name, worker, own, billed_ns)


_RESMOKE = {
    "run.__init__._execute_suite": Role.SUITE,
    "job._execute_test": Role.TEST,
    "run_test": Role.PHASE,
    "job._run_hooks_before_suite": Role.HOOK,
    "job._run_hooks_after_suite": Role.HOOK,
    "hook_test_archival._archive_hook_or_test": Role.ARCHIVER,
}


def _resmoke(clues: Clues) -> Facts:
    role = _RESMOKE[clues.name]
    if role is Role.SUITE:
        title = clues.get("suite_display_name") or clues.get("suite_name") or clues.name
        return Facts(role, _resmoke_suite_outcome(clues), title, "")
    title = test_name(clues) if role is Role.TEST else clues.name
    return Facts(role, by_status(clues), title, "", role is Role.PHASE)


def _resmoke_suite_outcome(clues: Clues) -> Outcome:
    """A suite is OK whatever its tests did: only the return code tells (1 test, 2 fixture, 3 hook)."""
    code = clues.get("suite_return_code")
    if code == "0" and clues.get("suite_return_status") == "skipped":
        return Outcome.SKIPPED
    if code:
        return _BY_RETURN_CODE.get(code, Outcome.ERROR)
    return Outcome.ERROR if clues.status is StatusCode.ERROR else Outcome.UNKNOWN


def _semconv(clues: Clues) -> Facts:
    worker = clues.get("pytest.xdist.worker")
    if clues.get("test.case.name"):
        return Facts(Role.TEST, _by_word(clues, "test.case.result.status"), test_name(clues), worker)
    return Facts(Role.SUITE, _by_word(clues, "test.suite.run.status"), clues.get("test.suite.name"), worker)


_WORKER_PREFIX = "test worker "
_PHASE_SUFFIXES = ("::setup", "::call", "::teardown")


def _pytest_opentelemetry(clues: Clues) -> Facts:
    """pytest-opentelemetry 1.x: a phase is its test's node id with a suffix, UNSET is what a skip leaves."""
    kind, name = clues.get("pytest.span_type"), clues.name
    if kind == "fixture":
        return Facts(Role.HOOK, by_status(clues), name, "", clues.get("pytest.fixture_scope") == "function")
    if kind == "test":
        if name.endswith(_PHASE_SUFFIXES) and name != clues.get("pytest.nodeid"):
            return Facts(Role.PHASE, by_status(clues), name, "")
        skipped = clues.status is StatusCode.UNSET
        return Facts(Role.TEST, Outcome.SKIPPED if skipped else by_status(clues), test_name(clues), "")
    if name.startswith(_WORKER_PREFIX):
        return Facts(Role.WORKER, by_status(clues), name, name.removeprefix(_WORKER_PREFIX))
    return Facts(Role.SUITE, by_status(clues), name, "")


def _pytest_otel(clues: Clues) -> Facts:
    if clues.get("tests.name"):
        return Facts(Role.TEST, _by_word(clues, "tests.status"), test_name(clues), "")
    return Facts(Role.SUITE, by_status(clues), clues.name, "")


RULES = (
    Rule("tracetui", lambda clues: "tracetui.span.role" in clues.attributes, _ours),
    Rule("resmoke", lambda clues: clues.scope == "resmoke" and clues.name in _RESMOKE, _resmoke),
    Rule(
        "OpenTelemetry semantic conventions",
        lambda clues: "test.case.name" in clues.attributes or "test.suite.name" in clues.attributes,
        _semconv,
    ),
    Rule("pytest-opentelemetry", lambda clues: "pytest.span_type" in clues.attributes, _pytest_opentelemetry),
    Rule(
        "pytest-otel",
        lambda clues: "tests.name" in clues.attributes or clues.scope in {"pytest-otel", "pytest_otel"},
        _pytest_otel,
    ),
)

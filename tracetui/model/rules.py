"""The rules that give spans their roles in a test run: one row per dialect, the first that matches decides.

A rule sees only `Clues`: the span's name, scope, status and the few attributes of `HOT_KEYS`. Statuses
mislead (a resmoke suite is OK though tests failed, a skipped test UNSET), so each row has its own way to an
outcome.
"""

from collections.abc import Sequence

from tracetui.model import dialects, javascript
from tracetui.model.ci_names import OF_SUITES, RUN_QUEUE
from tracetui.model.clues import Clues, Rule, as_count, by_status, by_word
from tracetui.model.columns import Facts
from tracetui.model.numbers.collected import GROUP, INDEX, group
from tracetui.model.numbers.processor_time import CPU
from tracetui.model.resource_facts import ResourceFacts, facts_of
from tracetui.model.role import BILLED, ROLES, HookKind, Outcome, Role, StatusCode

__all__ = ["HOT_KEYS", "RULES", "Clues", "Facts", "classify"]

HOT_KEYS = frozenset(
    {
        CPU,
        GROUP,
        INDEX,
        "error.type",
        "pytest.fixture_scope",
        "pytest.nodeid",
        "pytest.outcome",
        "pytest.span_type",
        "pytest.testscollected",
        "pytest.xdist.worker",
        "suite_display_name",
        "suite_name",
        "suite_num_jobs_to_start",
        "suite_return_code",
        "suite_return_status",
        "test.case.name",
        "test.case.result.final",
        "test.case.result.reason",
        "test.case.result.status",
        "test.suite.name",
        "test.suite.run.status",
        "test_long_name",
        "tracetui.fixture.scope",
        "tracetui.hook.when",
        "tracetui.parent.span_id",
        "tracetui.parent.trace_id",
        "tracetui.phase.billed_ns",
        "tracetui.span.role",
    }
    | dialects.HOT_KEYS
    | javascript.HOT_KEYS
    | OF_SUITES
)
"""The attributes a rule may ask for; formats decode no others while reading."""


def classify(clues: Clues) -> Facts:
    """What a span is: the first rule of `RULES` that applies decides."""
    for rule in RULES:
        if rule.applies(clues):
            facts = rule.facts(clues)
            if facts.role is Role.TEST and facts.outcome.bad:
                return facts._replace(timed_out=_timed_out(clues))
            keys = _TOLD_BY.get(facts.role)
            return facts._replace(job=_told(clues, keys)) if keys else facts
    return Facts(Role.OTHER, by_status(clues), clues.title(), clues.get("pytest.xdist.worker"))


_GOOD_EXITS = ("", "0", "5")
"""Of pytest: nothing told (yet), all passed, and no tests collected."""
_BY_RETURN_CODE = {"0": Outcome.PASSED, "1": Outcome.FAILED}


_TELL_OF_TIMEOUTS = (
    "error.type",
    "test.case.result.status",
    "result.status",
    "test.status",
    "outcome",
    "playwright.test.status",
)
_TIMEOUTS = ("timeout", "timed_out", "timedout")


def _timed_out(clues: Clues) -> bool:
    """Whether a failed test was stopped by a timeout."""
    words = map(clues.get, _TELL_OF_TIMEOUTS)
    return any(word.lower() in _TIMEOUTS for word in words if word)


_TOLD_BY = {Role.SUITE: tuple(sorted(OF_SUITES)), Role.WORKER: (RUN_QUEUE,)}
"""What a span itself says beside its columns, by its role."""


def _told(clues: Clues, keys: Sequence[str]) -> ResourceFacts:
    return facts_of({key: clues.get(key) for key in keys if clues.get(key)})


def test_name(clues: Clues) -> str:
    """A test's full name; base names are not unique, so a case name is joined to its suite's."""
    if clues.has("test.case.name"):
        return clues.title("test.case.name", suite="test.suite.name")
    return clues.first_title("pytest.nodeid", "test_long_name", "tests.name")


def _ours(clues: Clues) -> Facts:
    role = ROLES.get(clues.get("tracetui.span.role"), Role.OTHER)
    worker = clues.get("pytest.xdist.worker")
    if role is Role.TEST:
        of_group = group(clues.get(GROUP))
        return Facts(role, _outcome_of_attempt(clues), test_name(clues), worker, group=of_group)
    if role is Role.SUITE:
        title = clues.first_title("test.suite.name")
        expected = as_count(clues.get("pytest.testscollected"))
        return Facts(role, _suite_outcome(clues), title, worker, expected=expected)
    if role is Role.WORKER:
        return Facts(role, _outcome_of_worker(clues), clues.name, worker or clues.name)
    own = role not in BILLED or clues.get("tracetui.fixture.scope") == "function"
    billed_ns = as_count(clues.get("tracetui.phase.billed_ns"))
    kind = _hook_kind(clues) if role is Role.HOOK else HookKind.PROJECT
    return Facts(role, by_word(clues, "pytest.outcome"), clues.title(), worker, own, billed_ns, kind)


_OF_FIXTURES = ("setup", "teardown", "start", "stop")
_OLDER_FIXTURES = (" setup", " teardown")
"""How fixtures' spans are called; where nothing says when they ran, nothing else tells."""


def _hook_kind(clues: Clues) -> HookKind:
    """A fixture, if its writer says so: by its scope, or by when it ran."""
    scope, when = clues.get("tracetui.fixture.scope"), clues.get("tracetui.hook.when")
    if scope or when in _OF_FIXTURES:
        return HookKind.of_scope(scope)
    if when == "collection":
        return HookKind.COLLECTION
    return HookKind.FIXTURE if not when and clues.name.endswith(_OLDER_FIXTURES) else HookKind.PROJECT


def _suite_outcome(clues: Clues) -> Outcome:
    """The worse of its status and its exit status, which a hook may change at the very end."""
    outcome = by_word(clues, "test.suite.run.status")
    if not outcome.bad and clues.get("pytest.exitstatus") not in _GOOD_EXITS:
        return Outcome.FAILED
    return Outcome.FAILED if outcome is Outcome.PASSED and clues.status is StatusCode.ERROR else outcome


def _outcome_of_attempt(clues: Clues) -> Outcome:
    """The test's outcome, unless it was rerun: then another span has that."""
    if clues.get("test.case.result.final") == "false":
        return Outcome.RERUN
    return by_word(clues, "pytest.outcome", "test.case.result.status")


def _outcome_of_worker(clues: Clues) -> Outcome:
    """A worker whose process died is broken; one whose tests failed has failed."""
    return Outcome.ERROR if clues.get("error.type") == "crash" else by_word(clues, "pytest.outcome")


RESMOKE = {
    "run.__init__._execute_suite": Role.SUITE,
    "job._execute_test": Role.TEST,
    "run_test": Role.PHASE,
    "job._run_hooks_before_suite": Role.HOOK,
    "job._run_hooks_after_suite": Role.HOOK,
    "hook_test_archival._archive_hook_or_test": Role.ARCHIVER,
}


def _resmoke(clues: Clues) -> Facts:
    role = RESMOKE[clues.name]
    if role is Role.SUITE:
        title = clues.first_title("suite_display_name", "suite_name")
        workers = as_count(clues.get("suite_num_jobs_to_start"))
        return Facts(role, _resmoke_suite_outcome(clues), title, "", workers=workers)
    title = test_name(clues) if role is Role.TEST else clues.name
    return Facts(role, by_status(clues), title, "", role is Role.PHASE)


def _resmoke_suite_outcome(clues: Clues) -> Outcome:
    """A suite's status is OK whatever its tests did: only the return code says it (1 test, 2 fixture, 3
    hook).
    """
    code = clues.get("suite_return_code")
    if code == "0" and clues.get("suite_return_status") == "skipped":
        return Outcome.SKIPPED
    if code:
        return _BY_RETURN_CODE.get(code, Outcome.ERROR)
    return Outcome.ERROR if clues.status is StatusCode.ERROR else Outcome.UNKNOWN


def _semconv(clues: Clues) -> Facts:
    worker = clues.get("pytest.xdist.worker")
    if clues.has("test.case.name"):
        outcome = by_word(clues, "test.case.result.status")
        if outcome is Outcome.SKIPPED and clues.get("test.case.result.reason").startswith("xfail"):
            outcome = Outcome.XFAILED  # The conventions have no word for it; dagger-pytest-otel says so.
        return Facts(Role.TEST, outcome, test_name(clues), worker)
    return Facts(Role.SUITE, by_word(clues, "test.suite.run.status"), clues.title("test.suite.name"), worker)


_WORKER_PREFIX = "test worker "
_PHASE_SUFFIXES = ("::setup", "::call", "::teardown")


def _pytest_opentelemetry(clues: Clues) -> Facts:
    """pytest-opentelemetry 1.x: a phase is its test's node id with a suffix, a skip leaves UNSET."""
    kind, name = clues.get("pytest.span_type"), clues.name
    if kind == "fixture":
        scope = HookKind.of_scope(clues.get("pytest.fixture_scope"))
        own = scope is HookKind.FUNCTION
        return Facts(Role.HOOK, by_status(clues), name, "", own, hook_kind=scope)
    if kind == "test":
        if name.endswith(_PHASE_SUFFIXES) and name != clues.get("pytest.nodeid"):
            return Facts(Role.PHASE, by_status(clues), name, "")
        skipped = clues.status is StatusCode.UNSET
        return Facts(Role.TEST, Outcome.SKIPPED if skipped else by_status(clues), test_name(clues), "")
    if name.startswith(_WORKER_PREFIX):
        return Facts(Role.WORKER, by_status(clues), name, name.removeprefix(_WORKER_PREFIX))
    return Facts(Role.SUITE, by_status(clues), name, "")


RULES = (
    Rule("tracetui", lambda clues: "tracetui.span.role" in clues.attributes, _ours),
    Rule("resmoke", lambda clues: clues.scope == "resmoke" and clues.name in RESMOKE, _resmoke),
    Rule("TUnit", dialects.is_tunit, dialects.tunit),
    *javascript.RULES,
    Rule(
        "OpenTelemetry semantic conventions",
        lambda clues: "test.case.name" in clues.attributes or "test.suite.name" in clues.attributes,
        _semconv,
    ),
    Rule("pytest-opentelemetry", lambda clues: "pytest.span_type" in clues.attributes, _pytest_opentelemetry),
    *dialects.RULES,
)

"""The table of rules: what a span of each dialect is, and how it ended."""

from collections.abc import Mapping

import pytest

from tests.model.clues import ERROR, OK, UNSET, facts, resmoke
from tracetui.model.role import HookKind, Outcome, Role, StatusCode
from tracetui.model.rules import RULES, Facts

NODE = "tests/test_a.py::test_x[a-b]"


def pytest_otel1(name: str, kind: str, status: StatusCode = StatusCode.OK, **attributes: str) -> Facts:
    told = {"pytest.span_type": kind} | {f"pytest.{key}": value for key, value in attributes.items()}
    return facts(name, told, "pytest-opentelemetry", status)


@pytest.mark.parametrize("role", list(Role))
def test_ours_says_it_itself(role: Role) -> None:
    """`tracetui.span.role` is the role, whatever else is there."""
    found = facts("run_test", {"tracetui.span.role": role.label, "test.case.name": "x"}, "resmoke")
    assert found.role is role


def test_a_role_that_is_none_is_other() -> None:
    """A role of a later version is still a span."""
    assert facts("x", {"tracetui.span.role": "collector"}).role is Role.OTHER


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("run.__init__._execute_suite", Role.SUITE),
        ("job._execute_test", Role.TEST),
        ("run_test", Role.PHASE),
        ("job._run_hooks_before_suite", Role.HOOK),
        ("job._run_hooks_after_suite", Role.HOOK),
        ("hook_test_archival._archive_hook_or_test", Role.ARCHIVER),
        ("stack_trace_symbolization", Role.OTHER),
        ("core_analyzer.execute", Role.OTHER),
    ],
)
def test_resmokes_names(name: str, role: Role) -> None:
    """resmoke is known by its scope and span names; in another scope the names mean nothing."""
    assert resmoke(name).role is role
    assert facts(name, scope="elsewhere").role is Role.OTHER


@pytest.mark.parametrize(
    ("code", "told", "status", "outcome"),
    [
        ("0", "success", OK, Outcome.PASSED),
        ("1", "success", OK, Outcome.FAILED),
        ("2", "success", OK, Outcome.ERROR),
        ("3", "success", OK, Outcome.ERROR),
        ("74", "os_error", OK, Outcome.ERROR),
        ("0", "skipped", OK, Outcome.SKIPPED),
        ("", "", ERROR, Outcome.ERROR),
        ("", "", OK, Outcome.UNKNOWN),
    ],
)
def test_resmokes_suites_lie(code: str, told: str, status: StatusCode, outcome: Outcome) -> None:
    """Status OK says nothing of the tests: only `suite_return_code` does."""
    attributes = {"suite_return_code": code, "suite_return_status": told, "suite_display_name": "jsCore"}
    found = resmoke(
        "run.__init__._execute_suite", status, **{key: value for key, value in attributes.items() if value}
    )
    assert (found.outcome, found.title) == (outcome, "jsCore")


def test_resmokes_tests_end_as_their_wrapper_says() -> None:
    """`run_test` is UNSET whatever happened; own time is that of `run_test` alone."""
    test = resmoke("job._execute_test", ERROR, test_long_name="jstests/x.js")
    assert test == Facts(Role.TEST, Outcome.FAILED, "jstests/x.js", "", own=False)
    assert resmoke("job._execute_test", OK).outcome is Outcome.PASSED
    assert resmoke("run_test") == Facts(Role.PHASE, Outcome.UNKNOWN, "run_test", "")


@pytest.mark.parametrize(
    ("attributes", "role", "outcome", "title"),
    [
        ({"test.case.name": "t", "test.case.result.status": "pass"}, Role.TEST, Outcome.PASSED, "t"),
        ({"test.case.name": "t", "test.case.result.status": "fail"}, Role.TEST, Outcome.FAILED, "t"),
        ({"test.case.name": "t", "test.case.result.status": "skipped"}, Role.TEST, Outcome.SKIPPED, "t"),
        ({"test.case.name": "t", "test.suite.name": "s"}, Role.TEST, Outcome.UNKNOWN, "s::t"),
        ({"test.suite.name": "s", "test.suite.run.status": "success"}, Role.SUITE, Outcome.PASSED, "s"),
        ({"test.suite.name": "s", "test.suite.run.status": "failure"}, Role.SUITE, Outcome.FAILED, "s"),
        ({"test.suite.name": "s", "test.suite.run.status": "skipped"}, Role.SUITE, Outcome.SKIPPED, "s"),
        ({"test.suite.name": "s", "test.suite.run.status": "aborted"}, Role.SUITE, Outcome.ERROR, "s"),
        ({"test.suite.name": "s", "test.suite.run.status": "timed_out"}, Role.SUITE, Outcome.ERROR, "s"),
    ],
)
def test_the_semantic_conventions(
    attributes: Mapping[str, str], role: Role, outcome: Outcome, title: str
) -> None:
    """A case makes a test, a suite without a case a suite; their outcomes are the conventions' words."""
    assert facts("x", attributes)[:3] == (role, outcome, title)


@pytest.mark.parametrize(
    ("found", "role", "worker", "own"),
    [
        (pytest_otel1("test run", "run"), Role.SUITE, "", True),
        (pytest_otel1("test worker gw1", "run"), Role.WORKER, "gw1", True),
        (pytest_otel1(NODE, "test", nodeid=NODE), Role.TEST, "", True),
        (pytest_otel1(f"{NODE}::setup", "test", nodeid=NODE), Role.PHASE, "", True),
        (pytest_otel1(f"{NODE}::call", "test", nodeid=NODE), Role.PHASE, "", True),
        (pytest_otel1(f"{NODE}::teardown", "test", nodeid=NODE), Role.PHASE, "", True),
        (pytest_otel1("tests/a.py::call", "test", nodeid="tests/a.py::call"), Role.TEST, "", True),
        (pytest_otel1("fx setup", "fixture", fixture_scope="module"), Role.HOOK, "", False),
        (pytest_otel1("fx setup", "fixture", fixture_scope="function"), Role.HOOK, "", True),
    ],
)
def test_pytest_opentelemetry(found: Facts, role: Role, worker: str, own: bool) -> None:
    """Suite, worker, test, phases and fixtures of pytest-opentelemetry 1.x."""
    assert (found.role, found.worker, found.own) == (role, worker, own)


def test_pytest_opentelemetrys_skips_are_unset() -> None:
    """A test that was skipped in its setup has no status."""
    outcomes = [pytest_otel1(NODE, "test", status, nodeid=NODE).outcome for status in (UNSET, OK, ERROR)]
    assert outcomes == [Outcome.SKIPPED, Outcome.PASSED, Outcome.FAILED]


def test_pytest_otel() -> None:
    """pytest-otel 2.x: a suite span, and tests by `tests.name` with `tests.status`."""
    assert facts("Test Suite", scope="pytest-otel", status=OK).role is Role.SUITE
    test = facts("Running t", {"tests.name": "t", "tests.status": "failed"}, "pytest-otel")
    assert test[:3] == (Role.TEST, Outcome.FAILED, "t")


@pytest.mark.parametrize(
    ("word", "outcome"),
    [(word.label, word) for word in Outcome] + [("crashed", Outcome.ERROR), ("timeout", Outcome.ERROR)],
)
def test_our_words_for_outcomes(word: str, outcome: Outcome) -> None:
    """`pytest.outcome` speaks before the conventions' pass and fail."""
    attributes = {"tracetui.span.role": "test", "pytest.outcome": word, "test.case.result.status": "pass"}
    assert facts("t", attributes).outcome is outcome


def test_an_unknown_word_leaves_it_to_the_status() -> None:
    """The status is the last to be asked."""
    assert (
        facts("t", {"test.case.name": "t", "test.case.result.status": "?"}, "", ERROR).outcome
        is Outcome.FAILED
    )


@pytest.mark.parametrize(
    ("keys", "title"),
    [
        ({"test.case.name": "c", "pytest.nodeid": "n", "test_long_name": "l", "tests.name": "t"}, "c"),
        ({"test.case.name": "c", "test.suite.name": "s", "pytest.nodeid": "n"}, "s::c"),
        ({"test.case.name": "s::c", "test.suite.name": "s"}, "s::c"),
        ({"test.case.name": "s.c", "test.suite.name": "s"}, "s.c"),
        ({"test.case.name": "suite_x", "test.suite.name": "suite"}, "suite::suite_x"),
        ({"pytest.nodeid": "n", "test_long_name": "l", "tests.name": "t"}, "n"),
        ({"test_long_name": "l", "tests.name": "t"}, "l"),
        ({"tests.name": "t"}, "t"),
        ({}, "span"),
    ],
)
def test_the_name_of_a_test(keys: Mapping[str, str], title: str) -> None:
    """The first of the known keys, joined to its suite where it does not name it."""
    assert facts("span", {"tracetui.span.role": "test", **keys}).title == title


def test_wide_hooks_and_archivers_are_billed_to_themselves() -> None:
    """Of ours only function-scoped fixtures, phases and tests count as a test's own time."""
    told = {role: facts("x", {"tracetui.span.role": role.label}).own for role in Role}
    assert {role for role, own in told.items() if not own} == {Role.HOOK, Role.ARCHIVER}
    assert facts("x", {"tracetui.span.role": "hook", "tracetui.fixture.scope": "function"}).own
    assert not facts("x", {"tracetui.span.role": "hook", "tracetui.fixture.scope": "session"}).own


def hook(name: str, **told: str) -> HookKind:
    """What a hook of ours is; `told` is what it says of itself, with `_` for dots."""
    more = {f"tracetui.{key.replace('_', '.')}": value for key, value in told.items()}
    return facts(name, {"tracetui.span.role": "hook", **more}).hook_kind


def test_hooks_are_what_their_writer_says() -> None:
    """A fixture by its scope or its stage, the collection by its own word; names in a path say nothing."""
    assert hook("db setup", fixture_scope="module", hook_when="setup") is HookKind.MODULE
    assert hook("db teardown", fixture_scope="function", hook_when="teardown") is HookKind.FUNCTION
    assert hook("odd", fixture_scope="planet") is HookKind.FIXTURE
    assert hook("fixture start", hook_when="start") is HookKind.FIXTURE
    assert hook("collect tests/setup/test_a.py", hook_when="collection") is HookKind.COLLECTION
    assert hook("fixtures/validate.py before test", hook_when="before_test") is HookKind.PROJECT
    assert hook("tests/db setup", hook_when="after_suite") is HookKind.PROJECT


def test_fixtures_have_the_scopes_of_pytest() -> None:
    """Each is a kind of its own, wider ones come later; columns, and the index, hold the numbers."""
    scopes = ("function", "class", "module", "package", "session")
    kinds = [hook("db setup", fixture_scope=scope, hook_when="setup") for scope in scopes]
    assert [(kind.name.lower(), int(kind)) for kind in kinds] == list(zip(scopes, range(3, 8), strict=True))


def test_older_hooks_are_told_by_their_names() -> None:
    """Where nothing says when it ran, a fixture is what is called as one; only a hook is any."""
    names = ("db setup", "db teardown", "fixtures/validate.py", "setup of fixtures", "setup")
    assert [hook(name) >= HookKind.FIXTURE for name in names] == [True, True, False, False, False]
    told = {"tracetui.span.role": "phase", "tracetui.fixture.scope": "module"}
    assert facts("db setup", told).hook_kind is HookKind.PROJECT


def test_fixtures_of_pytest_opentelemetry_have_their_scope() -> None:
    """By its own attribute; its fixtures are called by their names alone."""
    scopes = ("session", "function", "")
    found = [pytest_otel1("fx", "fixture", fixture_scope=scope).hook_kind for scope in scopes]
    assert found == [HookKind.SESSION, HookKind.FUNCTION, HookKind.FIXTURE]


def test_a_worker_is_known_by_xdist() -> None:
    """The lane of tests under pytest-xdist, in any dialect that tells it."""
    assert facts("t", {"tracetui.span.role": "test", "pytest.xdist.worker": "gw3"}).worker == "gw3"
    assert facts("anything", {"pytest.xdist.worker": "gw3"}).worker == "gw3"


def test_tests_of_one_group_have_one_number() -> None:
    """Only tests are in a group, of whatever name; without one it is 0."""
    told = {"tracetui.span.role": "test"}
    names = ("db", "db", "net", "\ud800", "")
    numbers = [facts("t", told | {"pytest.xdist.group": name}).group for name in names]
    assert numbers[0] == numbers[1]
    assert len(set(numbers)) == 4
    assert numbers[-1] == facts("t", told).group == 0
    assert facts("h", {"tracetui.span.role": "hook", "pytest.xdist.group": "db"}).group == 0


@pytest.mark.parametrize(
    ("status", "outcome"), [(UNSET, Outcome.UNKNOWN), (OK, Outcome.PASSED), (ERROR, Outcome.FAILED)]
)
def test_any_other_span_ends_as_its_status_says(status: StatusCode, outcome: Outcome) -> None:
    """A span of no dialect is other, under its own name."""
    assert facts("GET /", status=status) == Facts(Role.OTHER, outcome, "GET /", "")


def test_each_dialect_has_one_row() -> None:
    """The table is a table."""
    assert len({rule.dialect for rule in RULES}) == len(RULES)


def test_labels_are_single_words_in_lower_case() -> None:
    """Files and screens spell roles and outcomes alike."""
    assert [word.label for word in (Role.SUITE, Outcome.CUT_OFF, Outcome.XPASSED)] == [
        "suite",
        "cut_off",
        "xpassed",
    ]
    assert {outcome for outcome in Outcome if outcome.bad} == {Outcome.FAILED, Outcome.ERROR}


def test_an_attempt_that_was_not_the_last_is_a_rerun() -> None:
    """Whatever became of it; the last one has the test's outcome, and so has one that does not say."""
    told = {"tracetui.span.role": "test", "pytest.outcome": "failed"}
    outcomes = [
        facts("t", {**told, **final}).outcome
        for final in ({"test.case.result.final": "false"}, {"test.case.result.final": "true"}, {})
    ]
    assert outcomes == [Outcome.RERUN, Outcome.FAILED, Outcome.FAILED]


@pytest.mark.parametrize(("told", "expected"), [("12", 12), ("-1", 0), ("x", 0), ("", 0), ("9" * 19, 0)])
def test_a_suite_may_tell_how_many_tests_to_expect(told: str, expected: int) -> None:
    """A count, or nothing at all."""
    found = facts("s", {"tracetui.span.role": "suite", "pytest.testscollected": told})
    assert found.expected == expected


@pytest.mark.parametrize(
    ("told", "timed_out"),
    [
        ({"pytest.outcome": "failed", "error.type": "timeout"}, True),
        ({"pytest.outcome": "failed", "error.type": "TimeoutError"}, False),
        ({"pytest.outcome": "passed", "error.type": "timeout"}, False),
        ({"test.case.result.status": "timed_out"}, True),
        ({"test.case.result.status": "fail"}, False),
    ],
)
def test_a_test_says_that_its_time_was_up(told: dict[str, str], timed_out: bool) -> None:
    """By the type of its error, or by its result; one that passed did not."""
    assert facts("t", {"tracetui.span.role": "test", "test.case.name": "t"} | told).timed_out is timed_out

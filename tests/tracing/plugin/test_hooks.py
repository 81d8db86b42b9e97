"""Hooks of the project's, as resmoke has them: traced, and failing as resmoke's do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.budgets import some
from tests.tracing.recording import run_pytest, spans_in, with_role, write_suite

CONFTEST = """
    import pytest
    def pytest_tracetui_before_suite(session): print("\\n> before suite", len(session.items))
    def pytest_tracetui_after_suite(): print("\\n> after suite")
    def pytest_tracetui_before_test(item): print("\\n> before", item.name)
    class Validate:
        def pytest_tracetui_after_test(self, item, outcome): print("\\n> after", item.name, outcome)
    def pytest_configure(config): config.pluginmanager.register(Validate())
"""
SUITE = """
    import pytest
    @pytest.fixture
    def leaky():
        yield
        raise OSError
    def test_good(): print("\\n> test")
    def test_bad(): assert 0
    def test_leaky(leaky): pass
"""
SAID = [
    "> before suite 3",
    "> before test_good",
    "> test",
    "> after test_good passed",
    "> before test_bad",
    "> after test_bad failed",
    "> before test_leaky",
    "> after test_leaky error",
    "> after suite",
]


@pytest.mark.parametrize("arguments", [["--tracetui"], []])
def test_they_run_whether_or_not_there_is_a_trace(tmp_path: Path, arguments: list[str]) -> None:
    """Around the suite and around each test with its fixtures, with what became of it."""
    write_suite(tmp_path, conftest=CONFTEST, test_all=SUITE)
    result = run_pytest(tmp_path, "-s", *arguments)
    assert [line for line in result.stdout.splitlines() if line.startswith("> ") and line[2] != " "] == SAID


def test_each_call_is_a_span(tmp_path: Path) -> None:
    """Below the run or the phase it runs in, named by who wrote it."""
    write_suite(tmp_path, conftest=CONFTEST, test_all=SUITE)
    run_pytest(tmp_path, "--tracetui")
    spans = spans_in(tmp_path / "spans")
    by_id = {span.id: span for span in spans}
    hooks = [span for span in with_role(spans, "hook") if "tracetui.hook.owner" in span.attributes]
    assert [(hook.name, by_id[hook.parent or ""].name) for hook in hooks] == [
        ("conftest.py before suite", tmp_path.name),
        *[("conftest.py before test", "setup"), ("Validate after test", "teardown")] * 3,
        ("conftest.py after suite", tmp_path.name),
    ]
    assert hooks[1].attributes["code.function.name"] == "conftest.pytest_tracetui_before_test"
    assert hooks[1].attributes["tracetui.hook.when"] == "before_test"


FAILING = (
    ("before_test", "1 error", "error"),
    ("after_test", "1 passed, 1 error", "error"),
    ("after_suite", "1 passed", "passed"),
    ("before_suite", "no tests ran", None),
)


@pytest.mark.parametrize(
    ("when", "counts", "outcome", "arguments"),
    [*((*hook, []) for hook in FAILING), *some(((*hook, ["-n", "1"]) for hook in FAILING), 2)],
)
def test_one_that_fails_fails_the_run(
    tmp_path: Path, when: str, counts: str, outcome: str | None, arguments: list[str]
) -> None:
    """A test is an error, or the suite fails; and the suite tells which hook it was."""
    conftest = f"""
        def pytest_tracetui_{when}(): raise ValueError("dirty")
    """
    write_suite(tmp_path, conftest=conftest, test_all="def test_one(): pass")
    result = run_pytest(tmp_path, "--tracetui", *arguments)
    assert counts in result.stdout
    assert "dirty" in result.stdout
    assert "tracetui/tracing" not in result.stdout
    assert result.returncode in ((1,) if not arguments else (1, 2))
    spans = spans_in(tmp_path / "spans")
    (suite,) = with_role(spans, "suite")
    name = f"conftest.py {when.replace('_', ' ')}"
    assert (suite.attributes["test.suite.run.status"], suite.status) == ("failure", 2)
    assert suite.attributes["tracetui.suite.failed_hooks"] == [name]
    assert name in suite.raw["status"]["message"]
    (hook,) = [span for span in spans if span.name == name]
    assert (hook.status, hook.raw["status"]["message"]) == (2, "ValueError: dirty")
    assert [test.attributes["pytest.outcome"] for test in with_role(spans, "test")] == (
        [outcome] if outcome else []
    )
    assert sum(len(span.exceptions) for span in spans) == 1


def test_one_before_a_test_may_skip_it(tmp_path: Path) -> None:
    """A skip is no failure of the hook."""
    conftest = """
        import pytest
        def pytest_tracetui_before_test(): pytest.skip("not today")
    """
    write_suite(tmp_path, conftest=conftest, test_all="def test_one(): pass")
    assert run_pytest(tmp_path, "--tracetui").returncode == 0
    (suite,) = with_role(spans_in(tmp_path / "spans"), "suite")
    assert "tracetui.suite.failed_hooks" not in suite.attributes


def test_they_know_the_conftest_they_are_in(tmp_path: Path) -> None:
    """A hook in a folder's conftest runs for the tests of that folder."""
    write_suite(tmp_path, test_top="def test_top(): pass")
    (tmp_path / "inner").mkdir()
    write_suite(
        tmp_path / "inner",
        conftest="def pytest_tracetui_before_test(item): print('> before', item.name)",
        test_inner="def test_inner(): pass",
    )
    result = run_pytest(tmp_path, "-s", ".")
    assert (
        [line for line in result.stdout.splitlines() if "> before" in line]
        == [line for line in result.stdout.splitlines() if "> before test_inner" in line]
        != []
    )


def test_a_wrapper_is_refused(tmp_path: Path) -> None:
    """A hook wrapper would be called as one of many, and never finish: it is an error that says so."""
    conftest = """
        import pytest
        @pytest.hookimpl(wrapper=True)
        def pytest_tracetui_before_test(): yield
    """
    write_suite(tmp_path, conftest=conftest, test_all="def test_one(): pass")
    assert "may not be a hook wrapper" in run_pytest(tmp_path, "--tracetui").stdout

"""What hosts do to a run from within: nothing is lost, and nothing of it is falsified."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tracing.recording import Record, live_in, run_pytest, spans_in, with_role, write_suite


def outcomes(directory: Path) -> dict[str, list[str]]:
    """By test, the outcomes that were written."""
    found: dict[str, list[str]] = {}
    for test in with_role(spans_in(directory), "test"):
        found.setdefault(test.name.partition("::")[2], []).append(test.attributes["pytest.outcome"])
    return found


def suite_of(directory: Path) -> Record:
    """The only suite."""
    (suite,) = with_role(spans_in(directory), "suite")
    return suite


def test_exit_handlers_that_a_test_runs_are_not_the_end(tmp_path: Path) -> None:
    """What comes after them is written too, and the start records go once all is said."""
    suite = """
        import atexit
        def test_a(): pass
        def test_run_exitfuncs(): atexit._run_exitfuncs()
        def test_b(): pass
        def test_c(): assert 0
    """
    write_suite(tmp_path, test_all=suite)
    result = run_pytest(tmp_path, "--tracetui")
    spans = spans_in(tmp_path / "spans")
    assert f"tracetui: {len(spans)} spans in spans (open" in result.stdout
    passed = {f"test_{name}": ["passed"] for name in ("a", "run_exitfuncs", "b")}
    assert outcomes(tmp_path / "spans") == {**passed, "test_c": ["failed"]}
    assert live_in(tmp_path / "spans") == []


def test_a_child_that_comes_back_to_pytest_is_not_the_run(tmp_path: Path) -> None:
    """It goes on with the tests, which are its parent's; what it does itself belongs to the test it is of."""
    suite = """
        import os, time
        from opentelemetry.sdk.trace import TracerProvider
        TRACER = TracerProvider().get_tracer("app")
        def test_forks():
            with TRACER.start_as_current_span("around the fork"):
                child = os.fork()
                if not child:
                    with TRACER.start_as_current_span("in the child"): pass
                    assert 0, "in the child only"
            os.waitpid(child, 0)
        def test_b(): pass
    """
    write_suite(tmp_path, test_all=suite)
    result = run_pytest(tmp_path, "--tracetui")
    assert result.returncode == 0, result.stdout
    spans = spans_in(tmp_path / "spans")
    assert outcomes(tmp_path / "spans") == {"test_forks": ["passed"], "test_b": ["passed"]}
    assert len({span.id for span in spans}) == len(spans)
    assert sorted(span.name for span in spans if not span.attributes.get("tracetui.span.role")) == [
        "around the fork",
        "in the child",
    ]
    assert result.stdout.count("tracetui: ") == 1
    assert f"tracetui: {len(spans)} spans" in result.stdout
    assert live_in(tmp_path / "spans") == []


def test_a_pytest_within_a_test_hangs_below_it(tmp_path: Path) -> None:
    """In the same process and in another; the outer run goes on as it was."""
    suite = """
        import os, subprocess, sys, pytest
        from opentelemetry import trace
        from opentelemetry.sdk.trace import TracerProvider
        TRACER = TracerProvider().get_tracer("app")
        INNER = "def test_inner(): pass\\ndef test_fails(): assert 0"
        def run(tmp_path):
            (tmp_path / "test_q.py").write_text(INNER)
            plugins = ["-p", "no:cacheprovider", "-p", "tracetui"]
            return [str(tmp_path), "-q", "--rootdir", str(tmp_path), *plugins]
        def test_main(tmp_path):
            assert pytest.main(run(tmp_path)) == 1
            with TRACER.start_as_current_span("outer again"): pass
        def test_subprocess(tmp_path):
            assert subprocess.run([sys.executable, "-m", "pytest", *run(tmp_path)]).returncode == 1
        def test_end(): pass
    """
    write_suite(tmp_path, test_all=suite)
    result = run_pytest(tmp_path, env={"TRACETUI_DIR": str(tmp_path / "spans")})
    assert result.returncode == 0, result.stdout
    spans = spans_in(tmp_path / "spans")
    tests = {test.id: test.name for test in with_role(spans, "test")}
    places = [
        tests.get(suite.attributes.get("tracetui.parent.span_id", ""), "")
        for suite in with_role(spans, "suite")
    ]
    assert sorted(places) == ["", "test_all.py::test_main", "test_all.py::test_subprocess"]
    (again,) = [span for span in spans if span.name == "outer again"]
    by_id = {span.id: span for span in spans}
    assert (
        by_id[again.attributes["tracetui.parent.span_id"]].attributes["pytest.nodeid"]
        == "test_all.py::test_main"
    )


HOOKS = {
    "plain": "def pytest_sessionfinish(session): session.exitstatus = 7",
    "last": """
        import pytest
        @pytest.hookimpl(wrapper=True, tryfirst=True)
        def pytest_sessionfinish(session):
            yield
            session.exitstatus = 7
    """,
}


@pytest.mark.parametrize("hook", HOOKS)
def test_an_exit_status_that_a_hook_changes_is_the_runs(tmp_path: Path, hook: str) -> None:
    """All tests passed, and the run failed: whoever judges it reads so."""
    write_suite(tmp_path, test_one="def test_one(): pass", conftest=HOOKS[hook])
    result = run_pytest(tmp_path, "--tracetui")
    assert result.returncode == 7
    assert "tracetui: 7 spans" in result.stdout
    suite = suite_of(tmp_path / "spans")
    assert (suite.attributes["pytest.exitstatus"], suite.status) == (7, 2)


def test_an_exit_in_the_middle(tmp_path: Path) -> None:
    """`pytest.exit`: the test that called it and the run say so, nothing is lost, the line still comes."""
    suite = """
        import pytest
        def test_a(): pass
        def test_exits(): pytest.exit("enough", returncode=9)
        def test_never(): pass
    """
    write_suite(tmp_path, test_all=suite)
    result = run_pytest(tmp_path, "--tracetui")
    assert result.returncode == 9
    spans = spans_in(tmp_path / "spans")
    assert f"tracetui: {len(spans)} spans in spans (open" in result.stdout
    assert outcomes(tmp_path / "spans") == {"test_a": ["passed"], "test_exits": ["error"]}
    suite_span = suite_of(tmp_path / "spans")
    told = suite_span.attributes["test.suite.run.status"], suite_span.attributes["pytest.exitstatus"]
    assert told == ("aborted", 9)


@pytest.mark.parametrize("option", ["--collect-only", "--setup-only", "--setup-plan"])
def test_a_run_that_calls_no_test_has_none(tmp_path: Path, option: str) -> None:
    """It says by what option, has skipped all there is, and promises no tests."""
    write_suite(tmp_path, test_all="def test_a(): pass\ndef test_b(tmp_path): pass")
    result = run_pytest(tmp_path, "--tracetui", option)
    assert result.returncode == 0, result.stdout
    spans = spans_in(tmp_path / "spans")
    suite = suite_of(tmp_path / "spans")
    assert suite.attributes["pytest.dry_run"] == option.removeprefix("--")
    assert suite.attributes["test.suite.run.status"] == "skipped"
    assert "pytest.testscollected" not in suite.attributes
    assert with_role(spans, "test") == []
    assert not [span for span in spans if "test.case.name" in span.attributes]

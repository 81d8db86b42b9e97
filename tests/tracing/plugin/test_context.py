"""What the code under test sees of the trace, by option and by marker."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tracing.recording import run_pytest, spans_in, with_role, write_suite

INSTRUMENTED = """
    import os, pytest
    from opentelemetry import trace
    from opentelemetry.sdk.trace import TracerProvider

    @pytest.fixture(scope="session", autouse=True)
    def app():
        trace.set_tracer_provider(TracerProvider())

    def work():
        with trace.get_tracer("app").start_as_current_span("work") as span:
            return span

    def test_nested(): work()

    @pytest.mark.tracetui(isolate=True)
    def test_isolated():
        assert work().parent is None
        assert "TRACEPARENT" not in os.environ

    @pytest.mark.tracetui(context="attach")
    def test_attached():
        assert work().parent is not None
        assert "TRACEPARENT" in os.environ
"""


@pytest.mark.parametrize(
    ("context", "tests"),
    [
        ("observe", {"test_nested": False, "test_attached": True}),
        ("attach", {"test_nested": True, "test_attached": True}),
        ("isolate", {"test_attached": True}),
    ],
)
def test_spans_of_the_code_under_test_are_shown_below_the_call(
    tmp_path: Path, context: str, tests: dict[str, bool]
) -> None:
    """Those of a provider that the tests set; attached, in one trace with it; isolated, not at all."""
    write_suite(tmp_path, test_app=INSTRUMENTED)
    result = run_pytest(tmp_path, "--tracetui", "-o", f"tracetui_context={context}", "--strict-markers")
    assert result.returncode == 0, result.stdout
    spans = spans_in(tmp_path / "spans")
    by_id = {span.id: span for span in spans}
    work = [span for span in spans if span.name == "work"]
    calls = [by_id[span.parent or span.attributes["tracetui.parent.span_id"]] for span in work]
    assert {call.name for call in calls} == {"call"}
    told = {
        call.attributes["pytest.nodeid"].partition("::")[2]: span.trace == call.trace
        for span, call in zip(work, calls, strict=True)
    }
    assert told == tests


def test_a_provider_of_the_hosts_may_end_before_ours(tmp_path: Path) -> None:
    """Its shutdown does not close our files."""
    suite = (
        INSTRUMENTED
        + "    def test_over(): trace.get_tracer_provider().shutdown()\n    def test_after(): pass\n"
    )
    write_suite(tmp_path, test_app=suite)
    result = run_pytest(tmp_path, "--tracetui")
    assert " lost" not in result.stdout
    assert len(with_role(spans_in(tmp_path / "spans"), "test")) == 5


@pytest.mark.parametrize(("is_global", "spans"), [("true", 1), ("false", 0)])
def test_a_program_without_a_provider_may_use_ours(tmp_path: Path, is_global: str, spans: int) -> None:
    """Only on request: a program that sets one itself may do so once."""
    suite = """
        from opentelemetry import trace
        def test_one():
            with trace.get_tracer("app").start_as_current_span("work"): pass
    """
    write_suite(tmp_path, test_app=suite)
    run_pytest(tmp_path, "--tracetui", "-o", f"tracetui_global_provider={is_global}")
    assert [span.name for span in spans_in(tmp_path / "spans")].count("work") == spans


def test_asynchronous_tests_see_their_phase(tmp_path: Path) -> None:
    """Attached, with pytest-asyncio, in the test, in its tasks and in its fixtures."""
    suite = """
        import asyncio, pytest, pytest_asyncio
        from opentelemetry import trace
        def seen(): return trace.get_current_span().name
        @pytest_asyncio.fixture
        async def connection():
            assert seen() == "connection setup"
            yield
        async def test_one(connection):
            assert seen() == "call"
            async def task(): return seen()
            assert await asyncio.gather(task(), task()) == ["call", "call"]
    """
    write_suite(tmp_path, test_app=suite)
    options = ("asyncio_mode=auto", "asyncio_default_fixture_loop_scope=function", "tracetui_context=attach")
    chosen = [word for option in options for word in ("-o", option)]
    # The command of these tests leaves the plugin out; naming it later brings it back.
    result = run_pytest(tmp_path, "--tracetui", "-p", "pytest_asyncio.plugin", *chosen)
    assert result.returncode == 0, result.stdout
    assert "1 passed" in result.stdout
    names = [span.name for span in with_role(spans_in(tmp_path / "spans"), "hook")]
    assert "connection setup" in names
    assert "connection teardown" in names


def test_a_subtest_is_a_span(tmp_path: Path) -> None:
    """Below the call, with its name, its time and its outcome, the exception on it alone."""
    suite = """
        import time
        def test_parts(subtests):
            with subtests.test("slow", n=1): time.sleep(0.1)
            with subtests.test(): assert 0
        import unittest
        class TestCase(unittest.TestCase):
            def test_old(self):
                for n in range(2):
                    with self.subTest(n=n): assert n
    """
    write_suite(tmp_path, test_parts=suite)
    run_pytest(tmp_path, "--tracetui")
    spans = spans_in(tmp_path / "spans")
    calls = {span.id for span in with_role(spans, "phase") if span.name == "call"}
    parts = {span.name: span for span in spans if span.parent in calls}
    assert {"[slow] (n=1)", "(<subtest>)", "(n=0)"} <= set(parts)
    assert parts["[slow] (n=1)"].duration_ns >= 90_000_000
    assert [len(parts[name].exceptions) for name in ("[slow] (n=1)", "(<subtest>)", "(n=0)")] == [0, 1, 1]
    assert sum(len(span.exceptions) for span in spans) == 2
    assert {test.attributes["pytest.outcome"] for test in with_role(spans, "test")} == {"failed"}

"""What the plugin means to the run it traces: nothing it could notice, and a context for what it starts."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from tests.tracing.recording import (
    run_pytest,
    run_pytest_alone,
    spans_in,
    with_role,
    write_suite,
)
from tests.tracing.suites import OUTCOMES


def test_nothing_of_ours_is_compiled_for_pytest(tmp_path: Path) -> None:
    """Our modules are imported as they are, of archiver and suites none unasked; tests are rewritten."""
    suite = """
        import sys
        def test_loaders():
            loaded = {name: module.__spec__.loader for name, module in sys.modules.items()
                      if name.startswith("tracetui.tracing.") and name != "tracetui.tracing.pytest"}
            kinds = {name: type(loader).__name__ for name, loader in loaded.items()}
            assert kinds["tracetui.tracing.pytest.plugin"] == "SourceFileLoader"
            assert not [name for name in kinds if name.startswith("tracetui.tracing.archiver")]
            assert not [name for name in kinds if name.startswith("tracetui.tracing.suite")]
            assert type(sys.modules[__name__].__spec__.loader).__name__ == "AssertionRewritingHook"
    """
    write_suite(tmp_path, test_imports=suite)
    result = run_pytest(tmp_path, "--tracetui=spans")
    assert result.returncode == 0, result.stdout


def test_off_means_off(tmp_path: Path) -> None:
    """Without the option nothing of ours is loaded and nothing is written; `--no-tracetui` wins over all."""
    suite = """
        import os, sys
        def test_modules():
            loaded = {name for name in sys.modules if name.startswith("tracetui.")}
            light = {"compat", "hookspecs", "loading", "settings", "suites"}
            light |= {"fixtures", "fixtures.project_hooks", "fixtures.fixture_facts"}
            light |= {"tests", "tests.outcomes", "tests.parameters", "tests.stacks"}
            assert loaded == {"tracetui.tracing", "tracetui.tracing.pytest"} | {
                f"tracetui.tracing.pytest.{name}" for name in light
            }
            assert not {"orjson", "textual", "opentelemetry"} & set(sys.modules)
            assert "TRACEPARENT" not in os.environ
    """
    write_suite(tmp_path, test_off=suite)
    for arguments, env in (([], {}), (["--tracetui=x", "--no-tracetui"], {"TRACETUI_DIR": "y"})):
        result = run_pytest_alone(tmp_path, *arguments, env=env)
        assert result.returncode == 0, result.stdout
        assert "tracetui:" not in result.stdout
    assert not list(tmp_path.glob("**/*.jsonl"))


@pytest.mark.parametrize("way", ["option", "option with directory", "environment", "ini"])
def test_there_are_three_ways_to_turn_it_on(tmp_path: Path, way: str) -> None:
    """`--tracetui[=DIR]`, `TRACETUI_DIR`, and the ini option `tracetui_dir`."""
    write_suite(tmp_path, test_one="def test_one(): pass")
    arguments = {"option": ["--tracetui"], "option with directory": ["--tracetui=here"]}.get(way, [])
    env = {"TRACETUI_DIR": "here"} if way == "environment" else {}
    if way == "ini":
        (tmp_path / "pytest.ini").write_text("[pytest]\ntracetui_dir = here\ntracetui_run_name = nightly\n")
    assert run_pytest(tmp_path, *arguments, env=env).returncode == 0
    spans = spans_in(tmp_path / ("spans" if way == "option" else "here"))
    assert len(spans) == 7
    assert (spans[-1].name == "nightly") == (way == "ini")


def test_a_run_goes_on_as_if_untraced_where_nothing_can_be_written(tmp_path: Path) -> None:
    """With tracing off, on, and on without a place to write: the same outcomes, and nothing on stderr."""
    hosts = """
        import logging, os, random, threading, warnings
        def test_log_is_empty(caplog):
            caplog.set_level(logging.DEBUG)
            assert caplog.records == []
        def test_nothing_is_printed(capfd):
            assert capfd.readouterr() == ("", "")
        def test_seeded():
            random.seed(0)
            assert random.random() == 0.8444218515250481
        def test_fork():
            pid = os.fork()
            if pid == 0: os._exit(0)
            os.waitpid(pid, 0)
    """
    write_suite(tmp_path, test_all=OUTCOMES, test_hosts=hosts)
    (tmp_path / "blocked").write_text("")
    runs = [run_pytest(tmp_path, *way) for way in ([], ["--tracetui"], ["--tracetui=blocked/spans"])]
    outcomes = [sorted(re.findall(r"^(?:FAILED|ERROR) .*", run.stdout, re.MULTILINE)) for run in runs]
    totals = [
        re.findall(r"\d+ (?:failed|passed|skipped|xfailed|xpassed|errors?)", run.stdout) for run in runs
    ]
    assert outcomes[0] == outcomes[1] == outcomes[2]
    assert totals[0] == totals[1] == totals[2]
    assert [run.returncode for run in runs] == [1, 1, 1]
    assert [run.stderr for run in runs] == ["", "", ""]
    assert re.search(r"tracetui: 0 spans in blocked/spans, \d+ lost \(", runs[2].stdout)


@pytest.mark.parametrize("is_attached", [True, False])
def test_subprocesses_continue_the_trace(tmp_path: Path, is_attached: bool) -> None:
    """A set-up in a child hangs below the test; the variables are restored afterwards.

    Attached, `TRACEPARENT` names the test; else it is as it was, and the child's spans name it beside that.
    """
    suite = """
        import subprocess, sys
        def test_child():
            code = "from tracetui.tracing import set_up_tracing as s; t = s('spans', service_name='child');"
            code += "t.tracer.start_span('in child', context=t.context).end()"
            subprocess.run([sys.executable, "-c", code], check=True)
    """
    conftest = """
        import os
        def pytest_sessionfinish():
            assert os.environ["TRACEPARENT"].endswith("b7ad6b7169203331-01")
    """
    write_suite(tmp_path, test_child=suite, conftest=conftest)
    outer = {
        "TRACEPARENT": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "BAGGAGE": "task=t1",
    }
    attach = ["-o", "tracetui_context=attach"] if is_attached else []
    result = run_pytest(tmp_path, "--tracetui", *attach, env=outer)
    assert result.returncode == 0, result.stdout
    spans = spans_in(tmp_path / "spans")
    (test,) = with_role(spans, "test")
    (child,) = [span for span in spans if span.name == "in child"]
    (suite_span,) = with_role(spans, "suite")
    assert (suite_span.trace, suite_span.parent) == ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331")
    assert (child.trace, child.parent) == (test.trace, test.id if is_attached else suite_span.parent)
    assert child.attributes.get("tracetui.parent.span_id") == (None if is_attached else test.id)
    assert {span.attributes["task"] for span in spans} == {"t1"}


def test_spans_of_the_code_under_test_nest_below_the_phase(tmp_path: Path) -> None:
    """Attached, what is current during a test is the phase's span."""
    suite = """
        from opentelemetry import trace
        def test_current():
            current = trace.get_current_span()
            assert current.name == "call"
    """
    write_suite(tmp_path, test_current=suite)
    assert run_pytest(tmp_path, "--tracetui", "-o", "tracetui_context=attach").returncode == 0


def test_a_frozen_clock_does_not_bend_the_trace(tmp_path: Path) -> None:
    """A test that replaces the functions of `time` does not change when its spans are."""
    suite = """
        import time
        def test_frozen(monkeypatch):
            monkeypatch.setattr(time, "time_ns", lambda: 0)
            monkeypatch.setattr(time, "monotonic_ns", lambda: 0)
            monkeypatch.setattr("opentelemetry.sdk.trace.time_ns", lambda: 0)
            assert False
    """
    write_suite(tmp_path, test_frozen=suite)
    run_pytest(tmp_path, "--tracetui")
    spans = spans_in(tmp_path / "spans")
    assert all(span.duration_ns > 0 for span in spans)
    events = [event for span in spans for event in span.raw.get("events", [])]
    times = [int(event["timeUnixNano"]) for event in events]
    assert all(abs(at - time.time_ns()) < 3600 * 10**9 for at in times)
    assert len(times) == 1


def test_a_fault_of_ours_fails_no_test(tmp_path: Path) -> None:
    """Where our own code raises, the test runs untraced, and the fault is told at the end."""
    conftest = """
        def pytest_sessionstart():
            from tracetui.tracing.pytest import plugin
            def broken(*_): raise RuntimeError("our mistake")
            plugin.item_attributes = broken
    """
    write_suite(tmp_path, conftest=conftest, test_good="def test_good(): pass")
    result = run_pytest(tmp_path, "--tracetui")
    assert result.returncode == 0
    assert "1 internal error (RuntimeError: our mistake)" in result.stdout


def test_a_path_after_the_option_is_not_taken_for_a_directory(tmp_path: Path) -> None:
    """`pytest --tracetui test_x.py` would write spans to a test file: it says what to write instead."""
    write_suite(tmp_path, test_one="def test_one(): pass")
    for path in ("test_one.py", "test_one.py::test_one"):
        result = run_pytest(tmp_path, "--tracetui", path)
        assert result.returncode == 4
        assert "--tracetui=DIR" in result.stderr


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("OTEL_ATTRIBUTE_COUNT_LIMIT", "many", "ValueError"),
        ("OTEL_SDK_DISABLED", "true", "OTEL_SDK_DISABLED is set"),
    ],
)
def test_a_run_that_cannot_be_traced_is_run(tmp_path: Path, name: str, value: str, why: str) -> None:
    """Where OpenTelemetry refuses its settings, the tests run, and one line says why there is no trace."""
    write_suite(tmp_path, test_one="def test_one(): pass")
    result = run_pytest(tmp_path, "--tracetui", env={name: value})
    assert result.returncode == 0, result.stdout + result.stderr
    assert f"tracetui: not traced: {why}" in result.stdout
    assert not (tmp_path / "spans").exists()


def test_no_secret_is_written(tmp_path: Path) -> None:
    """Neither the environment nor the command line nor a secret in the baggage is in any file."""
    write_suite(tmp_path, test_one="def test_one(): assert 0")
    secrets = {"MY_PASSWORD": "canary", "BAGGAGE": "auth_token=canary,user=known"}
    run_pytest(tmp_path, "--tracetui", "-k", "not canary", env=secrets)
    written = "".join(path.read_text() for path in tmp_path.glob("spans/*.jsonl"))
    assert "known" in written
    assert "canary" not in written

"""Turns tracing on for one pytest process; if that fails, the run goes on."""

from __future__ import annotations

from pathlib import Path

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider

from tracetui.tracing.pytest.crash_recovery.recovery import CrashRecovery
from tracetui.tracing.pytest.crash_recovery.timeouts import TimeoutHooks
from tracetui.tracing.pytest.fixtures.collection import CollectionHooks
from tracetui.tracing.pytest.fixtures.fixtures import FixtureHooks
from tracetui.tracing.pytest.fixtures.hook_watch import HookWatch
from tracetui.tracing.pytest.fixtures.project_hooks import ProjectHooks
from tracetui.tracing.pytest.loading import unrewritten
from tracetui.tracing.pytest.plugin import TracePlugin
from tracetui.tracing.pytest.processes.gate import UNDECIDABLE, GateHooks, fail
from tracetui.tracing.pytest.processes.revision import RevisionHooks
from tracetui.tracing.pytest.processes.xdist import (
    Controller,
    HandedDown,
    WorkerReport,
    handed_down,
    worker_name,
)
from tracetui.tracing.pytest.run_state import Underway, ids_of
from tracetui.tracing.pytest.settings import Settings, read_settings
from tracetui.tracing.pytest.suites import names_suites, register_suites
from tracetui.tracing.set_up import Tracing, set_up_tracing

UNDERWAY = pytest.StashKey[Underway]()
"""In the config of a traced run: what it is doing, for whoever adds spans to it."""


def register(config: pytest.Config, directory: Path) -> None:
    """Trace the run of `config` into `directory`; if that is impossible, the run goes on and says so.

    Raises `pytest.UsageError` for invalid settings.
    """
    settings = read_settings(config)
    try:
        underway = Underway(_set_up(config, directory, settings), settings, worker_name(config))
    except Exception as error:  # noqa: BLE001 - tracing must never fail the run it looks at
        untraced = Untraced(error, has_gate=config.getoption("tracetui_gate"))
        config.pluginmanager.register(untraced, "tracetui-untraced")
        config.pluginmanager.register(ProjectHooks(), "tracetui-hooks")
        register_suites(config, None)
        return
    config.stash[UNDERWAY] = underway
    _register_hooks(config, underway)
    _register_archiver(config, underway)
    register_suites(config, underway)


def _register_hooks(config: pytest.Config, underway: Underway) -> None:
    wills = CrashRecovery(underway.tracing, lambda: underway.run_context, underway.faults)
    controller = Controller(lambda: _hand_down(underway), wills)
    spans = TracePlugin(config, underway, controller, wills)
    rooms: dict[str, object] = {
        "hooks": ProjectHooks(HookWatch(underway)),
        "xdist": controller,
        "collection": CollectionHooks(underway),
        "fixtures": FixtureHooks(underway),
        "timeouts": TimeoutHooks(spans.end_all),
        # Last, so that its spans are around all the others'.
        "spans": spans,
    }
    if underway.worker is None:
        rooms["revision"] = RevisionHooks(underway)
    if underway.worker is None and config.getoption("tracetui_gate"):
        rooms["gate"] = GateHooks(config, underway)
    if underway.worker is not None:
        rooms["worker"] = WorkerReport(lambda status: underway.faults.safely(spans.finish_run, status))
    for name, hooks in rooms.items():
        config.pluginmanager.register(hooks, f"tracetui-{name}")


def _register_archiver(config: pytest.Config, underway: Underway) -> None:
    """Archive, if an option or a suite file asks for it."""
    options = ("tracetui_archive", "tracetui_archive_limit", "tracetui_cores")
    settings = ("tracetui_archive", "tracetui_archive_tests", "tracetui_archive_limits")
    if any(map(config.getoption, options)) or any(map(config.getini, settings)) or names_suites(config):
        with unrewritten(config):
            from tracetui.tracing.archiver.plugin import register
        register(config, underway)


def _set_up(config: pytest.Config, directory: Path, settings: Settings) -> Tracing:
    worker = handed_down(config)
    tracing = set_up_tracing(
        directory,
        service_name=settings.run_name,
        trace_id=None if worker is None else worker["trace_id"],
        parent_span_id=None if worker is None else worker["span_id"],
        # Code under test finds nothing global of ours.
        is_global=False,
        # What there is to say is said at the end: on stderr it could fail a test that captures it.
        warn=lambda _: None,
    )
    if settings.is_global and isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider):
        # One whose spans go nowhere: they are seen as those of any other.
        trace.set_tracer_provider(TracerProvider(resource=tracing.provider.resource, shutdown_on_exit=False))
    return tracing


def _hand_down(underway: Underway) -> HandedDown:
    trace_id, span_id = ids_of(underway.run_context)
    return {"directory": str(underway.tracing.spans_dir), "trace_id": trace_id, "span_id": span_id}


class Untraced:
    """The hook of a run that was to be traced and could not be."""

    def __init__(self, error: Exception, *, has_gate: bool) -> None:
        self._error = error
        self._has_gate = has_gate

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail the gate: it cannot pass a run that was not traced."""
        if self._has_gate:
            fail(session, UNDECIDABLE)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say why."""
        terminalreporter.write_line(f"tracetui: not traced: {type(self._error).__name__}: {self._error}")

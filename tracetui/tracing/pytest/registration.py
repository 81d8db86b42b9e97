"""Turns tracing on for one pytest process, and lets the run go on where that fails."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tracetui.tracing.archiver.plugin import register as register_archiver
from tracetui.tracing.pytest.plugin import TracePlugin
from tracetui.tracing.pytest.xdist import handed_down
from tracetui.tracing.set_up import Tracing, set_up_tracing


def register(config: pytest.Config, directory: Path) -> None:
    """Trace the run of `config` into `directory`; where that cannot be, the run goes on and says so."""
    try:
        tracing, plugin = _set_up(config, directory)
    except Exception as error:  # noqa: BLE001 - tracing must never fail the run it looks at
        config.pluginmanager.register(Untraced(error), "tracetui-untraced")
        return
    config.pluginmanager.register(plugin, "tracetui-spans")
    config.pluginmanager.register(plugin.controller, "tracetui-xdist")
    register_archiver(config, tracing)


def _set_up(config: pytest.Config, directory: Path) -> tuple[Tracing, TracePlugin]:
    worker = handed_down(config)
    name = config.getini("tracetui_run_name") or os.environ.get("PYTEST_RUN_NAME") or config.rootpath.name
    tracing = set_up_tracing(
        directory,
        service_name=name or "pytest",
        trace_id=None if worker is None else worker["trace_id"],
        parent_span_id=None if worker is None else worker["span_id"],
        # What there is to say is said at the end: on stderr it could fail a test that captures it.
        warn=lambda _: None,
    )
    return tracing, TracePlugin(config, tracing, name or "pytest")


class Untraced:
    """The hook of a run that was to be traced and could not be."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say why."""
        terminalreporter.write_line(f"tracetui: not traced: {type(self._error).__name__}: {self._error}")

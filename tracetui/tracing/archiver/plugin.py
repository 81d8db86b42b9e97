"""Pytest hooks that archive failed and crashed tests, each archive with a span under its test.

A test is archived after its call (or setup) failed and before its fixtures are torn down, while its files are
still there; if only the teardown fails, after that. The controller archives the test that a worker was
running when it crashed. No hook of ours can fail a test: errors are counted and reported.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.context import Context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from tracetui.tracing.archiver.noted import AtWork, Note, read_note
from tracetui.tracing.archiver.rules import Rules
from tracetui.tracing.archiver.settings import settings_of
from tracetui.tracing.archiver.task import ArchiveTask, Work
from tracetui.tracing.environment import variables_for
from tracetui.tracing.host.clock import now_ns
from tracetui.tracing.host.words import are, counted, size
from tracetui.tracing.pytest.compat import crashed_worker
from tracetui.tracing.pytest.run_state import Underway

RULES = pytest.StashKey[Rules]()
"""On an item: its own rules, instead of the run's."""

WORKING_DIRECTORY = pytest.StashKey[Path]()
"""On an item: where its processes work, if not where pytest does."""

_PROPAGATOR = TraceContextTextMapPropagator()
_HANDED_DOWN = "tracetui_archive_run"


def register(config: pytest.Config, underway: Underway) -> None:
    """Archive what fails in the run of `config`; raises `pytest.UsageError` if its options make no sense."""
    config.pluginmanager.register(ArchivePlugin(config, underway), "tracetui-archiver")


class ArchivePlugin:
    """The hooks of one process: of a plain run, of an xdist controller, or of a worker."""

    def __init__(self, config: pytest.Config, underway: Underway) -> None:
        settings = settings_of(config)
        worker_input: dict[str, Any] = getattr(config, "workerinput", {})
        self._rules = settings.rules
        self._with_cores = settings.with_cores
        self._directories = [Path.cwd(), config.rootpath]
        self._worker: str | None = worker_input.get("workerid")
        self._run: str = worker_input.get(_HANDED_DOWN) or os.urandom(8).hex()
        self._underway = underway
        self._safely = underway.faults.safely
        self._task = ArchiveTask(underway.tracing, self._run, settings.limits, with_cores=settings.with_cores)
        self._note = Note(self._task.ledger.note_path(self._worker or "main"))
        self._since_ns = 0
        self._traceparent = ""
        self._has_failed = False
        if self._rules and self._worker is None:
            self._safely(self._task.ledger.open)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Note the running test and its start."""
        __tracebackhide__ = True
        self._has_failed = False
        self._since_ns = now_ns()
        self._traceparent = variables_for(self._context()).get("TRACEPARENT", "")
        self._safely(self._write_note, item)
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """Note the temporary directory too, now that there is one."""
        __tracebackhide__ = True
        if _tmp_path(item) is not None:
            self._safely(self._write_note, item)
        return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None, object, object]:
        """Archive what failed, before its fixtures go."""
        __tracebackhide__ = True
        if self._has_failed:
            self._safely(self._archive, item)
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Learn what failed, and archive what fails only now that its fixtures are gone."""
        __tracebackhide__ = True
        report = yield
        if report.failed and report.when == "teardown" and not self._has_failed:
            self._safely(self._archive, item)
        self._has_failed |= report.failed
        return report

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Let a worker share the account of this run."""
        node.workerinput[_HANDED_DOWN] = self._run

    @pytest.hookimpl(optionalhook=True)
    def pytest_handlecrashitem(self, crashitem: str, report: pytest.TestReport) -> None:
        """Archive the test that a worker was running when it crashed."""
        self._safely(self._archive_crashed, crashitem, crashed_worker(report))

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what was archived, and what was not."""
        for line in self._safely(self._summary) or ():
            terminalreporter.write_line(f"tracetui: {line}")

    def pytest_unconfigure(self) -> None:
        """Let go of everything."""
        self._note.close()
        self._task.close(is_over=self._worker is None)

    def _context(self) -> Context:
        """The test's context, whatever span is current in it."""
        test = self._underway.test
        return self._underway.run_context if test is None else test.context

    def _rules_of(self, item: pytest.Item) -> Rules:
        return item.stash.get(RULES, self._rules)

    def _write_note(self, item: pytest.Item) -> None:
        if self._worker is None or not self._rules_of(item).cover(item.nodeid):
            return
        if not self._task.ledger.is_open:
            self._task.ledger.open()
        rules = self._rules_of(item)
        self._note.write(AtWork(item.nodeid, self._traceparent, self._since_ns, rules, _tmp_path(item)))

    def _archive(self, item: pytest.Item) -> None:
        rules = self._rules_of(item)
        if rules.cover(item.nodeid):
            directories = [item.stash.get(WORKING_DIRECTORY, Path.cwd()), *self._directories]
            work = Work(item.nodeid, rules, self._since_ns, _tmp_path(item), directories)
            self._task.run(work, self._context())

    def _archive_crashed(self, test: str, worker: str) -> None:
        note = read_note(self._task.ledger.note_path(worker))
        if note is not None and note.test == test:
            work = Work(test, note.rules, note.since_ns, note.tmp_path, self._directories)
            self._task.run(work, _PROPAGATOR.extract({"traceparent": note.traceparent}, Context()))

    def _summary(self) -> list[str]:
        totals = self._task.ledger.totals()
        lines = []
        if totals.tests:
            where = os.path.relpath(self._task.ledger.directory)
            lines.append(f"{counted(totals.tests, 'archive')} ({size(totals.total_bytes)}) in {where}")
        if totals.tests and self._with_cores:
            lines.append("core dumps are archived too: they contain memory and secrets")
        if totals.refused:
            left = f"{counted(totals.refused, 'failed test')} {are(totals.refused)} not archived"
            lines.append(f"{left}: the limits of this run are reached")
        return lines


def _tmp_path(item: pytest.Item) -> Path | None:
    path = getattr(item, "funcargs", {}).get("tmp_path")
    return path if isinstance(path, Path) else None

"""Pytest's hooks -> the spans of the run. No hook of ours can fail a test: what goes wrong is counted."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from contextlib import ExitStack
from typing import ParamSpec, TypeVar

import pytest
from opentelemetry import trace
from opentelemetry.context import Context

from tracetui.tracing.pytest.items import item_attributes
from tracetui.tracing.pytest.reports import interruption, verdict_of
from tracetui.tracing.pytest.spans import PhaseSpan, RunSpan, TestSpan
from tracetui.tracing.pytest.surroundings import attached, exported
from tracetui.tracing.pytest.xdist import Controller, Counts, HandedDown, worker_name
from tracetui.tracing.set_up import Tracing

P = ParamSpec("P")
T = TypeVar("T")


class TracePlugin:
    """The hooks of one process: of a plain run, of an xdist controller, or of a worker."""

    def __init__(self, config: pytest.Config, tracing: Tracing, name: str) -> None:
        self.controller = Controller(self._hand_down)
        self._config = config
        self._name = name
        self._tracing = tracing
        self._worker = worker_name(config)
        self._run: RunSpan | None = None
        self._test: TestSpan | None = None
        self._was_interrupted = False
        self._faults: list[str] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self) -> None:
        """Begin the suite, before xdist starts its workers."""
        self._run = self._safely(self._start_run)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Put a span around everything that is done for a test."""
        self._test = self._safely(self._start_test, item)
        surroundings = self._safely(self._surround) or ExitStack()
        try:
            with surroundings:
                return (yield)
        finally:
            test, self._test = self._test, None
            if test is not None:
                self._safely(test.finish)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self) -> Generator[None, object, object]:
        """Put a span around the set-up."""
        return (yield from self._phase("setup"))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self) -> Generator[None, object, object]:
        """Put a span around the test itself."""
        return (yield from self._phase("call"))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self) -> Generator[None, object, object]:
        """Put a span around the teardown."""
        return (yield from self._phase("teardown"))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """End the phase that is reported, once every other plugin has had its say."""
        report = yield
        self._safely(self._judge, call, report)
        return report

    def pytest_keyboard_interrupt(self) -> None:
        """Remember that the run was cut short (`pytest.exit` comes here too)."""
        self._was_interrupted = True

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """End the suite, and let a worker report to its controller."""
        self._safely(self._finish_run, int(exitstatus))

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say in one line where the spans are, and how many are missing."""
        summary = self._safely(self._summary)
        if summary is not None:
            terminalreporter.write_line(summary)

    def pytest_unconfigure(self) -> None:
        """Close the files, whatever happened before."""
        self._safely(self._finish_run, pytest.ExitCode.INTERNAL_ERROR.value)
        self._safely(self._tracing.shutdown)

    def _safely(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        try:
            return work(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - tracing must never fail the run it looks at
            self._faults.append(f"{type(error).__name__}: {error}")
            return None

    def _start_run(self) -> RunSpan:
        return RunSpan(self._tracing, self._worker or self._name, self._worker)

    def _start_test(self, item: pytest.Item) -> TestSpan:
        attributes = item_attributes(item)
        if self._worker is not None:
            attributes["pytest.xdist.worker"] = self._worker
        return TestSpan(self._tracing, self._context, attributes)

    def _surround(self) -> ExitStack | None:
        if self._test is None:
            return None
        stack = ExitStack()
        stack.enter_context(attached(self._test.context))
        stack.enter_context(exported(self._test.context))
        return stack

    def _phase(self, when: str) -> Generator[None, object, object]:
        phase = self._safely(self._start_phase, when)
        if phase is None:
            return (yield)
        try:
            with attached(phase.context):
                return (yield)
        except (KeyboardInterrupt, pytest.exit.Exception) as error:
            # Of these pytest makes no report.
            self._safely(self._interrupt, phase, error)
            raise
        finally:
            self._safely(phase.stop)

    def _start_phase(self, when: str) -> PhaseSpan | None:
        return None if self._test is None else self._test.start_phase(when)

    def _judge(self, call: pytest.CallInfo[None], report: pytest.TestReport) -> None:
        if self._test is not None:
            self._test.judge_phase(verdict_of(call, report))

    def _interrupt(self, phase: PhaseSpan, error: BaseException) -> None:
        phase.stop()
        if self._test is not None:
            self._test.judge_phase(interruption(error))

    def _finish_run(self, exit_status: int) -> None:
        run, self._run = self._run, None
        if run is None:
            return
        run.finish(exit_status, was_interrupted=self._was_interrupted)
        if self._worker is not None:
            counts: Counts = {"written": self._tracing.spans_written, "lost": self._tracing.spans_lost}
            vars(self._config)["workeroutput"]["tracetui"] = counts

    @property
    def _context(self) -> Context:
        return self._tracing.context if self._run is None else self._run.context

    def _hand_down(self) -> HandedDown:
        parent = trace.get_current_span(self._context).get_span_context()
        return {
            "directory": str(self._tracing.spans_dir),
            "trace_id": f"{parent.trace_id:032x}",
            "span_id": f"{parent.span_id:016x}",
        }

    def _summary(self) -> str:
        directory = os.path.relpath(self._tracing.spans_dir)
        shown = str(self._tracing.spans_dir) if directory.startswith("..") else directory
        written = self._tracing.spans_written + self.controller.written
        lost = self._tracing.spans_lost + self.controller.lost
        line = f"tracetui: {written} spans in {shown}"
        if lost:
            line += f", {lost} lost ({self._tracing.first_error or 'in a worker'})"
        if self._faults:
            line += f", {len(self._faults)} faults of tracetui itself ({self._faults[0]})"
        return f"{line} (open with: tracetui open {shown})" if written else line

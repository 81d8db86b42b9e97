"""Pytest hooks that write the spans of suite, tests and phases. No hook of ours can fail a test."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator

import pytest

from tracetui.tracing.about.machine import machine_attributes
from tracetui.tracing.host.words import counted
from tracetui.tracing.pytest.compat import report_to_controller
from tracetui.tracing.pytest.context_env import Surroundings
from tracetui.tracing.pytest.crash_recovery.recovery import CrashRecovery
from tracetui.tracing.pytest.fixtures.failed_hook import exit_status, failed_hook
from tracetui.tracing.pytest.foreign_providers import CodeUnderTest
from tracetui.tracing.pytest.processes.published import PublishedReports
from tracetui.tracing.pytest.processes.xdist import (
    Controller,
    Counts,
    grace_seconds,
    how_tests_are_handed_out,
)
from tracetui.tracing.pytest.run_state import Underway
from tracetui.tracing.pytest.settings import MARKER
from tracetui.tracing.pytest.summary import summary_line
from tracetui.tracing.pytest.tests.attempt import TestSpan
from tracetui.tracing.pytest.tests.captured import CapturedOutput
from tracetui.tracing.pytest.tests.items import item_attributes
from tracetui.tracing.pytest.tests.owners import Owners
from tracetui.tracing.pytest.tests.phases import PhaseSpan
from tracetui.tracing.pytest.tests.reports import Verdict, interruption, run_status, timeout, verdict_of
from tracetui.tracing.pytest.tests.spans import HookSpan, RunSpan
from tracetui.tracing.spans.running import NOTHING


def _around(when: str) -> Callable[[TracePlugin, pytest.Item], Generator[None, object, object]]:
    """The hook that puts a span around a phase. (One function each, because a delegating generator costs
    time.)
    """

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def hook(self: TracePlugin, item: pytest.Item) -> Generator[None, object, object]:
        __tracebackhide__ = True
        phase = self._safely(self._start_phase, when, item)
        try:
            return (yield)
        except (KeyboardInterrupt, pytest.exit.Exception) as error:
            # Of these pytest makes no report.
            self._safely(self._interrupt, phase, error)
            raise
        finally:
            if phase is not None:
                self._safely(phase.stop)

    return hook


class TracePlugin:
    """The hooks of one process: of a plain run, of an xdist controller, or of a worker."""

    def __init__(
        self, config: pytest.Config, underway: Underway, controller: Controller, wills: CrashRecovery
    ) -> None:
        self._config = config
        self._underway = underway
        self._tracing = underway.tracing
        self._safely = underway.faults.safely
        self._controller = controller
        self._published = PublishedReports(config, underway, wills)
        self._owners = Owners(config.rootpath)
        self._captured = CapturedOutput(self._tracing, underway.settings.capture)
        self._code = CodeUnderTest(self._tracing.sinks, underway.home, underway.faults)
        self._surroundings: Surroundings | None = None
        self._session: Surroundings | None = None
        self._ended: RunSpan | None = None
        self._pytest: pytest.Session | None = None
        self._was_interrupted = False
        self._has_summed_up = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Start the suite, before xdist starts its workers."""
        self._pytest = session
        self._safely(self._start_run)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Put a span around everything that is done for a test."""
        __tracebackhide__ = True
        self._safely(self._start_test, item)
        try:
            return (yield)
        finally:
            self._safely(self._leave_test)

    pytest_runtest_setup = _around("setup")
    pytest_runtest_call = _around("call")
    pytest_runtest_teardown = _around("teardown")

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """End the phase that is reported, after every other plugin."""
        __tracebackhide__ = True
        report = yield
        self._safely(self._judge, call, report)
        return report

    def pytest_collection_finish(self) -> None:
        """Hear of tests that run in other processes, if there is a plugin that may do that."""
        self._safely(self._published.hear_of_children)

    def pytest_keyboard_interrupt(self) -> None:
        """Remember that the run was cut short (`pytest.exit` comes here too)."""
        self._was_interrupted = True

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Tell which hook it was that ends the run."""
        self._safely(self._tell_of_failed, excinfo.value)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, object, object]:
        """End the suite, after all other plugins: any of them may change the exit status."""
        __tracebackhide__ = True
        status: int = pytest.ExitCode.INTERNAL_ERROR
        try:
            result = yield
            status = session.exitstatus
            return result
        except pytest.exit.Exception as error:
            status = session.exitstatus if error.returncode is None else error.returncode
            raise
        except BaseException as error:
            # Pytest lets it through: Python prints it, and exits.
            status = exit_status(error)
            if status:
                self._safely(self._tell_of_failed, error)
            raise
        finally:
            # Where the exit status is none of pytest's own, it calls nobody for a summary.
            self._safely(self._say_summary, self._config.pluginmanager.get_plugin("terminalreporter"))
            self._safely(self.finish_run, int(status))

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say in one line where the spans are, and how many are missing."""
        self._safely(self._say_summary, terminalreporter)

    @pytest.hookimpl(wrapper=True)
    def pytest_unconfigure(self) -> Generator[None, object, object]:
        """Close the files after all other plugins, whatever happened: one that raises fails the process."""
        __tracebackhide__ = True
        try:
            return (yield)
        except BaseException as error:
            if self._underway.worker is None and exit_status(error):
                self._safely(self._tell_of_failed, error)
            raise
        finally:
            status = self._pytest.exitstatus if self._pytest else pytest.ExitCode.INTERNAL_ERROR
            self._safely(self.finish_run, int(status))
            self._close()

    def end_all(self, seconds: float) -> None:
        """End everything: this process is about to end, because a test took longer than `seconds`."""
        self._safely(self._time_out, timeout(seconds))
        self._safely(self._finish_test)
        if self._underway.worker is None:
            # What is left open by a worker is ended by its controller, which reads there that this test was.
            self._was_interrupted = True
            self._safely(self.finish_run, pytest.ExitCode.TESTS_FAILED.value)
        self._close()

    def finish_run(self, exit_status: int) -> None:
        """End the suite or the worker, unless already done; a worker reports to its controller."""
        run, self._underway.run = self._underway.run, None
        if run is None:
            return
        self._ended = run
        if self._session is not None:
            self._session.__exit__()
        failed_hooks = list(dict.fromkeys(self._underway.failed_hooks + self._controller.failed_hooks))
        status = run_status(self._pytest, exit_status, was_interrupted=self._was_interrupted)
        run.finish(exit_status, status, failed_hooks)
        if self._underway.worker is not None:
            counts: Counts = {
                "written": self._tracing.spans_written,
                "lost": self._tracing.spans_lost,
                "failed_hooks": failed_hooks,
                "pid": os.getpid(),
            }
            report_to_controller(self._config, "tracetui", counts)

    def _start_run(self) -> None:
        underway = self._underway
        settings = underway.settings
        attributes = {**how_tests_are_handed_out(self._config)}
        attributes |= machine_attributes() if underway.worker is None else {}
        underway.run = RunSpan(
            self._tracing, settings.run_name, underway.worker, settings.dry_run, attributes
        )
        self._session = underway.around_session(underway.run)
        self._session.__enter__()
        self._code.watch()

    def _tell_of_failed(self, error: BaseException) -> None:
        """Write a hook of pytest's, which is seen only now that it has failed, maybe after the suite."""
        underway, name = self._underway, failed_hook(error)
        run = underway.run or self._ended
        if run is not None:
            context = underway.context if underway.run else run.context
            hook = HookSpan(self._tracing, name, context, NOTHING)
            hook.record(error, underway.stack(error))
            hook.finish(error)
            underway.failed_hooks.append(name)

    def _start_test(self, item: pytest.Item, attempt: int = 0) -> TestSpan:
        underway = self._underway
        attributes, markers = item_attributes(item, self._owners)
        if underway.worker is not None:
            attributes["pytest.xdist.worker"] = underway.worker
        is_dry_run = bool(underway.settings.dry_run)
        test = TestSpan(self._tracing, underway.run, attributes, attempt, is_dry_run=is_dry_run)
        underway.enter_test(item, test, has_marker=MARKER in markers)
        self._surroundings = underway.around_test(test)
        self._surroundings.__enter__()
        return test

    def _start_next_attempt(self, item: pytest.Item, last: TestSpan) -> TestSpan:
        self._leave_test(is_final=False)
        return self._start_test(item, last.attempt + 1)

    def _leave_test(self, *, is_final: bool = True) -> None:
        surroundings, self._surroundings = self._surroundings, None
        try:
            if surroundings is not None:
                surroundings.__exit__()
        finally:
            self._finish_test(is_final=is_final)

    def _finish_test(self, *, is_final: bool = True) -> None:
        test = self._underway.leave_test()
        if test is not None:
            if test.sections:
                self._safely(self._captured.keep, test)
            test.finish(is_final=is_final)

    def _start_phase(self, when: str, item: pytest.Item) -> PhaseSpan | None:
        test = self._underway.test
        if test is None:
            return None
        if when == "setup" and test.was_begun:
            test = self._start_next_attempt(item, test)
        phase = test.start_phase(when)
        if self._underway.mode == "attach":
            phase.attach()
        return phase

    def _judge(self, call: pytest.CallInfo[None], report: pytest.TestReport) -> None:
        test = self._underway.test
        if test is not None:
            test.sections = report.sections
            if test.is_in_phase():
                self._published.hear()
            test.judge(verdict_of(call, report, self._underway.stack))

    def _interrupt(self, phase: PhaseSpan | None, error: BaseException) -> None:
        if phase is not None and self._underway.test is not None:
            phase.stop()
            self._underway.test.judge(interruption(error, self._underway.stack(error)))

    def _time_out(self, verdict: Verdict) -> None:
        phase = self._underway.phase
        if phase is not None and self._underway.test is not None:
            phase.stop()
            self._underway.test.judge(verdict)

    def _close(self) -> None:
        self._code.leave()
        self._safely(self._captured.close)
        self._safely(self._tracing.shutdown, grace_seconds(self._config))
        if self._underway.worker is None:
            self._safely(self._say_undelivered)

    def _say_summary(self, reporter: pytest.TerminalReporter | None) -> None:
        if reporter is not None and self._underway.worker is None and not self._has_summed_up:
            self._has_summed_up = True
            reporter.write_line(summary_line(self._underway, self._controller))

    def _say_undelivered(self) -> None:
        reporter = self._config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None and self._tracing.spans_undelivered:
            number = counted(self._tracing.spans_undelivered, "span")
            reporter.write_line(f"tracetui: {number} of this process not delivered by OTLP")

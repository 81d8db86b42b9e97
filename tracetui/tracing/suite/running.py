"""A running suite in one worker: its fixture, its hooks, its tests' commands."""

from __future__ import annotations

import sys
from pathlib import Path

from tracetui.tracing.suite.command import filled_in, run_command
from tracetui.tracing.suite.failures import CommandError, FixtureError, TestError
from tracetui.tracing.suite.hooks import HookCall, run_hook
from tracetui.tracing.suite.schema import Case, Suite, When
from tracetui.tracing.suite.service import Service
from tracetui.tracing.suite.watch import Watch


class RunningSuite:
    """Made when a worker reaches the suite's first test; `finish()` is called after the last one."""

    def __init__(self, suite: Suite, worker: int, scratch: Path, watch: Watch) -> None:
        self._suite = suite
        self._watch = watch
        self._values = {
            "suite_dir": str(suite.path.parent),
            "worker": str(worker),
            "python": sys.executable,
        }
        self._service = None if suite.fixture is None else Service(suite.fixture, suite.cwd)
        if self._service is not None:
            self._values["fixture_path"] = str(scratch)
            if self._service.port is not None:
                self._values["port"] = str(self._service.port)

    def begin(self) -> None:
        """Start the fixture, run the hooks before the suite."""
        if self._service is not None:
            with self._watch("fixture", "start"):
                self._service.start(self._values, self._suite.env)
        self._run_hooks("before_suite")

    def before_test(self, case: Case, tmp_path: Path) -> None:
        """Run the hooks before a test, if the fixture is still running."""
        self._check()
        self._run_hooks("before_test", case, tmp_path)

    def run(self, case: Case, tmp_path: Path) -> str:
        """Run the test and return its output; raises TestError."""
        env = {**self._suite.env, **case.env}
        words = filled_in(case.command, self._values_of(case, tmp_path))
        try:
            return run_command(words, self._suite.cwd, env, case.timeout_s)
        except CommandError as failure:
            raise TestError(case.name, str(failure), failure.output) from None

    def after_test(self, case: Case, tmp_path: Path) -> None:
        """Run the hooks after a test, if the fixture is still running."""
        self._check()
        self._run_hooks("after_test", case, tmp_path)

    def fixture_size(self) -> int:
        """How many bytes the fixture has printed."""
        return 0 if self._service is None else self._service.size()

    def fixture_output(self, start: int) -> str:
        """What the fixture has printed after the first `start` bytes."""
        return "" if self._service is None else self._service.output(start)

    def finish(self, *, was_begun: bool) -> None:
        """Run the hooks after the suite, if it was started, and stop the fixture in any case."""
        try:
            if was_begun:
                self._run_hooks("after_suite")
        finally:
            self._stop(was_begun=was_begun)

    def _stop(self, *, was_begun: bool) -> None:
        if self._service is None:
            return
        try:
            with self._watch("fixture", "stop"):
                self._service.stop()
        except FixtureError:
            # What never began is known to have failed.
            if was_begun:
                raise

    def _check(self) -> None:
        if self._service is not None:
            self._service.check()

    def _run_hooks(self, when: When, case: Case | None = None, tmp_path: Path | None = None) -> None:
        port = None if self._service is None else self._service.port
        test = None if case is None else case.name
        call = HookCall(when, self._suite.name, self._suite.path.parent, port, test, tmp_path)
        for hook, command in self._suite.hooks_at(when):
            with self._watch(hook.name, when):
                run_hook(hook, command, call, self._suite, self._values_of(case, tmp_path))

    def _values_of(self, case: Case | None, tmp_path: Path | None) -> dict[str, str]:
        values = dict(self._values)
        if case is not None:
            values["name"] = case.name
        if case is not None and case.file is not None:
            is_inside = case.file.is_relative_to(self._suite.cwd)
            values["file"] = str(case.file.relative_to(self._suite.cwd) if is_inside else case.file)
        if tmp_path is not None:
            values["tmp_path"] = str(tmp_path)
        return values

"""Suite files as pytest sees them: a collector, and an item for each test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from tracetui.tracing.archiver.plugin import RULES, WORKING_DIRECTORY
from tracetui.tracing.archiver.rules import Rules
from tracetui.tracing.pytest.compat import temporary_paths
from tracetui.tracing.suite.failures import FAILED_BY, HookError, PartError
from tracetui.tracing.suite.running import RunningSuite
from tracetui.tracing.suite.schema import Case, Suite, load_suite
from tracetui.tracing.suite.table import SuiteError
from tracetui.tracing.suite.watch import Watch


class SuiteFile(pytest.File):
    """A suite file, set up before its first test in a process, and torn down after the last."""

    suite: Suite
    watch: Watch
    running: RunningSuite
    _was_begun = False

    def collect(self) -> Iterator[SuiteItem]:
        """The tests of the file."""
        try:
            self.suite = load_suite(self.path)
        except SuiteError as error:
            raise self.CollectError(str(error)) from error
        for case in self.suite.cases:
            yield SuiteItem.make(self, case)

    def setup(self) -> None:
        """Begin the suite in this process."""
        self._was_begun = False
        scratch = scratch_directory(self.config, self.suite.name)
        self.running = RunningSuite(self.suite, worker_number(), scratch, self.watch)
        self.running.begin()
        self._was_begun = True

    def teardown(self) -> None:
        """End it."""
        self.running.finish(was_begun=self._was_begun)


class SuiteItem(pytest.Item):
    """One test of a suite file."""

    tracetui_mode = "attach"
    """A command is a process of its own: it finds its test in `TRACEPARENT`."""

    case: Case
    parent: SuiteFile

    @classmethod
    def make(cls, file: SuiteFile, case: Case) -> SuiteItem:
        """The item of `case` in `file`."""
        item: SuiteItem = cls.from_parent(file, name=case.name)
        item.case = case
        item.stash[WORKING_DIRECTORY] = file.suite.cwd
        item._archive_if(case.name, file.suite.archived_tests)
        return item

    def setup(self) -> None:
        """The hooks before the test."""
        self.funcargs: dict[str, Any] = {"tmp_path": scratch_directory(self.config, self.name)}
        self.parent.running.before_test(self.case, self.funcargs["tmp_path"])

    def runtest(self) -> None:
        """The test itself."""
        running = self.parent.running
        before = running.fixture_size()
        try:
            self._show("stdout", running.run(self.case, self.funcargs["tmp_path"]))
        except PartError as failure:
            self._show("stdout", failure.output)
            raise
        finally:
            self._show("fixture", running.fixture_output(before))

    def teardown(self) -> None:
        """The hooks after the test, if those before it were run."""
        if hasattr(self, "funcargs"):
            self.parent.running.after_test(self.case, self.funcargs["tmp_path"])

    def tell(self, failure: PartError, report: pytest.TestReport) -> None:
        """Describe a failure: a line, and the output unless another section shows it."""
        is_shown = failure.by == "test" or not failure.output
        report.longrepr = f"{failure}" if is_shown else f"{failure}\n{failure.output}"
        report.user_properties.append((FAILED_BY, failure.by))
        if isinstance(failure, HookError):
            self._archive_if(failure.name, self.parent.suite.archived_hooks)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """The test file, if it has one."""
        return self.case.file or self.path, None, self.name

    def _show(self, what: str, output: str) -> None:
        if output:
            self.add_report_section("call", what, output)

    def _archive_if(self, name: str, patterns: tuple[str, ...]) -> None:
        """Archive failures as the suite says, if `name` matches its patterns."""
        rules = self.parent.suite.archive
        if rules is not None:
            is_kept = any(fnmatchcase(name, pattern) for pattern in patterns)
            self.stash[RULES] = replace(rules) if is_kept else Rules(rules.directory)


def scratch_directory(config: pytest.Config, name: str) -> Path:
    """An empty directory, beside those of the fixture `tmp_path`."""
    plain = "".join(char if char.isalnum() else "_" for char in name)[:30]
    return temporary_paths(config).mktemp(plain or "test", numbered=True)


def worker_number() -> int:
    """0 without xdist; with it, the number of the worker."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))

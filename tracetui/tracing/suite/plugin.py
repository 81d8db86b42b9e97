"""Pytest hooks for suite files, which are collected if the command line names them."""

from __future__ import annotations

import os
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest

from tracetui.tracing.pytest.run_state import Underway
from tracetui.tracing.suite.collector import SuiteFile, SuiteItem
from tracetui.tracing.suite.command import REAPER
from tracetui.tracing.suite.failures import FAILED_BY, WORST_LAST, PartError
from tracetui.tracing.suite.schema import load_suite
from tracetui.tracing.suite.table import SuiteError
from tracetui.tracing.suite.watch import Watch


def register(config: pytest.Config, underway: Underway | None) -> None:
    """Run the suite files that `config` names, traced if there is an `underway`.

    Raises `pytest.UsageError` for a file that cannot be run: before any worker starts, in one line.
    """
    try:
        suites = [load_suite(path) for path in _named(config)]
    except SuiteError as error:
        raise pytest.UsageError(str(error)) from error
    if underway is not None and len(suites) == 1 and not _has_name(config):
        underway.settings = replace(underway.settings, run_name=suites[0].name)
    config.pluginmanager.register(SuitePlugin(underway), "tracetui-suite")


class SuitePlugin:
    """The hooks of one process."""

    def __init__(self, underway: Underway | None) -> None:
        self._underway = underway
        self._failed_by: set[str] = set()

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> SuiteFile | None:
        """Collect a `.toml` file that was asked for by name: most others are no suites."""
        if file_path.suffix != ".toml" or not parent.session.isinitpath(file_path):
            return None
        file: SuiteFile = SuiteFile.from_parent(parent, path=file_path)
        file.watch = Watch(self._underway)
        return file

    # Innermost of all wrappers: whoever archives then knows what failed.
    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Report failures in the suite's terms, not as tracebacks of ours."""
        report = yield
        failure = None if call.excinfo is None else call.excinfo.value
        if isinstance(item, SuiteItem) and isinstance(failure, PartError):
            item.tell(failure, report)
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Learn why a suite fails, from all workers."""
        self._failed_by |= {str(value) for key, value in report.user_properties if key == FAILED_BY}

    def pytest_sessionfinish(self) -> None:
        """Record it on the span of the run, before that ends."""
        if self._failed_by and self._underway is not None and self._underway.run is not None:
            worst = max(self._failed_by, key=WORST_LAST.index)
            self._underway.faults.safely(self._underway.run.add, {FAILED_BY: worst})

    def pytest_unconfigure(self) -> None:
        """Leave no process behind."""
        REAPER.close()


def _named(config: pytest.Config) -> list[Path]:
    paths = [Path(config.invocation_params.dir, arg.partition("::")[0]) for arg in config.args]
    return [path for path in paths if path.suffix == ".toml" and path.is_file()]


def _has_name(config: pytest.Config) -> bool:
    """Whether the user gave the run a name, which a suite must not change."""
    return bool(config.getini("tracetui_run_name") or os.environ.get("PYTEST_RUN_NAME"))

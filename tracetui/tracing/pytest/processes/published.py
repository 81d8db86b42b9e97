"""What is told by published reports alone: the names of subtests, and tests that ran in forked children.

Few runs have either, but a hook costs every phase of every test. So it is registered when it is needed.
"""

from __future__ import annotations

import pytest

from tracetui.tracing.pytest.crash_recovery.recovery import CrashRecovery
from tracetui.tracing.pytest.run_state import Underway
from tracetui.tracing.pytest.tests.reports import NO_PHASE

_NAME = "tracetui-reports"
_IN_THIS_PROCESS = frozenset({"runner", "rerunfailures"})
"""The plugins that are known to run tests here."""


class PublishedReports:
    """The hook of a process for published reports."""

    def __init__(self, config: pytest.Config, underway: Underway, wills: CrashRecovery) -> None:
        self._plugins = config.pluginmanager
        self._underway = underway
        self._wills = wills

    def hear_of_children(self) -> None:
        """Register the hook if there is a plugin that may run tests in other processes."""
        implementations = self._plugins.hook.pytest_runtest_protocol.get_hookimpls()
        own = (each.plugin_name for each in implementations if not (each.wrapper or each.hookwrapper))
        if not _IN_THIS_PROCESS.issuperset(own):
            self.hear()

    def hear(self) -> None:
        """Register the hook, unless it is."""
        if not self._plugins.has_plugin(_NAME):
            self._plugins.register(self, _NAME)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a subtest, or the phase of a child; end what the child left open if it crashed."""
        test = self._underway.test
        if test is None:
            return
        self._underway.faults.safely(test.hear, report)
        if str(report.when) == NO_PHASE:
            self._wills.execute_child(test.context, test.start_ns)

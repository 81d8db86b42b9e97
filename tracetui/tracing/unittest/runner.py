# ruff: noqa: N802, N815 - unittest's names, which it documents
"""unittest's own runner, result and suites, which tell spans of what they do; nothing of ours stops a run."""

from __future__ import annotations

import sys
import unittest
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from types import TracebackType
from typing import Any

from tracetui.tracing.host.warn import warn_on_stderr
from tracetui.tracing.unittest.phases import Phase, telling_phases
from tracetui.tracing.unittest.spans import RunSpans

ExcInfo = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]
__unittest = True
"""Our frames stand in no traceback that unittest prints."""


class _Told:
    """Tells the spans of the run, if there are any, whatever becomes of that."""

    def __init__(self) -> None:
        self.spans: RunSpans | None = None
        self._has_failed = False

    def __call__(self, call: Callable[[RunSpans], object]) -> None:
        if self.spans is not None and not self._has_failed:
            self.safely(call, self.spans)

    def safely(self, call: Callable[..., Any], *arguments: Any) -> Any:
        """What it returns; None, and one line, where it fails."""
        try:
            return call(*arguments)
        except Exception as error:  # noqa: BLE001 - whatever it is, the tests go on
            self._has_failed = True
            warn_on_stderr(f"the run is not traced any further: {type(error).__name__}: {error}")
        return None

    def start_phase(self, phase: Phase) -> bool:
        """A phase of a test begins; whether it is told."""
        if self.spans is None or self._has_failed:
            return False
        return bool(self.safely(self.spans.start_phase, phase.when, phase.name))

    def end_phase(self, outcome: str) -> None:
        """It is over."""
        self(lambda spans: spans.end_phase(outcome))


_TOLD = _Told()


class TracedResult(unittest.TextTestResult):
    """Hears of all that happens to tests."""

    def startTest(self, test: unittest.TestCase) -> None:
        """Begins a span."""
        _TOLD(lambda spans: spans.start_test(test))
        super().startTest(test)

    def stopTest(self, test: unittest.TestCase) -> None:
        """Ends it."""
        super().stopTest(test)
        _TOLD(lambda spans: spans.end_test())

    def addSuccess(self, test: unittest.TestCase) -> None:
        """A test has passed."""
        super().addSuccess(test)
        _TOLD(lambda spans: spans.note("passed"))

    def addError(self, test: unittest.TestCase, err: ExcInfo) -> None:
        """A test or a fixture is broken."""
        super().addError(test, err)
        _TOLD(lambda spans: spans.note("error", error=err[1]))

    def addFailure(self, test: unittest.TestCase, err: ExcInfo) -> None:
        """A test has failed."""
        super().addFailure(test, err)
        _TOLD(lambda spans: spans.note("failed", error=err[1]))

    def addSkip(self, test: unittest.TestCase, reason: str) -> None:
        """A test, or all of a fixture, is skipped."""
        super().addSkip(test, reason)
        _TOLD(lambda spans: spans.note("skipped", reason))

    def addExpectedFailure(self, test: unittest.TestCase, err: ExcInfo) -> None:
        """A test has failed as it should."""
        super().addExpectedFailure(test, err)
        _TOLD(lambda spans: spans.note("xfailed", error=err[1]))

    def addUnexpectedSuccess(self, test: unittest.TestCase) -> None:
        """A test that should fail has passed."""
        super().addUnexpectedSuccess(test)
        _TOLD(lambda spans: spans.note("xpassed"))

    def addSubTest(self, test: Any, subtest: Any, err: ExcInfo | None) -> None:
        """A part of a test is over."""
        super().addSubTest(test, subtest, err)
        error = err[1] if err else None
        is_failure = isinstance(error, getattr(test, "failureException", AssertionError))
        outcome = "passed" if error is None else "failed" if is_failure else "error"
        _TOLD(lambda spans: spans.note_part(str(subtest), outcome, error))


class TracedSuite(unittest.TestSuite):
    """Has a span around each fixture of a class or module that does something.

    unittest has no public place for that: what follows overrides what is there since Python 3.2, and where it
    were gone, nothing would be traced of it.
    """

    def _handleClassSetUp(self, test: Any, result: Any) -> None:
        kind = type(test)
        is_new = kind is not getattr(result, "_previousTestClass", None)
        with self._around(kind, "setUpClass", "setup", is_new=is_new):
            super()._handleClassSetUp(test, result)  # type: ignore[misc]

    def _tearDownPreviousClass(self, test: Any, result: Any) -> None:
        kind = getattr(result, "_previousTestClass", None)
        is_new = kind is not None and kind is not type(test) and not getattr(kind, "_classSetupFailed", False)
        with self._around(kind, "tearDownClass", "teardown", is_new=is_new):
            super()._tearDownPreviousClass(test, result)  # type: ignore[misc]

    def _handleModuleFixture(self, test: Any, result: Any) -> None:
        before = getattr(getattr(result, "_previousTestClass", None), "__module__", None)
        name = type(test).__module__
        with self._around(sys.modules.get(name), "setUpModule", "setup", is_new=name != before):
            super()._handleModuleFixture(test, result)  # type: ignore[misc]

    def _handleModuleTearDown(self, result: Any) -> None:
        before = getattr(getattr(result, "_previousTestClass", None), "__module__", "")
        is_new = not getattr(result, "_moduleSetUpFailed", False)
        with self._around(sys.modules.get(before), "tearDownModule", "teardown", is_new=is_new):
            super()._handleModuleTearDown(result)  # type: ignore[misc]

    @staticmethod
    def _around(owner: Any, name: str, when: str, *, is_new: bool) -> AbstractContextManager[None]:
        """A span, where `owner` has a fixture of its own that runs now."""
        fixture = getattr(owner, name, None)
        is_nothing = getattr(fixture, "__func__", fixture) is getattr(
            getattr(unittest.TestCase, name, None), "__func__", None
        )
        is_skipped = getattr(owner, "__unittest_skip__", False)
        if fixture is None or is_nothing or is_skipped or not is_new or _TOLD.spans is None:
            return nullcontext()
        scope = "module" if name.endswith("Module") else "class"
        full = owner.__name__ if scope == "module" else f"{owner.__module__}.{owner.__qualname__}"
        made = _TOLD.safely(_TOLD.spans.fixture, f"{full} {name}", scope, when)
        return made or nullcontext()


class TracedLoader(unittest.TestLoader):
    """Finds tests as unittest does."""

    suiteClass = TracedSuite


class TracedRunner(unittest.TextTestRunner):
    """Runs tests as unittest does, and writes what happens."""

    resultclass = TracedResult  # type: ignore[assignment]

    def run(self, test: Any) -> Any:
        """The result of all tests."""
        _TOLD.spans = _TOLD.safely(RunSpans, test.countTestCases())
        is_good, is_over = False, False
        try:
            with telling_phases(_TOLD):
                result = super().run(test)
            is_good, is_over = result.wasSuccessful(), True
            return result
        finally:
            _TOLD(lambda spans: spans.end(is_good=is_good, was_interrupted=not is_over))
            _TOLD.spans = None

"""The spans of a run of unittest: the suite, its tests, and the fixtures of classes and modules."""

from __future__ import annotations

import traceback
import unittest
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from opentelemetry.context import Context
from opentelemetry.trace import Span, StatusCode, set_span_in_context

from tracetui.tracing.host.cores import cores
from tracetui.tracing.set_up import Tracing, set_up_tracing
from tracetui.tracing.spans.values import text

_STATUS = {"passed": "pass", "xfailed": "pass", "xpassed": "fail", "skipped": "skipped"}
"""As unittest sees it: an unexpected success fails a run."""
_BAD = ("failed", "error", "xpassed")
_WORST = ("error", "failed", "xpassed", "skipped", "xfailed", "passed")


class RunSpans:
    """One run; `total` tests are expected."""

    def __init__(self, total: int) -> None:
        self._tracing: Tracing = set_up_tracing(service_name="unittest", is_global=False)
        attributes: dict[str, str | int] = {
            "tracetui.span.role": "suite",
            "test.suite.name": Path.cwd().name,
            "test.suite.run.status": "in_progress",
            "pytest.testscollected": total,
            **({"tracetui.host.cores": count} if (count := cores()) else {}),
        }
        self._suite = self._started(Path.cwd().name, self._tracing.context, attributes)
        self._test: Span | None = None
        self._fixture: Span | None = None
        self._outcomes: list[str] = []

    def _started(self, name: str, parent: Context, attributes: Mapping[str, str | int]) -> Span:
        return self._tracing.tracer.start_span(name, context=parent, attributes=dict(attributes))

    @property
    def _context(self) -> Context:
        return set_span_in_context(self._suite, self._tracing.context)

    def start_test(self, test: unittest.TestCase) -> None:
        """A test begins."""
        name = text(test.id())
        attributes = {"tracetui.span.role": "test", "test.case.name": name}
        self._test, self._outcomes = self._started(name, self._context, attributes), []

    def note(self, outcome: str, reason: str = "", error: BaseException | None = None) -> None:
        """What was said of what runs; there may be more than one word about it.

        unittest swallows the errors of fixtures, and tells of them as of tests.
        """
        self._outcomes.append(outcome)
        span = self._test or self._fixture
        if span is None:
            return
        if error is not None:
            self._record(span, error, marks=outcome in _BAD)
        if reason:
            key = "pytest.skip.reason" if outcome == "skipped" else "pytest.xfail.reason"
            span.set_attribute(key, text(reason))

    def note_part(self, description: str, outcome: str, error: BaseException | None) -> None:
        """A subtest is over; one that failed fails its test."""
        if self._test is None:
            return
        self._test.add_event("subtest", {"subtest.description": text(description), "pytest.outcome": outcome})
        if error is not None:
            self.note(outcome, error=error)

    def end_test(self) -> None:
        """The test is over; what nothing was said of was interrupted."""
        if self._test is None:
            return
        outcome = self._worst("error")
        self._test.set_attribute("test.case.result.status", _STATUS.get(outcome, "fail"))
        self._finish(self._test, outcome)
        self._test = None

    @contextmanager
    def fixture(self, name: str, scope: str, when: str) -> Iterator[None]:
        """A fixture runs; errors of it are noted by the runner, as unittest swallows them."""
        attributes = {
            "tracetui.span.role": "hook",
            "tracetui.fixture.scope": scope,
            "tracetui.hook.when": when,
        }
        self._fixture, self._outcomes = self._started(text(name), self._context, attributes), []
        try:
            yield
        finally:
            self._finish(self._fixture, self._worst("passed"))
            self._fixture = None

    def _worst(self, otherwise: str) -> str:
        return next((each for each in _WORST if each in self._outcomes), otherwise)

    def end(self, *, is_good: bool, was_interrupted: bool) -> None:
        """The run is over."""
        self.end_test()
        status = "aborted" if was_interrupted else "success" if is_good else "failure"
        self._suite.set_attribute("test.suite.run.status", status)
        self._suite.set_status(StatusCode.OK if status == "success" else StatusCode.ERROR)
        self._suite.end()
        self._tracing.shutdown()

    @staticmethod
    def _record(span: Span, error: BaseException, *, marks: bool) -> None:
        kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
        stack = "".join(traceback.format_exception(error))
        attributes = {
            "exception.type": kind,
            "exception.message": text(error),
            "exception.stacktrace": stack,
        }
        span.add_event("exception", attributes)
        if marks:
            span.set_attribute("error.type", kind)

    @staticmethod
    def _finish(span: Span, outcome: str) -> None:
        span.set_attribute("pytest.outcome", outcome)
        span.set_status(StatusCode.ERROR if outcome in _BAD else StatusCode.OK)
        span.end()

"""The spans of a run of unittest: suite, tests, their phases, and fixtures of classes and modules."""

from __future__ import annotations

import traceback
import unittest
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from opentelemetry.context import Context
from opentelemetry.trace import StatusCode, set_span_in_context

from tracetui.tracing.about.machine import machine_attributes
from tracetui.tracing.set_up import Tracing, set_up_tracing
from tracetui.tracing.spans.exceptions import qualified_name
from tracetui.tracing.spans.running import ROLE, Attributes, RunningSpan
from tracetui.tracing.spans.values import text

_STATUS = {"passed": "pass", "xfailed": "pass", "xpassed": "fail", "skipped": "skipped"}
"""As unittest sees it: an unexpected success fails a run."""
_BAD = ("failed", "error", "xpassed")
_WORST = ("error", "failed", "xpassed", "skipped", "xfailed", "passed")


class _Judged(RunningSpan):
    """A span with an outcome: the worst of those that were noted while it was open."""

    is_metered = True

    def __init__(self, tracing: Tracing, name: str, parent: Context, attributes: Attributes) -> None:
        super().__init__(tracing, name, parent, attributes)
        self._outcomes: list[str] = []

    def note(self, outcome: str) -> None:
        """One of perhaps several outcomes."""
        self._outcomes.append(outcome)

    def outcome(self, otherwise: str) -> str:
        """The worst so far."""
        return next((each for each in _WORST if each in self._outcomes), otherwise)

    def tell(self, error: BaseException, outcome: str) -> None:
        """Record an exception."""
        self.record(error, "".join(traceback.format_exception(error)))
        if outcome in _BAD:
            self.add({"error.type": qualified_name(type(error))})

    def part(self, description: str, outcome: str) -> None:
        """Record a subtest."""
        self.made.add_event("subtest", {"subtest.description": text(description), "pytest.outcome": outcome})

    def finish(self, outcome: str) -> None:
        """End it."""
        self.add({"pytest.outcome": outcome})
        self.end(StatusCode.ERROR if outcome in _BAD else StatusCode.OK)


class _Test(_Judged):
    role = "test"


class _Phase(_Judged):
    role = "phase"


class _Fixture(_Judged):
    role = "hook"


class RunSpans:
    """One run; `total` tests are expected."""

    def __init__(self, total: int) -> None:
        self._tracing: Tracing = set_up_tracing(service_name="unittest", is_global=False)
        attributes: dict[str, str | int] = {
            ROLE: "suite",
            "test.suite.name": Path.cwd().name,
            "test.suite.run.status": "in_progress",
            "pytest.testscollected": total,
            **machine_attributes(),
        }
        self._suite = self._tracing.tracer.start_span(
            Path.cwd().name, context=self._tracing.context, attributes=attributes
        )
        self._context = set_span_in_context(self._suite, self._tracing.context)
        self._test: _Test | None = None
        self._phase: _Phase | None = None
        self._fixture: _Fixture | None = None

    def start_test(self, test: unittest.TestCase) -> None:
        """A test begins."""
        name = text(test.id())
        self._test = _Test(self._tracing, name, self._context, {"test.case.name": name})

    def note(self, outcome: str, reason: str = "", error: BaseException | None = None) -> None:
        """What was said of what runs; there may be more than one word about it.

        unittest swallows the errors of fixtures, and tells of them as of tests.
        """
        span = self._test or self._fixture
        if span is None:
            return
        span.note(outcome)
        if self._phase is not None:
            self._phase.note(outcome)
        if error is not None:
            span.tell(error, outcome)
        if reason:
            key = "pytest.skip.reason" if outcome == "skipped" else "pytest.xfail.reason"
            span.add({key: text(reason)})

    def note_part(self, description: str, outcome: str, error: BaseException | None) -> None:
        """A subtest is over; one that failed fails its test."""
        if self._test is None:
            return
        self._test.part(description, outcome)
        if error is not None:
            self.note(outcome, error=error)

    def start_phase(self, when: str, name: str) -> bool:
        """A phase of the test begins; False where there is no test, or within another phase."""
        if self._test is None or self._phase is not None:
            return False
        self._phase = _Phase(self._tracing, name, self._test.context, {"pytest.when": when})
        return True

    def end_phase(self, outcome: str) -> None:
        """It is over; what was noted in it counts too."""
        phase, self._phase = self._phase, None
        if phase is not None:
            phase.note(outcome)
            phase.finish(phase.outcome(outcome))

    def end_test(self) -> None:
        """The test is over; what nothing was said of was interrupted."""
        test, self._test = self._test, None
        if test is None:
            return
        outcome = test.outcome("error")
        test.add({"test.case.result.status": _STATUS.get(outcome, "fail")})
        test.finish(outcome)

    @contextmanager
    def fixture(self, name: str, scope: str, when: str) -> Iterator[None]:
        """A fixture runs; errors of it are noted by the runner, as unittest swallows them."""
        attributes = {"tracetui.fixture.scope": scope, "tracetui.hook.when": when}
        fixture = self._fixture = _Fixture(self._tracing, text(name), self._context, attributes)
        try:
            yield
        finally:
            fixture.finish(fixture.outcome("passed"))
            self._fixture = None

    def end(self, *, is_good: bool, was_interrupted: bool) -> None:
        """The run is over."""
        self.end_phase("error")
        self.end_test()
        status = "aborted" if was_interrupted else "success" if is_good else "failure"
        self._suite.set_attribute("test.suite.run.status", status)
        self._suite.set_status(StatusCode.OK if status == "success" else StatusCode.ERROR)
        self._suite.end()
        self._tracing.shutdown()

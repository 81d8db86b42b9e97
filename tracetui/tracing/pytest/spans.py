"""The spans of a test run: suite (in a worker: the worker's own), tests and phases, in pytest's words.

Times are taken from our own clock, since a test may freeze everyone else's. A span's status is decided once,
at its end: the SDK lets nothing override OK.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Span, StatusCode

from tracetui.tracing.clock import now_ns
from tracetui.tracing.live import ROLE
from tracetui.tracing.pytest.exceptions import event_attributes, first_line, qualified_name
from tracetui.tracing.pytest.outcomes import is_bad, result_status, suite_status, test_outcome
from tracetui.tracing.pytest.reports import INTERRUPTED, Verdict
from tracetui.tracing.set_up import Tracing

Attributes: TypeAlias = Mapping[str, str | int]


class RunningSpan:
    """A span under way, and the context of what happens in it."""

    def __init__(self, tracing: Tracing, name: str, parent: Context, attributes: Attributes) -> None:
        self._span: Span = tracing.tracer.start_span(
            name, context=parent, attributes=attributes, start_time=now_ns()
        )
        self.context = trace.set_span_in_context(self._span, parent)

    def add(self, attributes: Attributes) -> None:
        """Say more about it."""
        self._span.set_attributes(attributes)

    def record(self, error: BaseException) -> None:
        """Note an exception, now."""
        self._span.add_event("exception", event_attributes(error), timestamp=now_ns())

    def end(self, status: StatusCode, message: str = "", *, at_ns: int | None = None) -> None:
        """End it, at `at_ns` or now."""
        self._span.set_status(status, message if status is StatusCode.ERROR else None)
        self._span.end(now_ns() if at_ns is None else at_ns)


class RunSpan(RunningSpan):
    """The span of everything this process does: the suite's, or a worker's part of it."""

    def __init__(self, tracing: Tracing, name: str, worker: str | None) -> None:
        own = {"test.suite.name": name} if worker is None else {"pytest.xdist.worker": worker}
        start = {
            ROLE: "suite" if worker is None else "worker",
            "test.suite.run.status": "in_progress",
            **own,
        }
        super().__init__(tracing, name, tracing.context, start)

    def finish(self, exit_status: int, *, was_interrupted: bool) -> None:
        """End it as pytest's exit status says."""
        status = "aborted" if was_interrupted else suite_status(exit_status)
        self.add({"test.suite.run.status": status, "pytest.exitstatus": exit_status})
        is_good = status in ("success", "skipped")
        self.end(StatusCode.OK if is_good else StatusCode.ERROR, f"{status}: exit status {exit_status}")


class PhaseSpan(RunningSpan):
    """The span of setup, call or teardown of one test."""

    stopped_ns: int | None = None
    _bad_part: Verdict | None = None

    def stop(self) -> None:
        """Its time is over; how it went is known a moment later."""
        self.stopped_ns = now_ns()

    def note_part(self, verdict: Verdict) -> None:
        """A subtest was judged."""
        if is_bad(verdict.outcome):
            self._bad_part = self._bad_part or Verdict(verdict.outcome, message=verdict.message)
            if verdict.error is not None:
                self.record(verdict.error)

    def overall(self, verdict: Verdict) -> Verdict:
        """Its verdict, in the light of its parts: pytest itself tells of them only later, when it prints."""
        return verdict if self._bad_part is None or verdict.outcome != "passed" else self._bad_part

    def finish(self, verdict: Verdict) -> None:
        """End it, at the time it stopped."""
        if verdict.error is not None:
            self.record(verdict.error)
        self.add({"pytest.outcome": verdict.outcome})
        status = StatusCode.ERROR if is_bad(verdict.outcome) else StatusCode.OK
        self.end(status, first_line(verdict.message), at_ns=self.stopped_ns)


class TestSpan(RunningSpan):
    """The span of one test; its phases are its children, one at a time."""

    __test__ = False

    def __init__(self, tracing: Tracing, parent: Context, attributes: Attributes) -> None:
        self._tracing = tracing
        self._nodeid = str(attributes["pytest.nodeid"])
        self._verdicts: list[Verdict] = []
        self._phase: PhaseSpan | None = None
        super().__init__(tracing, self._nodeid, parent, attributes)

    def start_phase(self, when: str) -> PhaseSpan:
        """Begin setup, call or teardown; another setup is another attempt, and the last one counts."""
        if when == "setup":
            self._verdicts.clear()
        attributes = {ROLE: "phase", "pytest.when": when, "pytest.nodeid": self._nodeid}
        self._phase = PhaseSpan(self._tracing, when, self.context, attributes)
        return self._phase

    def judge_phase(self, verdict: Verdict) -> None:
        """End the phase that has stopped; a report that comes while it runs is a subtest's."""
        if self._phase is None:
            return
        if self._phase.stopped_ns is None:
            self._phase.note_part(verdict)
        else:
            self._end_phase(self._phase, self._phase.overall(verdict))

    def finish(self) -> None:
        """End the test, by the sum of its phases; a phase that nobody judged was interrupted."""
        if self._phase is not None:
            self._end_phase(self._phase, INTERRUPTED)
        outcome = test_outcome(verdict.outcome for verdict in self._verdicts)
        decisive = next(
            (verdict for verdict in self._verdicts if verdict.outcome == outcome), Verdict(outcome)
        )
        self.add({"pytest.outcome": outcome, "test.case.result.status": result_status(outcome)})
        self.add(_particulars(decisive))
        self.end(StatusCode.ERROR if is_bad(outcome) else StatusCode.OK, first_line(decisive.message))

    def _end_phase(self, phase: PhaseSpan, verdict: Verdict) -> None:
        self._phase = None
        self._verdicts.append(verdict)
        phase.finish(verdict)


def _particulars(verdict: Verdict) -> dict[str, str]:
    if is_bad(verdict.outcome):
        return {} if verdict.error is None else {"error.type": qualified_name(type(verdict.error))}
    if verdict.reason is None:
        return {}
    return {"pytest.skip.reason" if verdict.outcome == "skipped" else "pytest.xfail.reason": verdict.reason}

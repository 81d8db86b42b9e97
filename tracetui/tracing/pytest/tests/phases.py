"""The span of a phase of a test (setup, call, teardown), and of the subtests in it."""

from __future__ import annotations

from contextvars import Token
from functools import cache
from typing import Any

from opentelemetry import context as current
from opentelemetry.context import Context
from opentelemetry.trace import StatusCode

from tracetui.tracing.host.clock import now_ns
from tracetui.tracing.pytest.tests.outcomes import is_bad
from tracetui.tracing.pytest.tests.reports import Verdict
from tracetui.tracing.set_up import Tracing
from tracetui.tracing.spans.exceptions import first_line
from tracetui.tracing.spans.json_fragments import told
from tracetui.tracing.spans.running import ROLE, RunningSpan


class PhaseSpan(RunningSpan):
    """The span of setup, call or teardown of one test.

    `nodeid_told` is the test's id, as `fragments.told` encodes it. `billed_ns` is the part of the phase that
    wider-scoped fixtures took, whose spans are elsewhere in the tree.
    """

    role = "phase"
    is_metered = True

    def __init__(self, tracing: Tracing, when: str, test: Context, nodeid: str, nodeid_told: str) -> None:
        attributes = {"pytest.when": when, "pytest.nodeid": nodeid}
        all_told = nodeid_told and f"{_told(when)},{nodeid_told}"
        super().__init__(tracing, when, test, attributes, encoded=all_told)
        self.when = when
        self.billed_ns = 0
        self.stopped_ns: int | None = None
        self._token: Token[Context] | None = None
        self._tracing = tracing
        self._part: Verdict | None = None
        self._bad_part: Verdict | None = None

    def attach(self) -> None:
        """Make it the current span, until it stops."""
        self._token = current.attach(self.context)

    def stop(self) -> None:
        """The phase has ended; its outcome follows a moment later."""
        self.stopped_ns = self.stop_meter()
        token, self._token = self._token, None
        if token is not None:
            current.detach(token)

    def note_part(self, verdict: Verdict) -> None:
        """Note a subtest's verdict; its name comes with its report."""
        self._part = verdict
        if is_bad(verdict.outcome):
            self._bad_part = self._bad_part or Verdict(verdict.outcome, message=verdict.message)

    def tell_part(self, report: Any) -> None:
        """Write the span of a finished subtest; `report` is pytest's `SubtestReport`."""
        verdict, self._part = self._part, None
        if verdict is None:
            return
        end_ns = now_ns()
        # The test may have frozen the clock that measured the subtest.
        start_ns = max(self.start_ns, end_ns - max(0, int(report.duration * 1e9)))
        name = _name_of_part(report.context)
        part = RunningSpan(
            self._tracing, name, self.context, {"tracetui.subtest.name": name}, start_ns=start_ns
        )
        _end(part, verdict, end_ns)

    def overall(self, verdict: Verdict) -> Verdict:
        """The verdict with its subtests': pytest itself reports them only later, when it prints."""
        return verdict if self._bad_part is None or verdict.outcome != "passed" else self._bad_part

    def finish(self, verdict: Verdict) -> None:
        """End it, at the time it stopped."""
        if self.billed_ns:
            self.add({"tracetui.phase.billed_ns": self.billed_ns})
        _end(self, verdict, self.stopped_ns)


@cache
def _told(when: str) -> str:
    return told({ROLE: PhaseSpan.role, "pytest.when": when})


def _end(span: RunningSpan, verdict: Verdict, at_ns: int | None) -> None:
    if verdict.error is not None:
        span.record(verdict.error, verdict.stack)
    span.add({"pytest.outcome": verdict.outcome})
    is_good = not is_bad(verdict.outcome)
    span.end(StatusCode.OK if is_good else StatusCode.ERROR, first_line(verdict.message), at_ns=at_ns)


def _name_of_part(context: Any) -> str:
    message = [] if context.msg is None else [f"[{context.msg}]"]
    parameters = ", ".join(f"{key}={value}" for key, value in context.kwargs.items())
    return " ".join([*message, *([f"({parameters})"] if parameters else [])]) or "(<subtest>)"

"""The span of a phase of a test (setup, call, teardown), and of the subtests in it."""

from __future__ import annotations

from contextvars import Token
from functools import cache
from typing import Any

from opentelemetry import context as current
from opentelemetry.context import Context
from opentelemetry.trace import StatusCode

from tracetui.tracing.host.clock import now_ns
from tracetui.tracing.pytest.tests.lazy_span import LazySpan
from tracetui.tracing.pytest.tests.outcomes import is_bad
from tracetui.tracing.pytest.tests.reports import PASSED, Verdict
from tracetui.tracing.set_up import Tracing
from tracetui.tracing.spans.exceptions import first_line
from tracetui.tracing.spans.json_fragments import as_json, told
from tracetui.tracing.spans.line_spans import LineSpans
from tracetui.tracing.spans.running import ROLE, RunningSpan


class PhaseSpan(LazySpan):
    """The span of setup, call or teardown of the test with the span `above`.

    `nodeid_told` is the test's id, as `json_fragments.told` encodes it. `billed_ns` is the part of the phase
    that wider-scoped fixtures took, whose spans are elsewhere in the tree.
    """

    billed_ns = 0
    stopped_ns: int | None = None
    _token: Token[Context] | None = None
    _part: Verdict | None = None
    bad_part: Verdict | None = None
    """The first of its subtests that failed."""

    def __init__(
        self,
        tracing: Tracing,
        when: str,
        above: LazySpan,
        lines: LineSpans | None,
        nodeid: str,
        nodeid_told: str,
    ) -> None:
        attributes = {ROLE: "phase", "pytest.when": when, "pytest.nodeid": nodeid}
        name_told, when_told = _told(when)
        all_told = nodeid_told and f"{when_told},{nodeid_told}"
        super().__init__(tracing, when, above, attributes, lines, name_told, all_told)
        self.when = when
        self._tracing = tracing

    def attach(self) -> None:
        """Make it the current span, until it stops."""
        self._token = current.attach(self.context)

    def stop(self) -> None:
        """The phase has ended; its outcome follows a moment later."""
        self.stopped_ns = self.stop_meter()
        if self._token is not None:
            token, self._token = self._token, None
            current.detach(token)

    def note_part(self, verdict: Verdict) -> None:
        """Note a subtest's verdict; its name comes with its report."""
        self._part = verdict
        if is_bad(verdict.outcome):
            self.bad_part = self.bad_part or Verdict(verdict.outcome, message=verdict.message)

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
        return verdict if self.bad_part is None or verdict.outcome != "passed" else self.bad_part

    def finish(self, verdict: Verdict) -> None:
        """End it, at the time it stopped."""
        if verdict is PASSED and not self.billed_ns and self.end_line(PASSED_TOLD, self.stopped_ns):
            return
        if self.billed_ns:
            self.add({"tracetui.phase.billed_ns": self.billed_ns})
        _end(self, verdict, self.stopped_ns)


PASSED_TOLD = told({"pytest.outcome": "passed"})


@cache
def _told(when: str) -> tuple[str, str]:
    """The name of the phase and what it has in common with others like it, encoded."""
    return as_json(when), told({ROLE: "phase", "pytest.when": when})


def _end(span: RunningSpan, verdict: Verdict, at_ns: int | None) -> None:
    if verdict.error is not None:
        span.record(verdict.error, verdict.stack)
    span.add({"pytest.outcome": verdict.outcome})
    if is_bad(verdict.outcome):
        span.end(StatusCode.ERROR, first_line(verdict.message), at_ns=at_ns)
    else:
        span.end(StatusCode.OK, at_ns=at_ns)


def _name_of_part(context: Any) -> str:
    message = [] if context.msg is None else [f"[{context.msg}]"]
    parameters = ", ".join(f"{key}={value}" for key, value in context.kwargs.items())
    return " ".join([*message, *([f"({parameters})"] if parameters else [])]) or "(<subtest>)"

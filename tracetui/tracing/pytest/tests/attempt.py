"""The span of one attempt at a test; its phases are its children, one at a time."""

from __future__ import annotations

from typing import Any

from opentelemetry.trace import StatusCode

from tracetui.tracing.pytest.tests.lazy_span import LazySpan
from tracetui.tracing.pytest.tests.outcomes import Outcome, is_bad, result_status, test_outcome
from tracetui.tracing.pytest.tests.phases import PhaseSpan
from tracetui.tracing.pytest.tests.reports import INTERRUPTED, PASSED, Verdict, verdict_of_report
from tracetui.tracing.pytest.tests.spans import RunSpan
from tracetui.tracing.set_up import Tracing
from tracetui.tracing.spans.exceptions import first_line, qualified_name
from tracetui.tracing.spans.json_fragments import LONG, as_json, pair_told, told, told_of
from tracetui.tracing.spans.running import ROLE

_PASSED_TOLD = told(
    {"pytest.outcome": "passed", "test.case.result.status": "pass", "test.case.result.final": True}
)


class TestSpan(LazySpan):
    """The span of a test below that of the run, from its first hook to its last; one for each attempt if it
    is rerun.

    `attempt` counts from 0. `sections` is the output pytest captured so far, as (title, text). With
    `is_dry_run` it is set up and not called: that is no test, and has no result.
    """

    __test__ = False
    _has_passed = True
    """Whether all its phases have passed so far, and nothing is to be said of that."""

    def __init__(
        self,
        tracing: Tracing,
        run: RunSpan | None,
        attributes: dict[str, Any],
        attempt: int = 0,
        *,
        is_dry_run: bool = False,
    ) -> None:
        self.attempt = attempt
        self._is_dry_run = is_dry_run
        self.nodeid = nodeid = str(attributes["pytest.nodeid"])
        self.sections: list[tuple[str, str]] = []
        self.phase: PhaseSpan | None = None
        self._tracing = tracing
        self._verdicts: dict[str, Verdict] = {}
        self._stopped_ns: int | None = None
        lines = None if run is None or is_dry_run else run.lines
        if is_dry_run:
            attributes = {ROLE: "other", **_without_role(attributes)}
        name, self._nodeid_told, all_told = _encoded(nodeid, attributes)
        if lines is not None and not (all_told and lines.are_alone()):
            lines = None
        super().__init__(tracing, nodeid, run, attributes, lines, name, all_told)

    @property
    def outcome(self) -> Outcome:
        """The outcome of its phases so far."""
        return test_outcome([verdict.outcome for verdict in self._verdicts.values()])

    @property
    def was_begun(self) -> bool:
        """Whether any of its phases has ended: then another setup is another attempt."""
        return bool(self._verdicts)

    def start_phase(self, when: str) -> PhaseSpan:
        """Start setup, call or teardown."""
        self.phase = PhaseSpan(self._tracing, when, self, self._lines, self.nodeid, self._nodeid_told)
        return self.phase

    def judge(self, verdict: Verdict) -> None:
        """End the phase that has stopped; a verdict that comes while it runs is a subtest's."""
        phase = self.phase
        if phase is None:
            return
        if phase.stopped_ns is None:
            phase.note_part(verdict)
        else:
            self._end_phase(phase, verdict if phase.bad_part is None else phase.overall(verdict))

    def is_in_phase(self) -> bool:
        """Whether one of its phases is going on: what is reported then is a part of it."""
        return self.phase is not None and self.phase.stopped_ns is None

    def hear(self, report: Any) -> None:
        """Note a published report: of a subtest, or of a phase in a forked child."""
        if hasattr(report, "context"):
            if self.phase is not None:
                self.phase.tell_part(report)
        elif self.phase is None and report.when not in self._verdicts:
            self._verdicts[report.when] = verdict_of_report(report)
            self._has_passed = False
            self.sections = report.sections

    def finish(self, *, is_final: bool = True) -> None:
        """End it with the outcome of its phases; a phase without a verdict was interrupted."""
        if self.phase is not None:
            self._end_phase(self.phase, INTERRUPTED)
        if self._has_passed and self._verdicts and is_final and not self.attempt:
            at_ns = self.stop_meter()
            if self.end_line(_PASSED_TOLD, at_ns):
                return
        outcome = self.outcome
        decisive = self._decisive(outcome)
        self.add({"pytest.outcome": outcome, **_particulars(decisive)})
        if not self._is_dry_run:
            self.add({"test.case.result.status": result_status(outcome), "test.case.result.final": is_final})
        if self.attempt or not is_final:
            self.add({"pytest.rerun": self.attempt})
        status = StatusCode.ERROR if is_bad(outcome) else StatusCode.OK
        at_ns = self.stop_meter()
        # Between two attempts there may be a wait that is nobody's, in which nothing is computed.
        self.end(status, first_line(decisive.message), at_ns=at_ns if is_final else self._stopped_ns)

    def _decisive(self, outcome: Outcome) -> Verdict:
        for verdict in self._verdicts.values():
            if verdict.outcome == outcome:
                return verdict
        return Verdict(outcome)

    def _end_phase(self, phase: PhaseSpan, verdict: Verdict) -> None:
        self.phase = None
        self._verdicts[phase.when] = verdict
        if verdict is not PASSED:
            self._has_passed = False
        self._stopped_ns = phase.stopped_ns
        phase.finish(verdict)


def _encoded(nodeid: str, attributes: dict[str, Any]) -> tuple[str, str, str]:
    """The name, the attribute of all phases, and all attributes as JSON; empty if that takes more care."""
    try:
        name = as_json(nodeid)
        all_told = told_of(attributes, nodeid, name)
    except TypeError:
        return "", "", ""
    return (name, pair_told("pytest.nodeid", name), all_told) if len(all_told) < LONG else ("", "", "")


def _without_role(attributes: dict[str, Any]) -> dict[str, Any]:
    """The attributes of a test, without those that make it one."""
    return {key: value for key, value in attributes.items() if key not in (ROLE, "test.case.name")}


def _particulars(verdict: Verdict) -> dict[str, str]:
    if is_bad(verdict.outcome):
        error_type = verdict.error_type or (verdict.error and qualified_name(type(verdict.error)))
        return {"error.type": error_type} if error_type else {}
    if verdict.reason is None:
        return {}
    return {"pytest.skip.reason" if verdict.outcome == "skipped" else "pytest.xfail.reason": verdict.reason}

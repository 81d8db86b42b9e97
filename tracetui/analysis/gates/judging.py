"""Judges the rules: what a run says, and if it says too little, that."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from tracetui.analysis.flaky.flaky import flakiness
from tracetui.analysis.gates.regression import regression
from tracetui.analysis.gates.rules import Allowances, Limits, Offender, Rule, Verdict, over
from tracetui.analysis.gates.window import NOTHING, Window
from tracetui.analysis.history.run_records import records
from tracetui.analysis.hooks.setups import setups
from tracetui.analysis.study.findings import Findings
from tracetui.model.role import Outcome
from tracetui.settings.fields import FAIL_ON

_NOT_OVER = {
    "live": "the run is under way",
    "incomplete": "the run's suite is missing",
    "cut off": "the run was cut off",
    "empty": "there is no run",
}


def judge(
    findings: Findings,
    limits: Limits,
    allowances: Allowances | None = None,
    windows: Sequence[Window] = (),
) -> tuple[Rule, ...]:
    """Judges each rule in `limits`, in their order, on the shown run: O(n log n).

    `windows` are what each job of the run is compared with.
    """
    return tuple(_rules(findings, limits, allowances or {}, windows))


def _rules(
    findings: Findings, limits: Limits, allowed: Allowances, windows: Sequence[Window]
) -> Iterator[Rule]:
    missing = what_is_missing(findings)
    tests = findings.tests
    if limits.max_test is not None:
        values = _titled(findings, tests, findings.times.own[tests])
        yield _longest("max-test", "own time", values, limits.max_test, allowed, missing)
    if limits.max_suite is not None:
        yield _length(findings, limits.max_suite, missing)
    if limits.max_setup is not None:
        values = _titled(findings, tests, setups(findings)[tests])
        untold = missing or findings.no_timeline  # Results do not tell set-up from the test.
        yield _longest("max-setup", "set-up time", values, limits.max_setup, allowed, untold)
    if limits.max_regression is not None:
        for window in windows or (NOTHING,):
            yield regression(window, limits.max_regression, missing)
    for name in FAIL_ON:
        if name in limits.fail_on:
            yield _COUNTED[name](findings, missing)


def what_is_missing(findings: Findings) -> str:
    """Why times and counts of a run may be incomplete; empty if nothing is known to be missing."""
    summary, losses = findings.summary, findings.losses
    if summary.state in _NOT_OVER:
        return _NOT_OVER[summary.state]
    if not summary.tests:
        return "no test ran"
    if losses.own or losses.perhaps:
        return "spans were lost"
    return ""


def _titled(findings: Findings, rows: NDArray[np.intp], values: NDArray[np.int64]) -> list[tuple[str, int]]:
    """The longest value of each name: an attempt that was repeated took its time too."""
    longest: dict[str, int] = {}
    for row, value in zip(rows.tolist(), values.tolist(), strict=True):
        title = findings.snapshot.title(row)
        longest[title] = max(longest.get(title, 0), value)
    return list(longest.items())


def _longest(
    name: str,
    statistic: str,
    values: Sequence[tuple[str, int]],
    limit: int,
    allowed: Allowances,
    missing: str,
) -> Rule:
    offenders = over(values, limit, allowed.get(name, {}))
    breach = any(offender.allowed is None for offender in offenders)
    verdict = Verdict.BREACH if breach else Verdict.UNDECIDABLE if missing else Verdict.PASS
    value = max((value for _, value in values), default=None)
    why = "" if breach else missing
    return Rule(
        name, verdict, "ns", value, limit, len(values), "tests", f"longest {statistic}", why, offenders
    )


def _length(findings: Findings, limit: int, missing: str) -> Rule:
    summary, missing = findings.summary, missing or findings.no_timeline
    value = summary.end_ns - summary.start_ns
    verdict = Verdict.BREACH if value > limit else Verdict.UNDECIDABLE if missing else Verdict.PASS
    why = "" if verdict is Verdict.BREACH else missing
    return Rule("max-suite", verdict, "ns", value, limit, 1, "run", "length of the run", why)


def _count(
    name: str, count: int, n: int, what: str, missing: str, offenders: tuple[Offender, ...] = ()
) -> Rule:
    verdict = Verdict.BREACH if count else Verdict.UNDECIDABLE if missing else Verdict.PASS
    return Rule(name, verdict, "count", count, 0, n, what, "count", "" if count else missing, offenders)


def _failed(findings: Findings, missing: str) -> Rule:
    """What failed by itself: tests, hooks beside them, suites (see `verdicts.failing`)."""
    outcome = findings.snapshot.outcome
    rows = [row for row in findings.overview.failed.tolist() if outcome[row] != Outcome.CUT_OFF]
    offenders = tuple(Offender(findings.title(row), 1) for row in rows)
    return _count("failed", len(offenders), findings.summary.tests, "tests", missing, offenders)


def _flaky(findings: Findings, missing: str) -> Rule:
    """Tests that this very run shows to be flaky: they passed when they were rerun, or in a similar job."""
    flaky = flakiness(records(findings, findings.choice)).flaky
    offenders = tuple(Offender(test.name, 1) for test in flaky)
    return _count("flaky", len(offenders), findings.summary.tests, "tests", missing, offenders)


def _cut_off(findings: Findings, missing: str) -> Rule:
    snapshot, tests = findings.snapshot, findings.tests
    cut = tests[snapshot.outcome[tests] == Outcome.CUT_OFF]
    offenders = tuple(Offender(snapshot.title(row), 1) for row in cut.tolist())
    if not offenders and findings.summary.state == "cut off":
        offenders = (Offender(findings.summary.name, 1),)
    return _count("cut-off", len(offenders), findings.summary.tests, "tests", missing, offenders)


def _lost(findings: Findings, _missing: str) -> Rule:
    """Losses that are certainly this run's; what may be its own cannot be decided."""
    losses, spans = findings.losses, findings.summary.spans
    offenders = tuple(Offender(str(kind), count) for kind, count in losses.own.items())
    perhaps = f"{sum(losses.perhaps.values())} perhaps of this run" if losses.perhaps else ""
    why = perhaps if spans else _NOT_OVER["empty"]
    return _count("lost", sum(losses.own.values()), spans, "spans", why, offenders)


def _incomplete(findings: Findings, _missing: str) -> Rule:
    state = findings.summary.state
    why = _NOT_OVER.get(state, "")
    undecided = why if state in ("live", "empty") else ""
    offenders = (Offender(why, 1),) if state in ("incomplete", "cut off") else ()
    return _count("incomplete", len(offenders), 1, "run", undecided, offenders)


_COUNTED = {
    "failed": _failed,
    "flaky": _flaky,
    "cut-off": _cut_off,
    "lost": _lost,
    "incomplete": _incomplete,
}

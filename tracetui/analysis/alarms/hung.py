"""Which running tests hang: measured by their earlier runs, or else by the other tests of their run."""

from typing import NamedTuple

from tracetui import units
from tracetui.analysis.overview.running import Running
from tracetui.analysis.study.findings import Findings
from tracetui.model.role import BILLED, Outcome, Role

FACTOR = 5
"""So many times its 95th percentile hangs: noise and stalls of a busy machine stay below three times."""
LEAST_RUNS = 3
"""Fewer earlier durations of the same test say nothing."""
LEAST_TESTS = 20
"""Fewer other tests of the same run say nothing."""
LEAST_NS = 10 * units.S
"""What runs for less is worth no alarm."""


class Hung(NamedTuple):
    """A running span that has taken `times` its `measure_ns`: the 95th percentile of `n` earlier durations,
    and more than any of them.

    If no earlier run knows it, `is_known` is false and the measure is the longest of the `n` finished tests
    of its own run: then it is unusual, not hung.
    """

    row: int
    elapsed_ns: int
    measure_ns: int
    n: int
    is_known: bool

    @property
    def times(self) -> float:
        """How many times its measure it has run."""
        return self.elapsed_ns / max(1, self.measure_ns)


def hung(findings: Findings, now_ns: int) -> dict[int, Hung]:
    """The running spans that hang at `now_ns`, by row; O(running spans), independent of the number of
    tests.
    """
    judged = (_judged(findings, running, now_ns) for running in findings.running)
    return {alarm.row: alarm for alarm in judged if alarm is not None}


def _judged(findings: Findings, running: Running, now_ns: int) -> Hung | None:
    """A verdict on one running span. A hook inside a test hangs by itself: its time is not the test's own."""
    inner = running.inner_row
    if inner >= 0 and findings.snapshot.role[inner] in BILLED:
        alarm = _beside_earlier_runs(findings, inner, now_ns)
        return alarm._replace(row=running.row) if alarm else None
    return _beside_earlier_runs(findings, running.row, now_ns) or _beside_others(
        findings, running.row, now_ns
    )


def _beside_earlier_runs(findings: Findings, row: int, now_ns: int) -> Hung | None:
    elapsed_ns = _elapsed(findings, row, now_ns)
    if elapsed_ns < LEAST_NS:
        return None  # As nearly all: earlier runs are not asked.
    role = Role(int(findings.snapshot.role[row]))
    past = findings.history.past(role, int(findings.snapshot.title_id[row]))
    if past is None or past.count < LEAST_RUNS:
        return None
    _, p95, longest = past.own
    alarm = _alarm(Hung(row, elapsed_ns, p95, past.count, is_known=True))
    return alarm if alarm and alarm.elapsed_ns > longest else None


def _beside_others(findings: Findings, row: int, now_ns: int) -> Hung | None:
    """A verdict by the run's other tests: only if no earlier run knows the test, and enough tests have
    finished.
    """
    snapshot, elapsed_ns = findings.snapshot, _elapsed(findings, row, now_ns)
    if elapsed_ns < LEAST_NS:
        return None
    is_known = findings.history.past(Role(int(snapshot.role[row])), int(snapshot.title_id[row])) is not None
    ended = findings.progress.done
    if is_known or snapshot.role[row] != Role.TEST or ended < LEAST_TESTS:
        return None
    slowest = findings.overview.slowest
    over = slowest[snapshot.outcome[slowest] != Outcome.RUNNING]
    if not len(over):
        return None
    longest = int(findings.times.own[over[0]])
    return _alarm(Hung(row, elapsed_ns, longest, ended, is_known=False))


def _alarm(judged: Hung) -> Hung | None:
    return judged if judged.elapsed_ns >= LEAST_NS and judged.times >= FACTOR else None


def _elapsed(findings: Findings, row: int, now_ns: int) -> int:
    """Own time up to now: as of the last study, plus the time since."""
    return int(findings.times.own[row]) + max(0, now_ns - findings.now_ns)

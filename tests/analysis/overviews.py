"""Runs of a few tests on lanes, and what their overview says."""

from collections.abc import Sequence

from tests.builders import T0, Json, S, case, line, snapshot, span, start_record
from tracetui.analysis.stalls.stall import Stall
from tracetui.analysis.study.findings import Findings, study

HOUR = 3600 * S


def worked(lane: str, durations: Sequence[float], begin: float = 0.0, prefix: str = "t") -> list[Json]:
    """Tests of a worker, one right after the other."""
    made, at = [], begin
    for number, took in enumerate(durations):
        name = f"{prefix}::{lane}_{number}"
        start, end = T0 + round(at * S), T0 + round((at + took) * S)
        made.append(case(name, worker=lane, start=start, end=end))
        at += took
    return made


def role(name: str, kind: str, start: float, end: float, parent: Json | None = None) -> Json:
    told = {"tracetui.span.role": kind, "pytest.xdist.worker": "gw0"}
    return span(name, told, start=T0 + round(start * S), end=T0 + round(end * S), parent=parent)


def found(*spans: Json, now: int = T0) -> Findings:
    return study(snapshot(line(*spans)), now)


def still(findings: Findings) -> list[Stall]:
    return list(findings.overview.still)


def earlier(number: int, took: float) -> bytes:
    at, trace = T0 - number * HOUR, f"{number + 1:032x}"
    suite = span("s", {"tracetui.span.role": "suite"}, start=at, end=at + 60 * S, trace=trace)
    names = ("a", "b", "c")
    made = [case(name, start=at, end=at + round(took * S), trace=trace, parent=suite) for name in names]
    return line(suite, *made)


def run_now(durations: dict[str, float], end: int) -> bytes:
    suite = span("s", {"tracetui.span.role": "suite"}, end=end)
    made = [case(name, end=T0 + round(took * S), parent=suite) for name, took in durations.items()]
    return (line(suite) if end else start_record(suite)) + line(*made)

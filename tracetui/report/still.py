"""A stall in words: duration, place and cause."""

from typing import NamedTuple

from tracetui import units
from tracetui.analysis.stalls.stall import Stall
from tracetui.analysis.study.findings import Findings
from tracetui.model.role import BILLED, Role
from tracetui.text import sanitize


class Cause(NamedTuple):
    """The hook or archiver that stalled all others: its lane, and what it belongs to (foreign texts)."""

    lane: str
    role: str
    title: str
    span_id: str


class StallValue(NamedTuple):
    """A stall for pages and documents; times in ns since the epoch, `stalled_ns` of all lanes."""

    start_ns: int
    end_ns: int
    lanes: int
    idle: int
    stalled_ns: int
    cause: Cause | None


def stall(findings: Findings, still: Stall) -> StallValue:
    """The reported value of a stall."""
    snapshot, row, cause = findings.snapshot, still.row, None
    if row >= 0:
        title = snapshot.title(subject(findings, row))
        cause = Cause(still.lane, Role(int(snapshot.role[row])).label, title, snapshot.span_id_text(row))
    return StallValue(still.start_ns, still.end_ns, still.lanes, still.idle, still.stalled_ns, cause)


def still_words(findings: Findings, still: Stall) -> tuple[str, str]:
    """What happened, and when and why."""
    return stall_words(stall(findings, still), findings.summary.start_ns)


def stall_words(stopped: StallValue, origin_ns: int) -> tuple[str, str]:
    """What happened, and when and why; times are relative to `origin_ns`."""
    length = stopped.end_ns - stopped.start_ns
    when = f"{units.duration(stopped.start_ns - origin_ns)} .. {units.duration(stopped.end_ns - origin_ns)}"
    happened = f"{_lanes(stopped.lanes)} stalled for {units.duration(length)}"
    return happened, f"{when}, {_reason(stopped)}"


def cost_words(stopped: StallValue) -> str:
    """Its cost for all lanes together, if that differs from its length."""
    is_same = stopped.stalled_ns == stopped.end_ns - stopped.start_ns
    return "" if is_same else f"; {units.duration(stopped.stalled_ns)} of lane time"


def _reason(stopped: StallValue) -> str:
    if stopped.cause is None:
        return "with nothing to do" if stopped.idle == stopped.lanes else "in tests"
    doing = "archived" if stopped.cause.role == Role.ARCHIVER.label else "ran a hook for"
    return f"while {sanitize(stopped.cause.lane)} {doing} {sanitize(stopped.cause.title)}"


def _lanes(number: int) -> str:
    if number < 3:
        return "both lanes were" if number == 2 else "the only lane was"
    return f"all {number} lanes were"


def subject(findings: Findings, row: int) -> int:
    """The row that people would name: for a hook or archiver inside a test, the test."""
    snapshot = findings.snapshot
    if snapshot.role[row] not in BILLED:
        return row
    tests = (above for above in findings.tree.ancestors(row) if snapshot.role[above] == Role.TEST)
    return next(tests, row)

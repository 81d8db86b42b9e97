"""Where the run stood still and why: in words, and as cells of a lane."""

from itertools import pairwise

from tracetui import units
from tracetui.analysis.bars import Window
from tracetui.analysis.findings import Findings
from tracetui.analysis.lanes import Lane
from tracetui.analysis.stillness import Stillness
from tracetui.model.role import Role
from tracetui.text import sanitize

STALLED = "┄"


def stalled(findings: Findings, lane: Lane, window: Window, cells: int) -> list[bool]:
    """By cell, whether the run stood still all through it, and not for this lane's sake."""
    edges = window.edges(cells).tolist()
    waits = [each for each in findings.overview.still if each.lane != lane.name]
    return [
        any(each.start_ns <= start and end <= each.end_ns for each in waits) for start, end in pairwise(edges)
    ]


def still_words(findings: Findings, still: Stillness) -> tuple[str, str]:
    """What happened, and when and why."""
    origin = findings.summary.start_ns
    when = f"{units.duration(still.start_ns - origin)} .. {units.duration(still.end_ns - origin)}"
    lanes = f"all {still.lanes} lanes" if still.lanes > 1 else "the only lane"
    happened = f"{lanes} stood still {units.duration(still.length_ns)}"
    if still.row < 0:
        return happened, f"{when}, with nothing to do" if still.idle == still.lanes else f"{when}, in tests"
    doing = "archived" if findings.snapshot.role[still.row] == Role.ARCHIVER else "was in a hook of"
    title = sanitize(findings.snapshot.title(subject(findings, still.row)))
    return happened, f"{when}, while {sanitize(still.lane)} {doing} {title}"


def subject(findings: Findings, row: int) -> int:
    """The row that people would name: for a hook or archiver inside a test, the test."""
    snapshot = findings.snapshot
    if snapshot.role[row] not in (Role.HOOK, Role.ARCHIVER):
        return row
    tests = (above for above in findings.tree.ancestors(row) if snapshot.role[above] == Role.TEST)
    return next(tests, row)

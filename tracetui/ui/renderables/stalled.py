"""Where the run stood still, as cells of a lane."""

from itertools import pairwise

from tracetui.analysis.bars import Window
from tracetui.analysis.findings import Findings
from tracetui.analysis.lanes import Lane

STALLED = "┄"


def stalled(findings: Findings, lane: Lane, window: Window, cells: int) -> list[bool]:
    """By cell, whether the run stood still all through it, and not for this lane's sake."""
    edges = window.edges(cells).tolist()
    waits = [each for each in findings.overview.still if each.lane != lane.name]
    return [
        any(each.start_ns <= start and end <= each.end_ns for each in waits) for start, end in pairwise(edges)
    ]

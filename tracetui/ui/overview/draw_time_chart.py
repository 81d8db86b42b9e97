"""A chart of finished tests over the time of a run: how many per cell, failures, and stalls."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from tracetui import units
from tracetui.analysis.study.findings import Findings
from tracetui.model.role import Outcome
from tracetui.report.drawing.lane_cells import STALLED
from tracetui.report.drawing.style import MARKS
from tracetui.ui.feed.reading import Reading
from tracetui.ui.lists.draw_panel import Bit, Line
from tracetui.ui.timeline.draw_axis import axis_text

HEIGHTS = " ▁▂▃▄▅▆▇█"
AIR = 3
"""Blank cells beside the chart."""

A_PART, LEAST_PARTS = 4, 16
"""Parts of the time in each of which so many tests end on average, and how many there are at least."""

Counts = NDArray[np.int64]

Cell = tuple[str, str]
"""A mark and its colour."""


def chart(reading: Reading, ended: Counts, width: int, height: int) -> list[Line]:
    """`height` lines of `width` cells, the last of them a time axis."""
    findings, cells = reading.findings, max(1, width - AIR)
    level = -(-ended * 8 * (height - 1) // max(1, int(ended.max())))
    bad = _per_part(reading, np.sort(findings.times.end[findings.overview.failed]), cells)
    columns = zip(_widened(level, cells), bad.tolist(), _still(reading, cells), strict=True)
    drawn = [_column(column, failed, height - 1, still=still) for column, failed, still in columns]
    lines: list[Line] = [_bits(line) for line in zip(*drawn, strict=True)]
    axis = axis_text(reading.axis(), findings.summary.start_ns, cells)
    return [*lines, [Bit("  " + axis, "quiet")]]


def most_at_once(reading: Reading, ended: Counts) -> float:
    """The rate of the highest column: tests a second."""
    return int(ended.max()) / reading.axis().length * len(ended) * units.S


def counted(reading: Reading, width: int) -> Counts:
    """How many tests ended in each part of the time: few tests make few parts, of one cell or more."""
    ends = reading.findings.progress.ends
    parts = max(LEAST_PARTS, 1 << max(1, len(ends) // A_PART).bit_length() - 1)
    return _per_part(reading, ends, max(1, min(width - AIR, parts)))


def _per_part(reading: Reading, moments: NDArray[np.int64], parts: int) -> Counts:
    """How many of some moments (ns since the epoch, ascending) are in each part of the axis."""
    edges = reading.axis().edges(parts)
    return np.diff(np.searchsorted(moments, edges, "right"), prepend=0)[1:]


def _widened(values: Counts, cells: int) -> list[int]:
    """By cell, the value of its part."""
    widened: list[int] = values[np.arange(cells) * len(values) // cells].tolist()
    return widened


def ended_at(findings: Findings, moment_ns: int) -> int:
    """The row of the test whose end is nearest to a moment; -1 where none has ended."""
    tests = findings.tests[findings.snapshot.outcome[findings.tests] != Outcome.RUNNING]
    if not len(tests):
        return -1
    return int(tests[np.abs(findings.times.end[tests] - moment_ns).argmin()])


@lru_cache(maxsize=512)
def _column(level: int, failed: int, height: int, *, still: bool) -> Sequence[Cell]:
    """From top to bottom; a failure is marked above all that ended with it. Few differ from each other."""
    cells = [(HEIGHTS[max(0, min(8, level - 8 * row))], "role-test") for row in range(height - 1, -1, -1)]
    if failed:
        top = max(0, height - 1 - -(-level // 8))
        cells[top] = MARKS[Outcome.FAILED], "outcome-failed"
    if still and not level:
        cells[-1] = STALLED, "warning"
    return cells


def _still(reading: Reading, cells: int) -> list[bool]:
    edges = reading.axis().edges(cells)
    is_still = np.zeros(cells, np.bool_)
    for stall in reading.findings.overview.still:
        is_still |= (edges[:-1] >= stall.start_ns) & (edges[1:] <= stall.end_ns)
    marks: list[bool] = is_still.tolist()
    return marks


@lru_cache(maxsize=64)
def _bits(cells: tuple[Cell, ...]) -> Line:
    """A line of the chart, which from reading to reading is mostly the same."""
    runs = groupby(cells, key=lambda cell: cell[1])
    return [Bit("  "), *(Bit("".join(mark for mark, _ in run), colour) for colour, run in runs)]

"""The whole run on one line: how much ran at once, where tests failed, and the visible part."""

from typing import NamedTuple

import numpy as np
from rich.segment import Segment
from textual.strip import Strip

from tracetui import units
from tracetui.analysis.timeline.area import area
from tracetui.analysis.timeline.concurrency import Concurrency
from tracetui.analysis.timeline.window import Window
from tracetui.report.drawing.lane_cells import FAILED
from tracetui.report.drawing.style import many
from tracetui.text import fit, sanitize
from tracetui.ui.feed.reading import Reading
from tracetui.ui.theme.glyphs import UNICODE, Glyphs
from tracetui.ui.theme.themes import Paint


class MiniatureFrame(NamedTuple):
    """Concurrency over the whole run, its time, and the visible `window`; geometry in cells."""

    skyline: Concurrency
    home: Window
    window: Window
    left: int
    cells: int
    caption: str

    @property
    def in_sight(self) -> tuple[int, int]:
        """The cells of the window, the end exclusive: at least one."""
        first = max(0, min(self.cells - 1, self.home.cell(self.window.start_ns, self.cells)))
        last = max(first + 1, min(self.cells, self.home.cell(self.window.end_ns - 1, self.cells) + 1))
        return first, last


def area_text(reading: Reading, window: Window) -> str:
    """What is in a stretch, after three blanks: `   12 tests, 3.4s`."""
    spans, time_ns, tests = area(reading.findings, window, reading.visible)
    return f"   {many(spans, 'test' if tests else 'span')}, {units.duration(time_ns)}"


def minimap_row(
    frame: MiniatureFrame, width: int, paint: Paint, marked: tuple[int, int] | None, glyphs: Glyphs = UNICODE
) -> Strip:
    """One line, `width` cells wide; `marked` cells (first and last) stand out."""
    edges = frame.home.edges(frame.cells)
    heights = frame.skyline.heights(edges)
    most = max(1e-9, float(heights.max(initial=0)))
    eighths = np.where(heights > 0, np.clip(np.ceil(heights / most * 8), 1, 8), 0).astype(np.int64).tolist()
    failed = frame.skyline.failures(edges).tolist()
    first, last = frame.in_sight
    segments = [Segment(fit(sanitize(frame.caption), frame.left), paint.style("quiet", "surface"))]
    for cell, (height, bad) in enumerate(zip(eighths, failed, strict=True)):
        inside = first <= cell < last if marked is None else marked[0] <= cell <= marked[1]
        colour = "outcome-failed" if bad else "accent" if inside else "quiet"
        shape = FAILED if bad else glyphs.heights[height - 1] if height else " "
        segments.append(Segment(shape, paint.style(colour, "cursor-row" if inside else "surface", bold=bad)))
    blank = paint.style("quiet", "surface")
    return Strip(segments).simplify().adjust_cell_length(width, blank)

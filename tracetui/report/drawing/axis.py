"""Time axes for a page: runs that are far apart in time each get their own, so that none is a dot.

Also the header of ticks above the bars, and bars for terminals that cannot paint a cell's background.
"""

from collections.abc import Mapping

from rich.segment import Segment
from rich.style import Style

from tracetui import units
from tracetui.analysis.jobs.stretches import stretches
from tracetui.analysis.study.findings import Findings
from tracetui.analysis.timeline.window import Window
from tracetui.report.drawing.bars import EIGHTHS, bar

CELLS_PER_TICK = 10

_FROM_THE_RIGHT = dict(zip(EIGHTHS[1:8], "██▐▐▐▐▕", strict=True))


def windows(findings: Findings) -> Mapping[int, Window]:
    """The axis of each root: that of all trees near it in time."""
    by_root: dict[int, Window] = {}
    for roots, window in stretches(findings.snapshot, findings.tree, findings.times):
        by_root.update(dict.fromkeys(roots.tolist(), window))
    return by_root


def ruler(window: Window, cells: int) -> str:
    """The labels of an axis, relative to its start; exactly `cells` wide."""
    most = max(1, cells // CELLS_PER_TICK)
    step = units.axis_step(window.length, most)
    labels = ""
    for tick_ns in units.ticks(0, window.length, most):
        label, place = units.tick(tick_ns, step), tick_ns * cells // window.length
        if len(labels) <= place and place + len(label) <= cells:
            labels = labels.ljust(place) + label
    return labels.ljust(cells)


def drawn(start_ns: int, end_ns: int, window: Window, cells: int, style: Style | None) -> list[Segment]:
    """A bar on its axis, blanks before it. Without a `style` shapes alone draw it."""
    left, pieces = bar(start_ns, end_ns, window, cells)
    if not pieces:
        return []
    segments = [Segment(" " * left)]
    for piece in pieces:
        if style is None:
            segments.append(Segment(_FROM_THE_RIGHT[piece.text] if piece.reverse else piece.text))
        else:
            segments.append(Segment(piece.text, style + Style(reverse=True) if piece.reverse else style))
    return segments

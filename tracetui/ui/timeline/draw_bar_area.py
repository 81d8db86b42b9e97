"""The bar area of a row: a span's bar with its events, what is folded below it, a group's sparkline."""

from collections.abc import Iterable

import numpy as np
from rich.segment import Segment
from rich.style import Style

from tracetui import units
from tracetui.analysis.lanes.density import Density, Work, density
from tracetui.analysis.time.extent import ROUNDED_NS
from tracetui.analysis.timeline.window import Window
from tracetui.analysis.waterfall.sibling_groups import Group
from tracetui.model.role import Outcome, Role
from tracetui.report.drawing.bars import Bar, bar_within
from tracetui.report.drawing.lane_cells import FAILED, SHAPES, shapes
from tracetui.report.drawing.style import clock_badge, skew_badge
from tracetui.text import Safe, fit
from tracetui.ui.lists.draw_cells import Cells
from tracetui.ui.theme.hung_marks import hung_mark
from tracetui.ui.waterfall.draw_columns import end_time
from tracetui.ui.waterfall.draw_frame import Frame

FEW = 16
"""Up to so many spans below a fold each is drawn by itself."""


def span_area(frame: Frame, row: int, *, selected: bool) -> list[Segment]:
    """The bar of a span; `frame.bar_width` cells and a blank."""
    findings = frame.findings
    if clock := clock_badge(findings, row):
        badge = fit(clock, frame.bar_width)
        style = frame.style("warning", selected=selected)
        return [Segment(badge, style), _blank(frame, 1, selected=selected)]
    role, outcome = Role(int(findings.snapshot.role[row])), Outcome(int(findings.snapshot.outcome[row]))
    start, end = int(findings.snapshot.start_ns[row]), end_time(findings, row, frame.now_ns)
    drawn = bar_within(start, end, _parent(frame, row), frame.window, frame.bar_width)
    colour = frame.bar_colour(row, role, outcome)
    if not drawn.width:
        return _outside(frame, Window(start, end), colour, selected=selected)
    folded = frame.outline.can_fold(row) and frame.outline.is_folded(row)
    events = frame.events(row)
    below = frame.arrangement.below(row) if folded else np.empty(0, np.int32)
    badge, alarm = skew_badge(findings, row) or _disorder(frame, row), frame.hung.get(row)
    if not len(below) and not events and not badge and not alarm:
        return _plain(frame, drawn, colour, selected=selected)
    cells = _as_cells(frame, drawn, colour, selected=selected)
    if len(below) > FEW:
        _dense(frame, cells, frame.work(row), drawn, colour, selected=selected)
    else:
        _each(frame, cells, below.tolist(), selected=selected)
    for moment, is_exception in events:
        cell = min(frame.window.cell(moment, frame.bar_width), drawn.left + drawn.width - 1)
        loud = "outcome-failed" if is_exception and not outcome.bad else "foreground"
        cells.put(cell, frame.glyphs.event, frame.style(loud, selected=selected, bold=True))
    if alarm:
        mark = hung_mark(alarm, drawn.width)
        swapped = _styles(frame, colour, selected=selected)[1]
        cells.write(drawn.left + drawn.width - len(mark), mark, swapped)
    _beside(cells, drawn, badge, frame.style("quiet", selected=selected))
    return [*cells.segments(), _blank(frame, 1, selected=selected)]


def group_area(frame: Frame, group: Group, role: Role, *, selected: bool) -> list[Segment]:
    """How long those took that started in each cell, with their percentiles."""
    edges = frame.window.edges(frame.bar_width)
    peaks = group.peaks(edges) if frame.bar_width else np.empty(0, np.int64)
    most = max(1, int(group.own.max()))
    cells = Cells(frame.bar_width, frame.style("background", selected=selected))
    colour = frame.group_colour(group, role)
    style = frame.style(colour, selected=selected)
    there = np.flatnonzero(peaks >= 0)
    if not len(there):
        return _outside(frame, Window(*group.span_ns), colour, selected=selected)
    for cell in there.tolist():
        cells.put(cell, frame.glyphs.heights[min(7, int(peaks[cell]) * 8 // most)], style)
    p50, p95 = group.percentiles
    last, first = int(there[-1]) + 2, int(there[0]) - 1
    short = f"p95 {units.duration(p95)}"
    for label in (f"p50 {units.duration(p50)} {short}", short):
        for at in (last, first - len(label)):
            if cells.is_all(at, len(label), " "):
                cells.write(at, label, frame.style("quiet", selected=selected))
                return [*cells.segments(), _blank(frame, 1, selected=selected)]
    return [*cells.segments(), _blank(frame, 1, selected=selected)]


def _outside(frame: Frame, times: Window, colour: str, *, selected: bool) -> list[Segment]:
    """No bar, but a mark at the edge on whose side it is."""
    cells, style = (
        Cells(frame.bar_width, frame.style("background", selected=selected)),
        frame.style(colour, selected=selected),
    )
    if times.end_ns < frame.window.start_ns:
        cells.put(0, frame.glyphs.before, style)
    elif times.start_ns > frame.window.end_ns:
        cells.put(frame.bar_width - 1, frame.glyphs.after, style)
    return [*cells.segments(), _blank(frame, 1, selected=selected)]


def _beside(cells: Cells, drawn: Bar, badge: str, style: Style) -> None:
    """A badge right of a bar, or left of it, if there is room."""
    for at in (drawn.left + drawn.width + 1, drawn.left - len(badge) - 1):
        if badge and cells.is_all(at, len(badge), " "):
            cells.write(at, badge, style)
            return


def _parent(frame: Frame, row: int) -> Window | None:
    """The time of the parent; including the span's own if it exceeds it by no more than clocks differ."""
    parent = int(frame.findings.tree.parent[row])
    if parent < 0:
        return None
    start, end = _time(frame, parent)
    return Window(start - ROUNDED_NS, end + ROUNDED_NS)


def _time(frame: Frame, row: int) -> Window:
    start = int(frame.findings.snapshot.start_ns[row])
    return Window(start, end_time(frame.findings, row, frame.now_ns))


def _disorder(frame: Frame, row: int) -> Safe:
    """A badge if a span slightly exceeds its parent's time."""
    parent = int(frame.findings.tree.parent[row])
    if parent < 0:
        return Safe("")
    (start, end), (begin, until) = _time(frame, row), _time(frame, parent)
    out_ns = max(begin - start, end - until)
    return Safe(f"~ {units.duration(out_ns)} outside" if 0 < out_ns <= ROUNDED_NS else "")


def _plain(frame: Frame, drawn: Bar, colour: str, *, selected: bool) -> list[Segment]:
    filled, swapped = _styles(frame, colour, selected=selected)
    rest = frame.bar_width + 1 - drawn.left - drawn.width
    pieces = [Segment(piece.text, swapped if piece.reverse else filled) for piece in drawn.pieces]
    return [_blank(frame, drawn.left, selected=selected), *pieces, _blank(frame, rest, selected=selected)]


def _styles(frame: Frame, colour: str, *, selected: bool) -> tuple[Style, Style]:
    background = "cursor-row" if selected else "background"
    return frame.style(colour, selected=selected), frame.paint.style(background, colour)


def _blank(frame: Frame, cells: int, *, selected: bool) -> Segment:
    return Segment(" " * cells, frame.style("background", selected=selected))


def _as_cells(frame: Frame, drawn: Bar, colour: str, *, selected: bool) -> Cells:
    filled, swapped = _styles(frame, colour, selected=selected)
    cells = Cells(frame.bar_width, frame.style("background", selected=selected))
    at = drawn.left
    for piece in drawn.pieces:
        cells.write(at, piece.text, swapped if piece.reverse else filled)
        at += len(piece.text)
    return cells


def _each(frame: Frame, cells: Cells, rows: Iterable[int], *, selected: bool) -> None:
    """Hooks and archivers inside a bar if they fill most of a cell, failed tests where they end."""
    findings = frame.findings
    for row in rows:
        role, outcome = Role(int(findings.snapshot.role[row])), Outcome(int(findings.snapshot.outcome[row]))
        start, end = int(findings.snapshot.start_ns[row]), end_time(findings, row, frame.now_ns)
        if role in SHAPES and not findings.snapshot.own[row]:
            style = frame.style(frame.paint.bar_name(role, outcome), selected=selected)
            half = frame.window.length // max(1, 2 * cells.count)
            first = max(0, frame.window.cell(start + half, cells.count))
            last = min(cells.count, frame.window.cell(end + half, cells.count))
            cells.write(first, SHAPES[role] * (last - first), style)
        elif outcome.bad:
            style = frame.style("outcome-failed", selected=selected, bold=True)
            cells.put(frame.window.cell(end, cells.count), FAILED, style)


def _dense(frame: Frame, cells: Cells, work: Work | None, drawn: Bar, colour: str, *, selected: bool) -> None:
    """Within a bar, how full each cell is, and of what."""
    if work is None:
        return
    densities: Density = density(work, frame.window, cells.count)
    idle = frame.style(colour, selected=selected)
    failed = frame.style("outcome-failed", selected=selected, bold=True)
    roles = {role: frame.style(f"role-{role.label}", selected=selected) for role in Role}
    look = list(
        zip(
            shapes(densities),
            densities.busy.tolist(),
            densities.role.tolist(),
            densities.failed.tolist(),
            strict=True,
        )
    )
    for cell in range(drawn.left, min(cells.count, drawn.left + drawn.width)):
        shape, busy, role, bad = look[cell]
        cells.put(cell, shape, (failed if bad else roles[Role(role)]) if busy else idle)

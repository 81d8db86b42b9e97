"""The content of lane rows: bars for the longest blocks, areas for the many short ones."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tracetui import units
from tracetui.analysis.hooks.derived import derived_hooks
from tracetui.analysis.lanes.density import density
from tracetui.analysis.lanes.lanes import Lane, Lanes
from tracetui.analysis.study.findings import Findings
from tracetui.analysis.tree.tree import Rows, nearest
from tracetui.model.numbers.distinct import among
from tracetui.model.role import BAD, WORK, Outcome, Role
from tracetui.report.drawing.palettes import bar_name
from tracetui.report.html.markup import Markup, text
from tracetui.report.html.timeline.axis import Axis, ended_words, hint
from tracetui.report.still import still_words, subject

MOST_BARS, BAR_BYTES = 3000, 300
ROOM, INNER_ROOM = 1_000_000, 300_000
"""So many bytes for all blocks, and for what is inside them."""
ROW_PX, TOP_PX, BAR_PX = 30, 8, 18
_FULL = f'y="{TOP_PX}" height="{BAR_PX}"'
CELLS = 300
"""The cells of the areas of a lane."""


class Drawn(NamedTuple):
    """By row, whether it is a bar; of `blocks`, and of spans `inside` them, how many of how many."""

    marked: NDArray[np.bool_]
    blocks: tuple[int, int]
    inside: tuple[int, int]


def longest(findings: Findings, lanes: Lanes) -> Drawn:
    """The failures, then the longest, as many as there is room for; only inside blocks that are bars."""
    marked = np.zeros(len(findings.snapshot), np.bool_)
    blocks = _mark(findings, marked, [lane.rows for lane in lanes.lanes], ROOM)
    inner = [lane.inner[nearest(marked, findings.tree.parent, lane.inner) >= 0] for lane in lanes.lanes]
    inside = _mark(findings, marked, inner, INNER_ROOM)
    return Drawn(marked, blocks, inside)


def _mark(findings: Findings, marked: NDArray[np.bool_], parts: Sequence[Rows], room: int) -> tuple[int, int]:
    rows = np.concatenate([np.empty(0, np.int32), *parts])
    bad = among(findings.snapshot.outcome[rows], (*BAD, Outcome.CUT_OFF))
    order = np.lexsort((-findings.times.total[rows], ~bad))[:MOST_BARS]
    sizes = np.cumsum([BAR_BYTES + len(text(findings.title(row)).encode()) for row in rows[order].tolist()])
    few = rows[order[: np.searchsorted(sizes, room, "right")]]
    marked[few] = True
    return len(few), len(rows)


def lane_bars(
    findings: Findings, lane: Lane, axis: Axis, drawn: Drawn, derived: Sequence[Markup]
) -> Iterator[Markup]:
    """From the bottom layer up: the worker's lifetime, stalls, areas if not all blocks are bars, blocks, what
    is inside them (`derived` hooks too), marks.
    """
    exists = lane.exists.later(-lane.shift_ns)
    yield Markup(f'<rect class="idle inert" {axis.bar(*exists)} {_FULL} rx="2"/>')
    stalls = [stall for stall in findings.overview.still if stall.stalled(lane)]
    for stall in stalls:
        title = hint(*still_words(findings, stall))
        yield Markup(f'<rect class="clear" {axis.bar(stall.start_ns, stall.end_ns)} {_FULL}>{title}</rect>')
    rows = lane.rows[drawn.marked[lane.rows]]
    if len(rows) < len(lane.rows):
        yield _areas(lane, axis)
    for number, row in enumerate(rows.tolist()):
        yield _block(findings, lane, axis, row, number)
    for row in lane.inner[drawn.marked[lane.inner]].tolist():
        yield _block(findings, lane, axis, row, 0)
    yield from derived
    for stall in stalls:
        where = axis.bar(stall.start_ns, stall.end_ns)
        yield Markup(f'<rect class="stalled inert" fill="url(#hatch)" {where} {_FULL}/>')
    yield from _marks(findings, lane, axis, rows)


def _block(findings: Findings, lane: Lane, axis: Axis, row: int, number: int) -> Markup:
    snapshot, times = findings.snapshot, findings.times
    role, outcome = Role(int(snapshot.role[row])), Outcome(int(snapshot.outcome[row]))
    start, end = int(snapshot.start_ns[row]) - lane.shift_ns, int(times.end[row]) - lane.shift_ns
    shade = " odd" if number % 2 else ""
    title = hint(*bar_words(findings, row), f"lane {lane.name}")
    return Markup(
        f'<rect class="{bar_name(role, outcome)}{shade}" {axis.bar(start, end)} {_FULL}>{title}</rect>'
    )


def bar_words(findings: Findings, row: int) -> Iterator[str]:
    """The description of a span: its title, role, outcome, duration, start and end."""
    snapshot, times = findings.snapshot, findings.times
    role, outcome = Role(int(snapshot.role[row])), Outcome(int(snapshot.outcome[row]))
    own, total = int(times.own[row]), int(times.total[row])
    start, end = int(snapshot.start_ns[row]), int(times.end[row])
    origin = findings.summary.start_ns
    yield findings.title(row)
    yield ended_words(role, outcome)
    if subject(findings, row) != row:
        yield f"of {findings.title(subject(findings, row))}"
    yield units.duration(total) + (f", own {units.duration(own)}" if own != total else "")
    yield f"from {units.duration(start - origin)} to {units.duration(end - origin)}"


def derived_bars(findings: Findings, lanes: Lanes, axis: Axis, drawn: Drawn) -> dict[int, list[Markup]]:
    """By lane index, hooks that wrote no spans, inside the blocks that are bars."""
    snapshot = findings.snapshot
    place = np.full(len(snapshot), -1, np.int32)
    for number, lane in enumerate(lanes.lanes):
        place[lane.rows] = number
    hooks = derived_hooks(snapshot, findings.tree, findings.times)
    hooks = hooks.only(np.flatnonzero(drawn.marked[hooks.host] & (place[hooks.host] >= 0)))
    bars: dict[int, list[Markup]] = {}
    for host, start, end in zip(hooks.host.tolist(), hooks.start.tolist(), hooks.end.tolist(), strict=True):
        number = int(place[host])
        shift = lanes.lanes[number].shift_ns
        where = axis.bar(start - shift, end - shift)
        bars.setdefault(number, []).append(Markup(f'<rect class="role-hook inert" {where} {_FULL}/>'))
    return bars


def _marks(findings: Findings, lane: Lane, axis: Axis, rows: NDArray[np.int32]) -> Iterator[Markup]:
    """A mark above failures, a cross where the worker died: colour alone says nothing."""
    snapshot = findings.snapshot
    for row in rows[among(snapshot.outcome[rows], BAD)].tolist():
        at = axis.place(int(snapshot.start_ns[row]) - lane.shift_ns)
        yield Markup(f'<use href="#mark-failed" class="outcome-failed inert" x="{at}%" y="0"/>')
    if lane.crashed:
        at = axis.place(lane.exists.end_ns - lane.shift_ns)
        yield Markup(f'<use href="#mark-crashed" class="outcome-cut_off inert" x="{at}%" y="{TOP_PX}"/>')


def _areas(lane: Lane, axis: Axis) -> Markup:
    """The density of each part of the lane, a path for each role."""
    cover = density(lane.work, axis.window.later(lane.shift_ns), CELLS)
    heights = np.where(cover.busy > 0, np.clip(np.round(cover.busy * BAR_PX), 1, BAR_PX), 0).astype(int)
    paths = []
    for role in WORK:
        cells = np.flatnonzero((cover.role == role) & (heights > 0)).tolist()
        steps = "".join(f"M{cell} {BAR_PX}v-{heights[cell]}h1v{heights[cell]}z" for cell in cells)
        if steps:
            paths.append(f'<path class="role-{role.label} area" d="{steps}"/>')
    box = f'viewBox="0 0 {CELLS} {BAR_PX}" preserveAspectRatio="none"'
    place = f'y="{TOP_PX}" width="100%" height="{BAR_PX}"'
    return Markup(f'<svg {box} {place} shape-rendering="crispEdges">{"".join(paths)}</svg>')

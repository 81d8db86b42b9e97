"""What took longest on a lane, blocks and idle gaps alike: as many lines as there is room for."""

from collections.abc import Sequence

import numpy as np
from textual.content import Content

from tracetui import units
from tracetui.analysis.lanes.blocks import Blocks, Stop
from tracetui.analysis.lanes.lanes import Lane
from tracetui.analysis.study.findings import Findings
from tracetui.model.role import Outcome, Role
from tracetui.report.drawing.bars import share_bar
from tracetui.report.drawing.lane_cells import SHAPES
from tracetui.report.drawing.style import MARKS
from tracetui.text import Safe, fit_middle, sanitize

TIME, SHARE, MARKED, ROLE = 9, 8, 4, 9
"""Cells of the numbers, of the mark with what is around it, and of a role."""
LEAST_GAP = 1000
"""A gap that is a smaller part of the run is none to be told of."""
MOST_NAME, LEAST_NAME, MOST_BAR, LEAST_BAR = 64, 20, 60, 10


def longest(blocks: Blocks, most: int) -> list[Stop]:
    """The longest blocks and notable gaps, the longest first."""
    least = blocks.wall.length // LEAST_GAP
    inner = blocks.widest[blocks.widest < len(blocks) - 1]
    took = blocks.end[blocks.longest] - blocks.start[blocks.longest]
    wide = blocks.start[inner + 1] - blocks.reached[inner]
    stops = [Stop(place) for place in blocks.longest[np.argsort(-took)[:most]].tolist()]
    gaps = {-1, len(blocks) - 1, *inner[np.argsort(-wide)[:most]].tolist()}
    idle = (Stop(gap, is_gap=True) for gap in gaps)
    stops += [gap for gap in idle if blocks.interval(gap).length > least]
    return sorted(stops, key=lambda stop: -blocks.interval(stop).length)[:most]


def longest_content(findings: Findings, lane: Lane, stops: Sequence[Stop], cells: int) -> Content:
    """A title, and a line for each of `stops`, in at most `cells` cells."""
    if not stops:
        return Content("")
    most = lane.blocks.interval(stops[0]).length
    title = Content.assemble(("LONGEST ON ", "bold $quiet"), (sanitize(lane.name), "bold $quiet"))
    return Content("\n").join([title, *(_line(findings, lane, stop, most, cells) for stop in stops)])


def _line(findings: Findings, lane: Lane, stop: Stop, most: int, cells: int) -> Content:
    window, wall = lane.blocks.interval(stop), lane.blocks.wall
    rest = cells - MARKED - ROLE - TIME - SHARE
    name = max(LEAST_NAME, min(MOST_NAME, rest - LEAST_BAR))
    bar = min(MOST_BAR, rest - name - 2)
    mark, role, colour, name_text = _said(findings, lane, stop)
    return Content.assemble(
        (f" {mark} ", f"bold {colour}"),
        (role.ljust(ROLE), colour),
        fit_middle(name_text, name),
        (units.duration(window.length).rjust(TIME), "bold"),
        (units.share(window.length / max(1, wall.length)).rjust(SHARE), "$quiet"),
        ("  " + share_bar(window.length, most, bar) if bar >= LEAST_BAR else "", colour),
    )


def _said(findings: Findings, lane: Lane, stop: Stop) -> tuple[str, str, str, Safe]:
    if stop.is_gap:
        return "░", "idle", "$quiet", Safe("before the first" if stop.place < 0 else "")
    snapshot, row = findings.snapshot, int(lane.rows[stop.place])
    role, outcome = Role(int(snapshot.role[row])), Outcome(int(snapshot.outcome[row]))
    mark = MARKS[outcome] if role is Role.TEST else SHAPES.get(role, "█")
    colour = f"$outcome-{outcome.label}" if outcome.bad else f"$role-{role.label}"
    return mark, role.label, colour, sanitize(snapshot.title(row))

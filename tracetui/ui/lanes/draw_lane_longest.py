"""What took longest on a lane, blocks and idle gaps alike: as many lines as there is room for."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

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


def longest_lines(findings: Findings, lane: Lane, stops: Sequence[Stop], cells: int) -> list[Content]:
    """A title, and a line for each of `stops`, in at most `cells` cells; none without stops."""
    if not stops:
        return []
    most = lane.blocks.interval(stops[0]).length
    title = Content.assemble(("LONGEST ON ", "bold $quiet"), (sanitize(lane.name), "bold $quiet"))
    wall_ns = max(1, lane.blocks.wall.length)
    return [title, *(_line(findings, lane, stop, most, wall_ns, cells) for stop in stops)]


def _line(findings: Findings, lane: Lane, stop: Stop, most: int, wall_ns: int, cells: int) -> Content:
    took_ns = lane.blocks.interval(stop).length
    share = units.share(took_ns / wall_ns)
    return _drawn(_said(findings, lane, stop), took_ns, share, most, cells)


class _Said(NamedTuple):
    """The mark, the role, their colour, and a name."""

    mark: str
    role: str
    colour: str
    name: Safe


@lru_cache(maxsize=256)
def _drawn(said: _Said, took_ns: int, share: str, most: int, cells: int) -> Content:
    """A line, which for most stops is the same at each reading."""
    rest = cells - MARKED - ROLE - TIME - SHARE
    name = max(LEAST_NAME, min(MOST_NAME, rest - LEAST_BAR))
    bar = min(MOST_BAR, rest - name - 2)
    return Content.assemble(
        (f" {said.mark} ", f"bold {said.colour}"),
        (said.role.ljust(ROLE), said.colour),
        fit_middle(said.name, name),
        (units.duration(took_ns).rjust(TIME), "bold"),
        (share.rjust(SHARE), "$quiet"),
        ("  " + share_bar(took_ns, most, bar) if bar >= LEAST_BAR else "", said.colour),
    )


def _said(findings: Findings, lane: Lane, stop: Stop) -> _Said:
    if stop.is_gap:
        return _Said("░", "idle", "$quiet", Safe("before the first" if stop.place < 0 else ""))
    snapshot, row = findings.snapshot, int(lane.rows[stop.place])
    role, outcome = Role(int(snapshot.role[row])), Outcome(int(snapshot.outcome[row]))
    mark = MARKS[outcome] if role is Role.TEST else SHAPES.get(role, "█")
    colour = f"$outcome-{outcome.label}" if outcome.bad else f"$role-{role.label}"
    return _Said(mark, role.label, colour, sanitize(snapshot.title(row)))

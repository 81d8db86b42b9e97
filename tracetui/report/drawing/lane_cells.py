"""A lane as cells: the character of each and its kind. Pages and screens colour the kinds."""

from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from tracetui.analysis.lanes.density import Density, density
from tracetui.analysis.lanes.lanes import Lane
from tracetui.analysis.stalls.stall import Stall
from tracetui.analysis.timeline.window import Window
from tracetui.model.role import Role

HEIGHTS = "░▁▂▃▄▅▆▇█"
"""From idle to full: what share of a cell's time tests cover."""

SHAPES = {Role.HOOK: "▒", Role.ARCHIVER: "▓"}
FAILED, STALLED, CRASHED, BLANK = "✗", "┄", "╳", " "
_HEIGHTS = np.array(list(HEIGHTS))


class Cell(NamedTuple):
    """A character, and its kind: `idle`, `stalled`, `crashed`, `blank`, `failed`, else a role."""

    shape: str
    kind: str


def shapes(cells: Density) -> str:
    """A character per cell: colour alone says nothing, and failures are visible where they begin."""
    heights = np.where(cells.busy > 0, np.clip(np.round(cells.busy * 8), 1, 8), 0).astype(np.int64)
    drawn = _HEIGHTS[heights]
    for role, shape in SHAPES.items():
        drawn[(cells.role == role) & (heights > 0)] = shape
    drawn[cells.failed & ~np.concatenate([[False], cells.failed[:-1]])] = FAILED
    return "".join(drawn.tolist())


@lru_cache(maxsize=256)
def _cell(shape: str, role: int, failed: bool, is_busy: bool) -> Cell:
    """A cell of its kind; hooks and archivers keep their colour in a failed test too."""
    if failed and (role == Role.TEST or shape == FAILED):
        return Cell(shape, "failed")
    return Cell(shape, Role(role).label if is_busy else "idle")


_BLANK, _STALLED, _CRASHED = Cell(BLANK, "blank"), Cell(STALLED, "stalled"), Cell(CRASHED, "crashed")


def lane_cells(lane: Lane, stalls: Iterable[Stall], window: Window, cells: int) -> list[Cell]:
    """The cells of a window: O(cells log n). They are blank before the worker existed and after."""
    edges = window.edges(cells).tolist()
    others = [stall for stall in stalls if stall.stalled(lane)]
    densities = density(lane.work, window, cells)
    look = zip(
        shapes(densities),
        densities.role.tolist(),
        densities.failed.tolist(),
        (densities.busy > 0).tolist(),
        strict=True,
    )
    drawn = [_cell(*about) for about in look]
    begin, over = lane.exists.start_ns, lane.exists.end_ns
    for place, (start, end) in enumerate(pairwise(edges)):
        if end <= begin or start >= over:
            drawn[place] = _BLANK
        elif others and any(stall.start_ns <= start and end <= stall.end_ns for stall in others):
            drawn[place] = _STALLED
    if lane.crashed and 0 <= (place := window.cell(lane.exists.end_ns - 1, cells)) < cells:
        drawn[place] = _CRASHED
    return drawn
